. /.smoke/functions
up 8090 "$@"
said=$(get 8090 /)
echo "$said"
test "$said" = "static"
