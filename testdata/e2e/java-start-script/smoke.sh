said=$("$@")
echo "$said"
test "$said" = "heap ok 17"
