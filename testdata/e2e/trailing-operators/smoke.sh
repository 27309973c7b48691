"$@"
cat /opt/two/file
test ! -e /opt/one/file
