"$@"
echo '{"a":[1,2]}' | jq -c .a
mkdir -p /tmp/t/b
tree -i --noreport /tmp/t
pwd
