said=$("$@")
echo "$said"
test "$said" = "42"
