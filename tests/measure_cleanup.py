#!/usr/bin/env python3
"""How much of what package managers leave behind is gone at -O1, manager by manager.

A place is a RUN of a stage that ships at whose end lists or a cache of a manager are left, as
--dump=effects says it of the input. It is gone when the result has one such RUN less. For places
that stay, the rules are counted by which -O1 says why; `no remark` is a gap.

usage: measure_cleanup.py [--places RULE] FOLDER..     DFOPT names the program
       --places RULE: prints the files in which places stay for this reason
"""

import argparse
import collections
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DFOPT = os.environ.get("DFOPT", str(ROOT / "build/dfopt"))
LEVEL = "-O1"
PASSES = "inline-cleanup|no-cache-flags"
# What official base images remove by themselves.
NOT_COUNTED = {("caches", "apt")}


def dfopt(*options, text=None):
    return subprocess.run([DFOPT, "--no-config", "--no-context", *options], input=text, capture_output=True)


def dump(kind, text):
    return json.loads(dfopt(f"--dump={kind}", "-", text=text).stdout or b"null")


def places(text):
    """(kind, manager) → number of RUNs in stages that ship; None for a file that is refused."""
    ir, effects = dump("ir", text), dump("effects", text)
    if ir is None or effects is None:
        return None
    ships = {stage["index"] for stage in ir["stages"] if stage["ships"] == "yes"}
    found = collections.Counter()
    for instruction, effect in zip(ir["instructions"], effects):
        if instruction["keyword"] != "run" or instruction["stage"] not in ships:
            continue
        for kind in ("lists", "caches"):
            found.update((kind, manager) for manager in effect.get(kind, ()) if manager)
    return found


def reasons(errors):
    """Rules of what was missed."""
    pattern = rf": missed: .*\[((?:{PASSES})/[a-z-]+)\]$"
    return sorted(set(re.findall(pattern, errors.decode(errors="replace"), re.M)))


def measure(path):
    """Path, places before, places after, why some stay."""
    text = path.read_bytes()
    before = places(text)
    if not before:
        return path, before, None, []
    result = dfopt(LEVEL, "--remarks=missed", "-", text=text)
    after = places(result.stdout) if result.stdout != text else before
    return path, before, after or collections.Counter(), reasons(result.stderr)


class Row:
    def __init__(self):
        self.places = self.left = 0
        self.why = collections.Counter()

    def line(self, name):
        gone = self.places - self.left
        why = ", ".join(f"{rule.split('/')[1]} {n}" for rule, n in self.why.most_common(4))
        return f"{name:22} {self.places:7} {gone:7} {100 * gone / self.places:6.1f} %   {why}"


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--places")
    parser.add_argument("folders", nargs="+")
    options = parser.parse_args()
    files = sorted(p for folder in options.folders for p in Path(folder).rglob("*") if p.is_file())
    rows = collections.defaultdict(Row)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, before, after, why in pool.map(measure, files):
            for key, n in (before or {}).items():
                if key in NOT_COUNTED:
                    continue
                left = min(n, after[key])
                row = rows[key]
                row.places += n
                row.left += left
                rules = why or ["none/no remark"]
                if left:
                    row.why.update(rules)
                if left and options.places in [rule.split("/")[1] for rule in rules] + [f"{key[0]}/{key[1]}"]:
                    print(f"{path}: {left} of {key[1]}'s {key[0]}: {', '.join(rules)}")
    print(f"{'left by':22} {'places':>7} {'gone':>7} {'':>8}   why the others stay (files)")
    for (kind, manager), row in sorted(rows.items(), key=lambda item: (item[0][0] == "caches", -item[1].places)):
        print(row.line(f"{manager} {kind}"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
