"$@"
cat /fresh
