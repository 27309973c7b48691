"$@"
cat /policy
