"$@"
tree --version | sed 's/ .*//'
