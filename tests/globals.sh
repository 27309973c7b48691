#!/bin/sh
# No writable globals: lists what our objects keep in .data, .bss and their thread-local twins, the
# generated scanners and parsers included. Constant tables are in .rodata or .data.rel.ro.
# Looks at a build without sanitizers, which add writable data of their own.
# usage: globals.sh BUILD
set -u
objects=$(find "$1/obj" -name '*.o' ! -path '*/obj/tests/*' | sort)
passed=0
failed=0
for object in $objects; do
    found=$(objdump -t "$object" |
        awk '$0 ~ /[ \t]\.(data|bss|tdata|tbss|data\.rel|data\.rel\.local)[ \t]/ && $NF !~ /^\./ ||
             $0 ~ /\*COM\*/ { print "    " $NF }')
    if [ -z "$found" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL globals: $object keeps writable data"
        echo "$found"
    fi
done
[ -n "$objects" ] || { echo "FAIL globals: no objects in $1/obj"; failed=1; }
echo "globals: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
