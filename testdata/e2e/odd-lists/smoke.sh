"$@"
test "$(wc -l < /work/list)" -eq 13
