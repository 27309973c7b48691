said=$("$@")
echo "$said"
test "$said" = "5"
