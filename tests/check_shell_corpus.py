#!/usr/bin/env python3
"""Compares the simple commands that dfopt reads in a corpus with a reference's.

usage: check_shell_corpus.py CORPUS_COMMANDS TABLE DIR

TABLE has lines `repo path first last parsed digest` (tab-separated, a header first), one for each
RUN, the digest being the first 16 digits of the SHA-256 of the RUN's C lines; DIR holds the files as
repo/path. RUNs that the reference does not parse may be read or not; files that are absent, or that
BuildKit refuses, are counted apart. Prints each RUN that is read differently.
"""

import collections
import hashlib
import os
import subprocess
import sys


def read_table(table, directory):
    """Path -> [(first, last, parsed, digest)], in the file's order."""
    expected = collections.defaultdict(list)
    with open(table, errors="surrogateescape") as lines:
        next(lines)
        for line in lines:
            repo, path, *run = line.rstrip("\n").split("\t")
            expected[os.path.join(directory, repo, path)].append(tuple(run))
    return expected


def runs_of(text):
    """The same of a dump."""
    runs = []
    for line in text.splitlines(keepends=True):
        if line.startswith(b"R\t"):
            runs.append((line.decode().split()[1:], hashlib.sha256()))
        else:
            runs[-1][1].update(line)
    return [(*head, digest.hexdigest()[:16]) for head, digest in runs]


def readings(program, paths):
    """Yields path, accepted, runs for each path."""
    names = "".join(path + "\n" for path in paths).encode(errors="surrogateescape")
    output = subprocess.run([program], input=names, stdout=subprocess.PIPE, check=True).stdout
    at = 0
    while at < len(output):
        end = output.index(b"\n", at)
        path, accepted, size = output[at:end].split(b"\t")
        at = end + 1 + int(size)
        text = output[end + 1 : at]
        yield path.decode(errors="surrogateescape"), accepted.decode(), runs_of(text)


def same(got, want):
    return got[:2] == want[:2] and (want[2] == "0" or got[2:] == want[2:])


def main():
    program, table, directory = sys.argv[1:]
    expected = read_table(table, directory)
    present = [path for path in expected if os.path.exists(path)]
    passed = failed = refused = 0
    for path, accepted, got in readings(program, present):
        want = expected[path]
        if accepted == "0":
            refused += len(want)
            continue
        good = sum(map(same, got, want)) if accepted == "1" and len(got) == len(want) else 0
        passed += good
        failed += len(want) - good
        if good < len(want):
            print(f"FAIL shell-corpus: {path}: {good} of {len(want)} RUNs read alike")
    print(f"shell-corpus: {passed} passed, {failed} failed, {refused} in refused files, "
          f"{sum(len(expected[path]) for path in set(expected) - set(present))} absent")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
