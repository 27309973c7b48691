. /.smoke/functions
up 3000 "$@"
for path in worker fork zip ps mime; do
    said=$(get 3000 /$path)
    echo "$path: $said"
    case $path in
    worker) wanted=9dd4e461268c8034f5c8564e155c67a6 ;;
    fork) wanted=6 ;;
    zip) wanted=unzipped ;;
    ps) wanted=node ;;
    mime) wanted=image/svg+xml ;;
    esac
    test "$said" = "$wanted" || exit 1
done
