#!/usr/bin/env python3
"""How much of the simple commands in a corpus's RUNs the catalog's table of commands covers.

usage: commands_covered.py CORPUS_EFFECTS DIR [TOP]

Covered are those with a row and, where the row has verbs, a verb that it has. Prints the share, the
counts by verdict (see tests/corpus_effects.c), and the TOP names of each that is not covered; of
covered commands also the options that no row lists, which are taken to have no value.
"""

import collections
import subprocess
import sys
from pathlib import Path

UNCOVERED = ("none", "verb", "file", "computed")


def verdicts(program, directory):
    """Verdict -> count by (name, detail)."""
    paths = sorted(str(path) for path in Path(directory).rglob("*") if path.is_file())
    names = "".join(path + "\n" for path in paths).encode(errors="surrogateescape")
    output = subprocess.run([program], input=names, stdout=subprocess.PIPE, check=True).stdout
    counts = collections.defaultdict(collections.Counter)
    for line in output.decode(errors="backslashreplace").splitlines():
        verdict, _, rest = line.partition("\t")
        counts[verdict][tuple(rest.split("\t"))] += 1
    return counts


def main():
    program, directory, top = sys.argv[1], sys.argv[2], int((sys.argv[3:] or ["25"])[0])
    counts = verdicts(program, directory)
    totals = {verdict: sum(names.values()) for verdict, names in counts.items()}
    for verdict in (*UNCOVERED, "option"):
        for (name, *detail), n in counts[verdict].most_common(top):
            print(f"{n:7} {verdict:8} {name} {' '.join(detail)}".rstrip())
    total = sum(totals.values())
    covered = total - sum(totals.get(verdict, 0) for verdict in UNCOVERED)
    print(", ".join(f"{verdict} {n}" for verdict, n in sorted(totals.items())))
    print(f"commands: {covered} of {total} covered, {100 * covered / max(total, 1):.2f} %")
    return 0 if total else 1


if __name__ == "__main__":
    sys.exit(main())
