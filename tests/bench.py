#!/usr/bin/env python3
"""Time and memory over a corpus: every level, one worker and all of them, files read from the cache.

usage: bench.py DFOPT CORPUS      CORPUS: a folder; all its files are taken for Dockerfiles
"""

import os
import sys
import tempfile
import time
from pathlib import Path

LARGEST = 1024 * 1024
ROUNDS = 3


def lay_out(corpus, tree):
    """Links the files as tree/NUMBER/Dockerfile; how many, how many bytes."""
    paths = [path for path in Path(corpus).rglob("*") if path.is_file() and path.stat().st_size <= LARGEST]
    for number, path in enumerate(sorted(paths)):
        folder = Path(tree, f"{number:06d}")
        folder.mkdir()
        (folder / "Dockerfile").write_bytes(path.read_bytes())
    return len(paths), sum(path.stat().st_size for path in paths)


def measured(arguments):
    """Seconds and peak KiB of one run, its output thrown away."""
    start = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        os.execv(arguments[0], arguments)
    _, _, usage = os.wait4(pid, 0)
    return time.perf_counter() - start, usage.ru_maxrss


def main(dfopt, corpus):
    with tempfile.TemporaryDirectory(prefix="dfopt-bench-") as tree:
        n, size = lay_out(corpus, tree)
        print(f"{n} files, {size / 1e6:.1f} MB, {os.cpu_count()} processors; the best of {ROUNDS} rounds")
        for level in ("-O0", "-O1", "-O2", "-O3"):
            for workers in sorted({1, os.cpu_count()}):
                arguments = [dfopt, level, "-d", "--no-config", "--no-context", f"-j{workers}", tree]
                runs = [measured(arguments) for _ in range(ROUNDS)]
                seconds, peak = min(runs)[0], max(run[1] for run in runs)
                print(f"{level} -d -j{workers}: {seconds:6.2f} s, {n / seconds:8.0f} files/s, {peak / 1024:6.1f} MB at most")
        print(f"start-up: {min(measured([dfopt, '--version'])[0] for _ in range(20)) * 1000:.1f} ms")


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), sys.argv[2])
