said=$("$@")
echo "$said"
test "$said" = "kv in /data"
