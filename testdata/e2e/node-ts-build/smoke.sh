. /.smoke/functions
up 4000 "$@"
said=$(get 4000 /)
echo "$said"
test "$said" = "view 2s production"
