#!/usr/bin/env python3
"""What must hold for every Dockerfile, whatever it says: those in testdata, and those of a corpus.

Each level rewrites a copy of all files in one call. Then, for every file:
  identity     -O0 changes nothing
  accepted     a level refuses the files that -O0 refuses, and no other; refused files stay untouched
  again        the result is accepted, and a second run changes nothing
  comments     comment lines in = comment lines out; a comment that stood behind a command may
               have become a line
  diff         `git apply` of what -d prints gives what -w wrote
and for every level: --list names the files that change, exit statuses, one worker or many.

usage: prop_corpus.py [FOLDER..]      more files than testdata's; DFOPT names the program
"""

import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DFOPT = os.environ.get("DFOPT", str(ROOT / "build/san/dfopt"))
LEVELS = ("-O0", "-O1", "-O2", "-O3")
SHOWN = 20  # failures of one property that are printed
LARGEST = 1024 * 1024


class Tally:
    """Counts checks; prints those that fail."""

    def __init__(self):
        self.passed = self.failed = 0
        self.seen = collections.Counter()

    def check(self, holds, name, about, detail=""):
        if holds:
            self.passed += 1
            return
        self.failed += 1
        self.seen[name] += 1
        if self.seen[name] <= SHOWN:
            print(f"FAIL {name}: {about}" + (f"\n{detail}" if detail else ""), flush=True)


def dockerfiles():
    """Every Dockerfile of testdata, and every expected one."""
    for name in ("Dockerfile", "want"):
        yield from (path for path in (ROOT / "testdata").rglob(name) if path.is_file())


def corpus(folders):
    for folder in folders:
        yield from (path for path in Path(folder).rglob("*") if path.is_file() and ".git" not in path.parts)


def lay_out(paths, tree):
    """Copies the files to tree/NUMBER/Dockerfile; gives number → where it came from."""
    origins = {}
    for path in sorted(set(paths)):
        if path.stat().st_size > LARGEST:
            continue
        number = f"{len(origins):06d}"
        (tree / number).mkdir(parents=True)
        shutil.copyfile(path, tree / number / "Dockerfile")
        origins[number] = path
    return origins


def dfopt(tree, *options):
    """Runs over the whole tree: exit status, standard output, standard error."""
    done = subprocess.run([DFOPT, "--no-config", "--no-context", *options, "."], cwd=tree,
                          stdin=subprocess.DEVNULL, capture_output=True)
    return done.returncode, done.stdout, done.stderr


def numbers_in(pattern, text):
    return set(re.findall(pattern, text.decode(errors="replace"), re.M))


def refused_in(errors):
    """Number → first error."""
    found = {}
    for number, message in re.findall(r"^(?:\./)?(\d{6})/Dockerfile:(.*error: .*)$", errors.decode(errors="replace"), re.M):
        found.setdefault(number, message)
    return found


def contents(tree, origins):
    return {number: (tree / number / "Dockerfile").read_bytes() for number in origins}


def comments_of(text):
    """The comment lines, however they are indented, as a multiset."""
    return collections.Counter(line.strip() for line in re.split(rb"\r?\n", text) if line.lstrip().startswith(b"#"))


def copied(source, tree):
    shutil.copytree(source, tree)
    return tree


class Level:
    """One level over all files: rewritten once, and once more."""

    def __init__(self, option, scratch, before):
        self.option, self.before, self.source = option, before, scratch / "in"
        self.tree = copied(self.source, scratch / f"out{option}")
        self.status, self.output, self.errors = dfopt(self.tree, option, "-w")
        self.refused = refused_in(self.errors)
        self.after = contents(self.tree, before)
        self.changed = {number for number in before if before[number] != self.after[number]}


def check_run(tally, level, origins):
    """The call as a whole."""
    crashed = level.status not in (0, 2) or b"Sanitizer" in level.errors
    tally.check(not crashed, "crash", level.option, level.errors.decode(errors="replace")[-4000:])
    tally.check(level.status == (2 if level.refused else 0), "exit status", f"{level.option} gave {level.status}")
    worked = level.option == "-O0" or level.changed
    tally.check(worked, "work", f"{level.option} changed nothing: the properties would hold of a program that does nothing")
    tally.check(level.output == b"", "silence", f"{level.option} -w printed {level.output[:200]!r}")


def check_files(tally, level, refused, origins):
    """Each file of a level against its input; `refused` is what -O0 refuses."""
    for number, origin in origins.items():
        about = f"{origin} {level.option}"
        tally.check((number in level.refused) == (number in refused), "accepted", about, level.refused.get(number, ""))
        before, after = level.before[number], level.after[number]
        if number in level.refused:
            tally.check(before == after, "refused but touched", about)
        if level.option == "-O0":
            tally.check(before == after, "identity", about)
        lost = comments_of(before) - comments_of(after)
        new = [line for line in comments_of(after) - comments_of(before) if b" " + line not in before]
        tally.check(not lost and not new, "comments", about, f"  lost {list(lost)} new {new}")


def check_again(tally, level, refused, origins):
    """The result as input: accepted, and nothing left to do."""
    first = contents(level.tree, origins)
    status, _, errors = dfopt(level.tree, level.option, "-w", "-j1")
    refused_again = refused_in(errors)
    second = contents(level.tree, origins)
    for number, origin in origins.items():
        about = f"{origin} {level.option}"
        tally.check((number in refused_again) == (number in refused), "result accepted", about, refused_again.get(number, ""))
        tally.check(first[number] == second[number], "second run", about)


def check_listing(tally, level):
    status, output, _ = dfopt(level.source, level.option, "--check")
    wanted = 2 if level.refused else 1 if level.changed else 0
    tally.check(status == wanted, "exit status", f"{level.option} --check gave {status}, not {wanted}")
    listed = numbers_in(r"^(?:\./)?(\d{6})/Dockerfile$", output)
    tally.check(listed == level.changed, "list", level.option, f"  {sorted(listed ^ level.changed)[:9]}")


def check_diff(tally, level, scratch, origins):
    """-d, applied by git, against -w. One file that does not apply fails alone."""
    _, output, _ = dfopt(level.source, level.option, "-d", "-j1")
    tree = copied(level.source, scratch / f"diff{level.option}")
    apply = ["git", "apply", "--whitespace=nowarn", "-p1", "-"]
    env = dict(os.environ, GIT_CEILING_DIRECTORIES=str(scratch))
    done = subprocess.run(apply, cwd=tree, input=output, capture_output=True, env=env) if output else None
    problem = done.stderr.decode(errors="replace") if done and done.returncode else ""
    tally.check(not problem, "git apply", level.option, problem[:2000])
    for number, origin in origins.items() if not problem else ():
        tally.check((tree / number / "Dockerfile").read_bytes() == level.after[number], "diff", f"{origin} {level.option}")
    shutil.rmtree(tree)


def check_single(tally, level, origins):
    """Every twentieth file that changes, alone on standard output, and from standard input."""
    for number in sorted(level.changed)[::20][:20]:
        path = level.source / number / "Dockerfile"
        options = [DFOPT, "--no-config", "--no-context", level.option]
        alone = subprocess.run([*options, str(path)], capture_output=True).stdout
        piped = subprocess.run([*options, "-"], input=path.read_bytes(), capture_output=True).stdout
        tally.check(alone == level.after[number], "standard output", f"{origins[number]} {level.option}")
        tally.check(piped == level.after[number], "standard input", f"{origins[number]} {level.option}")


def check_level(tally, option, scratch, origins, before, refused):
    level = Level(option, scratch, before)
    refused = level.refused if refused is None else refused
    check_run(tally, level, origins)
    check_files(tally, level, refused, origins)
    check_listing(tally, level)
    check_diff(tally, level, scratch, origins)
    check_single(tally, level, origins)
    check_again(tally, level, refused, origins)
    print(f"{option}: {len(origins)} files, {len(level.refused)} refused, {len(level.changed)} changed", flush=True)
    shutil.rmtree(level.tree)
    return refused


def main(folders):
    tally = Tally()
    scratch = Path(tempfile.mkdtemp(prefix="dfopt-properties-"))
    try:
        origins = lay_out([*dockerfiles(), *corpus(folders)], scratch / "in")
        before = contents(scratch / "in", origins)
        refused = None
        for option in LEVELS:
            refused = check_level(tally, option, scratch, origins, before, refused)
        tally.check(len(refused) < len(origins), "files", "no file was accepted")
    finally:
        shutil.rmtree(scratch)
    print(f"properties: {tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
