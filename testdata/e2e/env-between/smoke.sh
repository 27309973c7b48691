"$@"
mine
test "$(wc -l < /seen)" -eq 10
