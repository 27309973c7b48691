install_all() { apt-get install -y git; }
apt-get install -y make
