. /.smoke/functions
up 80 "$@"
said=$(get 80 /)
echo "$said"
test "$said" = "php 8 www-data"
