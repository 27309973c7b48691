said=$("$@")
echo "$said"
test "$said" = "6 True"
