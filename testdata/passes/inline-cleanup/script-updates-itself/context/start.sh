apt-get update && apt-get install -y less
exec app
