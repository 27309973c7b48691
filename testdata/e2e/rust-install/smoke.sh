said=$("$@")
echo "$said"
test "$said" = "tool x"
