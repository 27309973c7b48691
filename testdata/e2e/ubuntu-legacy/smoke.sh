"$@"
cat /etc/timezone
readlink -f /usr/bin/reader
