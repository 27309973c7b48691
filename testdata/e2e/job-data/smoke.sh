said=$("$@")
echo "$said"
test "$said" = "6"
