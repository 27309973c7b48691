if ! command -v less; then
    apt-get install -y less
fi
