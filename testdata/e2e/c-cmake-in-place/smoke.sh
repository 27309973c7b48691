said=$("$@")
echo "$said"
test "$said" = "sqlite 1 curl 1 tea 3"
