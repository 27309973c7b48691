said=$("$@")
echo "$said"
test "$said" = "curl"
