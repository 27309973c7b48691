#!/bin/sh
# Who may include whom, and who may call what: the folders' order is grammar, ir, passes,
# emit, driver, and what each may use is checked here.
# Each rule is one check: a list of files, and a pattern that none of their lines may match.
# The C preprocessor is not asked: a forbidden include under #if is forbidden as well.
set -u
cd "$(dirname "$0")/.." || exit 1
CC=${CC:-cc}
passed=0
failed=0

ok()
{
    passed=$((passed + 1))
}

fail()
{
    failed=$((failed + 1))
    echo "FAIL layers: $1"
}

# sources DIR..: the C, flex and bison files below, without the build-time generator's own.
sources()
{
    for directory; do
        [ -d "$directory" ] && find "$directory" -name '*.[chly]'
    done | sort
}

# none RULE PATTERN FILE..: no line of the files matches.
none()
{
    rule=$1
    pattern=$2
    shift 2
    [ $# -gt 0 ] || { fail "$rule: no files to look at"; return; }
    found=$(grep -nE -- "$pattern" "$@" /dev/null | grep -vE '^[^:]*:[0-9]+:[[:space:]]*(/\*|\*)')
    if [ -z "$found" ]; then
        ok
    else
        fail "$rule"
        echo "$found"
    fi
}

# without LIST PATTERN: the words of LIST that do not match.
without()
{
    echo "$1" | grep -vE "$2"
}

include='^[[:space:]]*#[[:space:]]*include[[:space:]]*'
base=$(sources grammar/base)
grammar=$(without "$(sources grammar)" '^grammar/base/')
ir=$(sources ir)
passes=$(sources passes)
emit=$(sources emit)
below=$(without "$base
$grammar
$ir
$passes
$emit" '^ir/catalog/gen\.c$|^$')

# The table of layers. Own folders first.
none 'grammar/base includes nothing of ours but itself' "$include\"(grammar/[^b]|ir/|passes/|emit/|driver/)" $base
none 'grammar includes grammar alone' "$include\"(ir|passes|emit|driver)/" $grammar
none 'ir includes neither passes, emit nor driver' "$include\"(passes|emit|driver)/" $ir
[ -n "$passes" ] && none 'passes include neither emit nor driver' "$include\"(emit|driver)/" $passes
[ -n "$emit" ] && none 'emit includes neither passes nor driver' "$include\"(passes|driver)/" $emit

# Includes are written from the root (generated parsers apart).
none 'includes are written from the root' "$include\"(\.|[a-z_0-9]+\.h\")" $(without "$below" '^grammar/(dockerfile|shell)\.[cl]$')

# One pass does not know another: of passes/ a pass may include only what all share, and its own folder.
for file in $passes; do
    own=$(dirname "$file")
    found=$(grep -nE "$include\"passes/" "$file" |
        grep -vE "\"passes/(pass|legality|pipeline|gate)\.h\"|\"passes/passes\.def\"" |
        { [ "$own" = passes ] && grep -vE "\"${file%.c}\.h\"" || grep -vF "\"$own/"; })
    if [ -z "$found" ]; then ok; else fail "$file knows another pass"; echo "$found"; fi
done

# Libraries, each behind its file.
none 'uthash is for map.c alone' "$include<ut(hash|array|list|string)\.h>" $(without "$below" '^grammar/base/map\.c$')
none 'libyaml is for ir/catalog/yaml.c alone' "$include<yaml\.h>" $(without "$below" '^ir/catalog/yaml\.[ch]$') $(sources driver)
none 'jansson is for emit alone' "$include<jansson\.h>" $(without "$below" '^emit/')
none 'threads, signals, files, clocks live in driver' "$include<(pthread|threads|signal|fcntl|unistd|time|dirent|poll|sys/[a-z]+)\.h>" $below

# What nobody below driver does.
none 'no printing, exiting, files, environment below driver' \
    '\b(printf|fprintf|puts|fputs|putchar|putc|perror|exit|_exit|fopen|open|getenv|setenv|system|popen|time|clock_gettime|rand)\(' \
    $(without "$below" '\.[ly]$')
none 'all memory below driver is the arena'"'"'s' '\b(malloc|calloc|realloc|strdup|strndup|free)\(' \
    $(without "$below" '^grammar/base/arena\.c$|\.[ly]$|^ir/catalog/yaml\.c$|^emit/|^grammar/base/map\.c$')
none 'strings are slices' '\b(strlen|strcpy|strcat|strtok|sprintf|vsprintf|gets|atoi)\(' \
    $(without "$below" '^grammar/base/str\.c$')
none 'no writable statics in functions' '^[[:space:]]+static[[:space:]]+(char|int|unsigned|size_t|bool|struct)[^(]*;' $below

# Own header first.
for file in $(without "$below" '\.[hly]$'); do
    header=${file%.c}.h
    [ -f "$header" ] || continue
    first=$(grep -m1 -E "$include" "$file")
    case $first in
    *"\"$header\""*) ok ;;
    *) fail "$file: its own header comes first" ;;
    esac
done

# Each header compiles alone.
for header in $(sources grammar ir passes emit driver | grep '\.h$'); do
    if echo "#include \"$header\"" |
        $CC -std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -I. -Wall -Wextra -Werror -x c -fsyntax-only - ; then
        ok
    else
        fail "$header does not compile alone"
    fi
done

echo "layers: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
