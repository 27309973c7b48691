said=$("$@")
echo "$said"
test "$said" = "git version"
