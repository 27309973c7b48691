said=$("$@")
echo "$said"
test "$said" = "<hello ada>
<hello grace>"
