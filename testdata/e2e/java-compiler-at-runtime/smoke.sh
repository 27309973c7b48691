said=$("$@")
echo "$said"
test "$said" = "compiler"
