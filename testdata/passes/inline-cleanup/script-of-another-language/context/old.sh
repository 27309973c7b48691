apt-get install -y less
