said=$("$@" Europe/Berlin)
echo "$said"
test "$said" = "CET roots"
