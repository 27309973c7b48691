. /.smoke/functions
up 9000 "$@"
said=$(get 9000 /)
curl -fs http://localhost:9000/ >/dev/null
echo "$said"
test "$said" = "app 17 /srv/app"
