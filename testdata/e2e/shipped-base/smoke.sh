"$@"
cat /etc/shared
stat -c %a /etc/shared
test ! -e /out
