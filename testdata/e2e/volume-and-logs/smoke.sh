"$@"
readlink /var/log/app/access
cat /etc/logrotate.d/app
test -e /var/cache/app/check
