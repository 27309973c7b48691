. /.smoke/functions
up 3000 "$@"
said=$(get 3000 /)
echo "$said"
test "$said" = "node 4.17.21"
