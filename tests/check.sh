#!/bin/sh
# Runs parts of the test suite and adds up what they report: each part ends with a line
# "PART: N passed, N failed". A part that says nothing, or that passed nothing, has failed.
# usage: check.sh PART..      BUILD names the build folder; its san/ holds the sanitized programs
set -u
cd "$(dirname "$0")/.." || exit 1
build=${BUILD:-build}
export DFOPT="$PWD/$build/san/dfopt"
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:allocator_may_return_null=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export LC_ALL=C.UTF-8

run_part()
{
    case $1 in
    layers) tests/layers.sh ;;
    globals) tests/globals.sh "$build" ;;
    unit) tests/unit.sh "$build/san" ;;
    cli) tests/cli.py ;;
    *) echo "FAIL $1: no such part" ;;
    esac
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0
failed=0
for part; do
    start=$(date +%s)
    run_part "$part" </dev/null 2>&1 | tee "$log"
    counts=$(tail -n 1 "$log" | sed -n "s/^$part: \([0-9]*\) passed, \([0-9]*\) failed\$/\1 \2/p")
    good=${counts% *}
    bad=${counts#* }
    if [ -z "$counts" ] || [ "$((good + bad))" -eq 0 ]; then
        echo "FAIL $part: ended without a count"
        good=0
        bad=1
    fi
    echo "  ($part took $(($(date +%s) - start)) s)"
    passed=$((passed + good))
    failed=$((failed + bad))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
