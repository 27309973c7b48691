said=$("$@")
echo "$said"
test "$said" = "1.41 root"
