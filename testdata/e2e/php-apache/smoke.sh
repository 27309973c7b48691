. /.smoke/functions
up 80 "$@"
