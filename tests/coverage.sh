#!/bin/sh
# What the tests reach: runs unit tests, goldens and replays in a build with --coverage, then prints
# lines and branches a file; the .gcov texts beside the objects show them line by line.
# usage: coverage.sh BUILD
set -u
cd "$(dirname "$0")/.." || exit 1
build=$PWD/$1
find "$build" -name '*.gcda' -delete
tests/unit.sh "$1" | tail -n 1
DFOPT="$build/dfopt" tests/golden.py | tail -n 1
DFOPT="$build/dfopt" tests/cli.py | tail -n 1
tests/fuzz.sh replay "$1" | tail -n 1
mkdir -p "$build/report"
cd "$build/report" || exit 1
find "$build/obj" -name '*.gcda' ! -path '*/tests/*' ! -path '*/gen/*' |
    xargs gcov -b -p -s "$OLDPWD" -r 2>/dev/null |
    awk '/^File / { file = $2; gsub(/\047/, "", file) }
         /^Lines executed:/ { split($0, part, /[:% ]/); lines = $2; lines = part[3]; n = $NF }
         /^Branches executed:/ { branches = "" }
         /^Taken at least once:/ { split($0, part, /[:%]/); taken = part[2]; total = $NF }
         /^Calls executed|^No calls/ {
             if (file ~ /\.c$/) printf "%6.1f %% of %5d lines  %6.1f %% of %5d branches  %s\n", lines, n, taken, total, file }' |
    sort -k 10 | uniq
