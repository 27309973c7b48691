said=$("$@")
echo "$said"
test "$said" = "app-1"
