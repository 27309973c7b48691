. /.smoke/functions
up 8080 "$@"
said=$(get 8080 /)
echo "$said"
test "$said" = "<h1>shop (production)</h1>"
said=$(get 8080 /static/a.css)
echo "$said"
test "$said" = "p{}"
