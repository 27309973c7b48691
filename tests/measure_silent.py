#!/usr/bin/env python3
"""RUNs that stay apart at -O1 though nothing stands between them that could not move, and of which no
remark of merge-run says why: each is a gap.

The result of a file is compiled again, so that remarks and instructions are of the same text. A
remark on one of the two, or on what stands between, counts.

usage: measure_silent.py FOLDER..     DFOPT names the program
"""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DFOPT = os.environ.get("DFOPT", str(ROOT / "build/dfopt"))
MOVES = {"add", "arg", "cmd", "copy", "entrypoint", "env", "expose", "healthcheck", "label", "maintainer", "stopsignal"}


def dfopt(*options, text):
    return subprocess.run([DFOPT, "--no-config", "--no-context", *options, "-"], input=text, capture_output=True)


def neighbours(instructions, ships):
    """Pairs of RUNs of one stage that ships, with only what may move between them."""
    before = None
    for instruction in instructions:
        if instruction["keyword"] == "run" and instruction["stage"] in ships:
            if before and before["stage"] == instruction["stage"]:
                yield before, instruction
            before = instruction
        elif instruction["keyword"] not in MOVES:
            before = None


def silent(path):
    """How many neighbours stay apart, and the lines of those without a remark."""
    text = dfopt("-O1", "-q", text=path.read_bytes()).stdout
    ir = json.loads(dfopt("--dump=ir", text=text).stdout or b"null")
    if ir is None:
        return path, 0, []
    errors = dfopt("-O1", "--remarks=missed", text=text).stderr
    said = [int(line) for line in re.findall(rb":(\d+):\d+: missed: .*\[merge-run/[a-z-]+\]", errors)]
    ships = {stage["index"] for stage in ir["stages"] if stage["ships"] == "yes"}
    pairs = [[text[: run["origin"][0]].count(b"\n") + 1 for run in pair] for pair in neighbours(ir["instructions"], ships)]
    return path, len(pairs), [first for first, second in pairs if not any(first <= line <= second for line in said)]


def main():
    files = sorted(p for folder in sys.argv[1:] for p in Path(folder).rglob("*") if p.is_file())
    apart = gaps = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, pairs, lines in pool.map(silent, files):
            apart += pairs
            gaps += len(lines)
            for line in lines:
                print(f"{path}: no remark says why the RUN in line {line} of the result stays apart from the next")
    print(f"{apart} neighbours stay apart, {gaps} without a remark")
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main())
