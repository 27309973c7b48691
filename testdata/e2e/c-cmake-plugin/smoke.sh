said=$("$@")
echo "$said"
test "$said" = "plugin says moin"
