printf 'a\n' | "$@"
! command -v gcc
id -un
