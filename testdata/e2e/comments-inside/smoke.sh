"$@"
jq -n 1
tree --version | sed 's/ .*//'
