#!/bin/sh
# What is measured over a folder of real Dockerfiles, or of real builds.
# usage: CORPUS=DIR [TABLE=FILE] [TOP=N] measure.sh BUILD WHAT
#   canon     files that BuildKit reads differently: TABLE has its readings
#   shell     RUNs whose simple commands a reference reads differently: TABLE has its readings
#   commands  which simple commands the catalog knows; the TOP names that it does not
#   merged    rows of neighbouring RUNs that merge-run makes one, and why not the others
#   cleanup   how much of what package managers leave behind is gone at -O1
#   silent    RUNs that stay apart without a remark of merge-run
#   time      time and memory
#   sizes     predicted sizes against those of real builds (docs/e2e.md); no corpus needed
set -eu
cd "$(dirname "$0")/.."
build=$1
what=$2
export DFOPT="$PWD/$build/dfopt"
[ "$what" = sizes ] || [ -d "${CORPUS:-}" ] || { echo "measure.sh: which CORPUS=DIR?" >&2; exit 2; }

case $what in
canon) tests/check_corpus.py "$build/corpus_canon" "$TABLE" "$CORPUS" ;;
shell) tests/check_shell_corpus.py "$build/corpus_commands" "$TABLE" "$CORPUS" ;;
commands) tests/commands_covered.py "$build/corpus_effects" "$CORPUS" ${TOP:+"$TOP"} ;;
merged) find "$CORPUS" -type f | "$build/corpus_merged" ;;
cleanup) tests/measure_cleanup.py "$CORPUS" ;;
silent) tests/measure_silent.py "$CORPUS" ;;
time) tests/bench.py "$DFOPT" "$CORPUS" ;;
sizes) tests/e2e/sizes --dfopt "$DFOPT" ;;
*) echo "measure.sh: what is $what?" >&2; exit 2 ;;
esac
