said=$("$@")
echo "$said"
test "$said" = "t"
