said=$("$@")
echo "$said"
case $said in "1 shout "*) ;; *) exit 1 ;; esac
n add more > /dev/null && test -e /opt/notes/lib/notes/calm.so
