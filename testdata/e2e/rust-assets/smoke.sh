said=$("$@")
echo "$said"
test "$said" = "to be"
