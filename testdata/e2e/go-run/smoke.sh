said=$("$@")
echo "$said"
test "$said" = "ran"
