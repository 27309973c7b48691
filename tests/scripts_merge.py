#!/usr/bin/env python3
"""Runs generated scripts before and after merge-run: a sequence of RUNs and its merged form must
leave the same files, output and success, under dash, bash and busybox sh.

usage: scripts_merge.py [N [SEED]]      DFOPT names the program, PASSES what is switched on
"""

import functools
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts_generate import Generator
from scripts_model import build, count_runs, read

ROOT = Path(__file__).resolve().parent.parent
DFOPT = os.environ.get("DFOPT", str(ROOT / "build/san/dfopt"))
PASSES = os.environ.get("PASSES", "merge-run")
OPTIONS = ["-O1", "--disable=all", f"--enable={PASSES}", "--no-config", "--no-context"]

# What stands for /bin/sh, and which of them also are bash when SHELL says so.
SHELLS = {name: shutil.which(name) for name in ("dash", "bash", "busybox")}


class Case:
    """One generated Dockerfile. Its seed and the folder it works in are enough to make it again."""

    def __init__(self, scratch, seed, number):
        self.number = number
        self.seed = f"{seed}.{number}"
        self.root = os.path.join(scratch, "run", str(number))
        self.folder = os.path.join(self.root, "a/b/c/d/e/w")
        generator = Generator(self.seed, self.folder)
        self.tree = generator.dockerfile()
        self.bash, self.wild = generator.bash, generator.wild

    def shells(self):
        """The shells to try: SHELL names bash, or sh is any of them."""
        names = ["bash"] if self.bash else list(SHELLS)
        return {name: {"sh": SHELLS[name], "bash": SHELLS["bash"]} for name in names}


def rewritten(texts, scratch):
    """What dfopt makes of each text, in one call; and what it said."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        paths = [Path(folder, str(i), "Dockerfile") for i in range(len(texts))]
        for path, text in zip(paths, texts):
            path.parent.mkdir()
            path.write_text(text)
        done = subprocess.run([DFOPT, *OPTIONS, "-w", folder], capture_output=True, stdin=subprocess.DEVNULL)
        return [path.read_text() for path in paths], done.stderr.decode(errors="replace"), done.returncode


def verdict(before, after, case):
    """Shell → what differs; shells under which nothing does are left out."""
    wrong = {}
    for name, programs in case.shells().items():
        first = build(before, case.root, case.folder, programs)
        second = build(after, case.root, case.folder, programs)
        if first is None:
            continue
        if second is None:
            wrong[name] = ["the merged form does not end"]
            continue
        traced = "-x" in before or "xtrace" in before or "-ex" in before or "-eux" in before
        found = first.differences(second, compare_errors=not traced)
        if found:
            wrong[name] = found
    shutil.rmtree(case.root, ignore_errors=True)
    return wrong


def is_steady(text, case):
    """The same result each time, under every shell: no job of its own races with it."""
    for programs in case.shells().values():
        results = [build(text, case.root, case.folder, programs) for _ in range(6)]
        if any(result is None or result.differences(results[0], compare_errors=False) for result in results):
            return False
    return True


def confirmed(before, after, case):
    """A verdict that timing alone cannot explain."""
    if not is_steady(before, case):
        return {}
    for _ in range(3):
        wrong = verdict(before, after, case)
        if not wrong:
            return {}
    return wrong


def shrunk(case, scratch):
    """The smallest Dockerfile that still fails, found greedily."""
    tree = case.tree
    progress = True
    while progress:
        progress = False
        for less in tree.smaller():
            before = less.render()
            (after,), _, status = rewritten([before], scratch)
            if status == 0 and after != before and confirmed(before, after, case):
                tree, progress = less, True
                break
    return tree.render()


def judge(scratch, pair):
    case, after = pair
    before = case.tree.render()
    wrong = verdict(before, after, case) and confirmed(before, after, case)
    return describe(case, scratch, wrong) if wrong else None


def describe(case, scratch, wrong):
    before = shrunk(case, scratch)
    (after,), _, _ = rewritten([before], scratch)
    wrong = verdict(before, after, case) or wrong
    lines = [f"FAIL seed {case.seed}"]
    lines += [f"  {shell}: {line}" for shell, found in wrong.items() for line in found]
    return "\n".join(lines + ["--- before", before, "--- after", after]).replace(case.folder, "/w")


def mergeable(case):
    """How many neighbours are scripts that a shell can read."""
    shell = SHELLS["bash" if case.bash else "dash"]

    def parses(run):
        return subprocess.run([shell, "-n", "-c", read(run)[0][0].text], capture_output=True).returncode == 0

    return case.tree.neighbours(parses)


def share(name, merged, pairs):
    print(f"{name}: {merged} of {pairs} neighbours in the same state merged ({100 * merged / max(pairs, 1):.1f} %)")


def report_shares(cases, outputs, neighbours, scratch):
    """How many neighbours in the same state were merged, by how wild the generator was: tame files are
    like real ones. What is merged across settings and files is counted apart."""
    pinned, _, _ = rewritten([case.tree.pinned().render() for case in cases], scratch)
    before = [count_runs(case.tree.render()) for case in cases]
    merged = [n - count_runs(after) for n, after in zip(before, pinned)]
    for wild in sorted({case.wild for case in cases}):
        counts = [(m, n) for case, m, n in zip(cases, merged, neighbours) if case.wild == wild]
        share(f"wildness {wild}", sum(m for m, _ in counts), sum(n for _, n in counts))
    share("all", sum(merged), sum(neighbours))
    across = sum(before) - sum(map(count_runs, outputs)) - sum(merged)
    print(f"merged across ENV, ARG and COPY: {across} more")


def main(arguments):
    n = int(arguments[0]) if arguments else 300
    seed = arguments[1] if len(arguments) > 1 else "1"
    scratch = tempfile.mkdtemp(prefix="dfopt-scripts-")
    try:
        cases = [Case(scratch, seed, i) for i in range(n)]
        outputs, said, status = rewritten([case.tree.render() for case in cases], scratch)
        failed = 0
        if status != 0 or not any(case.tree.render() != after for case, after in zip(cases, outputs)):
            print(f"FAIL dfopt ended with status {status}, or changed nothing:\n{said[:4000]}")
            failed = 1
        changed = [(case, after) for case, after in zip(cases, outputs) if case.tree.render() != after]
        with multiprocessing.Pool(2 * os.cpu_count()) as pool:  # some cases sleep
            for problem in pool.imap(functools.partial(judge, scratch), changed, chunksize=4):
                if problem:
                    failed += 1
                    print(problem, flush=True)
            neighbours = pool.map(mergeable, cases)
        report_shares(cases, outputs, neighbours, scratch)
        print(f"scripts: {len(changed) - min(failed, len(changed))} passed, {failed} failed")
        return 1 if failed else 0
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
