said=$("$@")
echo "$said"
test "$said" = "3"
