"$@"
stat -c '%n %U:%G %a' /shop /shop/* /shop/lib/* /usr/local/bin/start.sh /parts /srv/data/* /tmp
ls /tmp
