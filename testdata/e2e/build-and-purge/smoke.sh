"$@"
! command -v gcc
test ! -e /build
