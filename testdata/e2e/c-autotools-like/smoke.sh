said=$("$@")
echo "$said"
test "$said" = "23 -> 16"
