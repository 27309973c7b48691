"$@"
stat -c '%n %U:%G %a' /shop /shop/* /shop/lib/* /usr/local/bin/start.sh /parts /srv/data/* /tmp
test ! -s /tmp/data.tar.gz   # the place of a mount may be left, by builders that do not tidy up
