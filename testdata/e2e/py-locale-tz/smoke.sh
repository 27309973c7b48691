said=$("$@")
echo "$said"
test "$said" = "Montag CET"
