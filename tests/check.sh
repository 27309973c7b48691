#!/bin/sh
# Runs parts of the test suite and adds up what they report: each part ends with a line
# "PART: N passed, N failed". A part that says nothing, or that passed nothing, has failed.
# usage: check.sh PART..      BUILD names the build folder; its san/ holds the sanitized programs
set -u
cd "$(dirname "$0")/.." || exit 1
build=${BUILD:-build}
export DFOPT="$PWD/$build/san/dfopt"
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export LC_ALL=C.UTF-8

# clang with the fuzzer's runtime, which not every machine has.
has_fuzzer()
{
    echo 'int LLVMFuzzerTestOneInput(const char *p, unsigned long n) { return p && n ? 0 : 0; }' |
        clang -fsanitize=fuzzer -x c -o /dev/null - 2>/dev/null
}

# Every fuzz target for a few seconds.
fuzz_all()
{
    passed=0
    failed=0
    make -s BUILD="$build" CC=clang FUZZ=1 fuzzers || { echo "FAIL fuzz: does not build"; failed=1; }
    for program in "$build"/fuzz/fuzz_*; do
        [ -x "$program" ] || continue
        if tests/fuzz.sh search "$program" "${TIME:-5}"; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
        fi
    done
    echo "fuzz: $passed passed, $failed failed"
}

run_part()
{
    case $1 in
    layers) tests/layers.sh ;;
    globals) tests/globals.sh "$build" ;;
    unit) tests/unit.sh "$build/san" ;;
    cli) tests/cli.py ;;
    goldens) tests/golden.py ${CASE:+"$CASE"} ;;
    effects) tests/prop_effects.py ;;
    tags) tests/prop_tags.py testdata/passes/*-base testdata/passes/split-stage testdata/e2e ${CORPUS:+"$CORPUS"} ;;
    properties) tests/prop_corpus.py ${CORPUS:+"$CORPUS"} ;;
    scripts) tests/scripts_merge.py "${N:-300}" "${SEED:-1}" ;;
    replay|truncate) tests/fuzz.sh "$1" "$build/san" ;;
    hostile) tests/hostile.py ;;
    fuzz) fuzz_all ;;
    *) echo "FAIL $1: no such part" ;;
    esac
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
total_passed=0
total_failed=0
for part; do
    if [ "$part" = fuzz ] && ! has_fuzzer; then
        echo "fuzz: not run and not counted: it needs clang and libclang-rt"
        continue
    fi
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
    total_passed=$((total_passed + good))
    total_failed=$((total_failed + bad))
done
echo "$total_passed passed, $total_failed failed"
[ "$total_failed" -eq 0 ] && [ "$total_passed" -gt 0 ]
