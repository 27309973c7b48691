#!/bin/sh
# Fuzz targets: replays what is known, cuts inputs off at every byte, fuzzes for a while.
# usage: fuzz.sh replay BUILD             every target over testdata/fuzz/NAME and its seeds
#        fuzz.sh truncate BUILD           every target over its seeds, at every byte
#        fuzz.sh search PROGRAM SECONDS   clang's fuzzer from the seeds; what it finds stays in the
#                                         program's folder
set -u
cd "$(dirname "$0")/.." || exit 1
export ASAN_OPTIONS="${ASAN_OPTIONS-}:abort_on_error=1" UBSAN_OPTIONS="${UBSAN_OPTIONS-}:abort_on_error=1"
passed=0
failed=0

# seeds NAME: files to start from.
seeds()
{
    find "testdata/fuzz/$1" -type f 2>/dev/null
    case $1 in
    shell) find testdata/shell -name script ;;
    yaml) find ir/catalog -name '*.yaml' -size -5k ;;
    *) find testdata -name Dockerfile -size -8k ;;
    esac
}

# counted OUTPUT STATUS ABOUT: adds the "N inputs" lines, or one failure.
counted()
{
    inputs=$(echo "$1" | awk '/^[0-9]+ inputs$/ { n += $1 } END { print n + 0 }')
    passed=$((passed + inputs))
    if [ "$2" -ne 0 ] || [ "$inputs" -eq 0 ]; then
        failed=$((failed + 1))
        echo "FAIL $3 (status $2)"
        echo "$1" | grep -v ' inputs$' | head -60
    fi
}

over_seeds()
{
    program=$1
    shift
    name=${program##*/replay_}
    seeds "$name" | sort | xargs -P "$(nproc)" -n 20 timeout 600 "$program" "$@" 2>&1
}

search()
{
    name=${1##*/fuzz_}
    found=${1%/*}/corpus_$name
    mkdir -p "$found/seeds" "$found/new"
    n=0
    for seed in $(seeds "$name"); do
        n=$((n + 1))
        cp "$seed" "$found/seeds/$n"
    done
    "$1" -max_total_time="$2" -max_len=4096 -timeout=10 -rss_limit_mb=2048 -detect_leaks=1 \
        -artifact_prefix="$found/" "$found/new" "$found/seeds"
}

case $1 in
replay|truncate)
    part=$1
    options=$([ "$part" = truncate ] && echo --truncate)
    for program in "$2"/replay_*; do
        [ -x "$program" ] || continue
        output=$(over_seeds "$program" $options)
        counted "$output" $? "$part: $program"
    done
    echo "$part: $passed passed, $failed failed"
    ;;
search)
    part=${2##*/}
    output=$(search "$2" "$3" 2>&1)
    status=$?
    runs=$(echo "$output" | sed -n 's/^Done \([0-9]*\) runs.*/\1/p')
    [ "$status" -eq 0 ] && [ -n "$runs" ] && passed=1 || { failed=1; echo "$output" | tail -40; }
    echo "$part: ${runs:-0} inputs in $3 s, $(echo "$output" | sed -n 's/.* cov: \([0-9]*\) .*/\1/p' | tail -n 1) edges"
    echo "$part: $passed passed, $failed failed"
    ;;
esac
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
