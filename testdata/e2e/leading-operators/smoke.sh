"$@"
! command -v bc
