said=$("$@")
echo "$said"
test "$said" = "libcurl"
