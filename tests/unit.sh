#!/bin/sh
# Runs every unit test program and counts its test functions (cmocka speaks TAP). A program that
# crashes, or that runs no test, is a failure of its own.
# usage: unit.sh BUILD
set -u
build=$1
passed=0
failed=0
for program in "$build"/test_*; do
    case $program in *.d|*.o) continue ;; esac
    [ -x "$program" ] || continue
    output=$(CMOCKA_MESSAGE_OUTPUT=TAP timeout 300 "$program" 2>&1 </dev/null)
    status=$?
    good=$(printf '%s\n' "$output" | grep -c '^ok ')
    bad=$(printf '%s\n' "$output" | grep -c '^not ok ')
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ] || [ "$((good + bad))" -eq 0 ]; then
        bad=$((bad + 1))
    fi
    if [ "$bad" -gt 0 ]; then
        echo "FAIL unit: $program (exit status $status)"
        printf '%s\n' "$output" | grep -v '^ok '
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
done
[ "$((passed + failed))" -gt 0 ] || { echo "FAIL unit: no test ran"; failed=1; }
echo "unit: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
