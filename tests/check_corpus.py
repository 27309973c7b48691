#!/usr/bin/env python3
"""Compares dfopt's reading of a corpus with BuildKit's.

usage: check_corpus.py CORPUS_CANON TABLE DIR

TABLE has lines `repo commit path accepted sha256` (tab-separated, a header first), the digest being
that of the canon text; DIR holds the files as repo/path. Rows whose file is absent are skipped, and
counted. Prints each file that is read differently.
"""

import hashlib
import os
import subprocess
import sys


def read_table(table, directory):
    """Path -> (accepted, digest)."""
    expected = {}
    with open(table, errors="surrogateescape") as lines:
        next(lines)
        for line in lines:
            repo, _, path, accepted, digest = line.rstrip("\n").split("\t")
            expected[os.path.join(directory, repo, path)] = (accepted, digest)
    return expected


def readings(program, paths):
    """Yields path, accepted, digest for each path."""
    names = "".join(path + "\n" for path in paths).encode(errors="surrogateescape")
    output = subprocess.run([program], input=names, stdout=subprocess.PIPE, check=True).stdout
    at = 0
    while at < len(output):
        end = output.index(b"\n", at)
        path, accepted, size = output[at:end].split(b"\t")
        at = end + 1 + int(size)
        digest = hashlib.sha256(output[end + 1 : at]).hexdigest()
        yield path.decode(errors="surrogateescape"), accepted.decode(), digest


def main():
    program, table, directory = sys.argv[1:]
    expected = read_table(table, directory)
    present = [path for path in expected if os.path.exists(path)]
    failed = 0
    for path, accepted, digest in readings(program, present):
        want = expected[path]
        if accepted == want[0] and (accepted == "0" or digest == want[1]):
            continue
        failed += 1
        print(f"FAIL corpus: {path}: accepted {accepted}, BuildKit {want[0]}")
    print(f"corpus: {len(present) - failed} passed, {failed} failed, "
          f"{len(expected) - len(present)} absent")
    return 1 if failed or not present else 0


if __name__ == "__main__":
    sys.exit(main())
