said=$("$@")
echo "$said"
test "$said" = "ts 3"
