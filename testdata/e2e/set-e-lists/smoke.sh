"$@"
test "$(wc -l < /work/list)" -eq 9
