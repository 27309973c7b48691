printf '1\n2\n' | "$@"
test ! -e /usr/src/count
stat -c '%a %n' /usr/local/bin/count /usr/local/share/man/man1/count.1
