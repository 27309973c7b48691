. /.smoke/functions
up 3000 "$@"
said=$(get 3000 /)
echo "$said"
test "$said" = image/svg+xml
