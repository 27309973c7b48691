#!/usr/bin/env python3
"""Runs the goldens. A case is a folder below testdata/; the runner finds it by what is in it.

testdata/passes/PASS/CASE   Dockerfile; want (absent: unchanged), remarks (absent: none),
                            opts (more options), context/ (a build context), .dfopt.yaml
                            (settings); PASS is what is enabled: a pass, a group, or GROUP/NAME
testdata/whole/CASE         Dockerfile; want (absent: unchanged), what all passes of -O1 make of it; opts
                            (more options: another level), context/
testdata/dockerfile/CASE    Dockerfile; want.json (--dump=ast), want.KIND (--dump=KIND)
testdata/errors/CASE        Dockerfile, stderr: refused, exit status 2, nothing on standard output

testdata/shell is tests/test_shell_goldens.c's, testdata/fuzz the fuzz targets'.

With all cases, one more counts: each rule of each pass is shown by the remarks of some case.

usage: golden.py [--bless] [CASE-FOLDER..]      DFOPT names the program
"""

import difflib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTDATA = ROOT / "testdata"
# Sizes have tests of their own: a package's figure must not change goldens of passes.
PREDICTED = rb"(?m)^Dockerfile: predicted: .*\n"
DFOPT = os.environ.get("DFOPT", str(ROOT / "build/san/dfopt"))
LIMIT = 60  # seconds a run may take


class Outcome:
    """What a run of a case gave: file name in the case's folder → bytes; None: the file is absent."""

    def __init__(self):
        self.files = {}
        self.problems = []  # what no expected file can excuse

    def put(self, name, content, default=b""):
        self.files[name] = None if content == default else content


def run(arguments, cwd, stdin=b""):
    """Exit status, standard output, standard error."""
    done = subprocess.run(arguments, cwd=cwd, input=stdin, capture_output=True, timeout=LIMIT)
    return done.returncode, done.stdout, done.stderr


def crashed(status, errors):
    return status < 0 or status > 2 or b"Sanitizer" in errors or b"runtime error:" in errors


def checked(outcome, wanted, result):
    """The outputs of a run; notes when it crashed or its exit status is not `wanted`."""
    status, output, errors = result
    if crashed(status, errors):
        outcome.problems.append(f"crashed with status {status}:\n{errors.decode(errors='replace')}")
    elif status != wanted:
        outcome.problems.append(f"exit status {status}, not {wanted}:\n{errors.decode(errors='replace')}")
    return output, errors


def options_of(case):
    path = case / "opts"
    return shlex.split(path.read_text()) if path.exists() else []


# ---- one function a kind of case: folder → Outcome


def pass_case(case):
    return rewritten(case, ["-O3", "--disable=all", f"--enable={case.parent.relative_to(TESTDATA / 'passes')}", "--remarks=all"])


def whole_case(case):
    return rewritten(case, ["-O1"])


def rewritten(case, options):
    outcome = Outcome()
    options += [] if (case / ".dfopt.yaml").exists() else ["--no-config"]
    options += ["--context", str(case / "context")] if (case / "context").is_dir() else ["--no-context"]
    options += options_of(case)
    output, errors = checked(outcome, 0, run([DFOPT, *options, "Dockerfile"], case))
    outcome.put("want", output, default=(case / "Dockerfile").read_bytes())
    outcome.put("remarks", re.sub(PREDICTED, b"", errors).replace(b"Dockerfile:", b""))
    again, _ = checked(outcome, 0, run([DFOPT, *options, "-"], case, stdin=output))
    if again != output:
        outcome.problems.append("a second run changes the result:\n" + difference("again", output, again))
    return outcome


def dump_name(kind):
    return "want.json" if kind == "ast" else f"want.{kind}"


def dockerfile_case(case):
    outcome = Outcome()
    kinds = [path.suffix[1:] for path in case.glob("want.*")]
    for kind in ["ast" if kind == "json" else kind for kind in kinds] or ["ast"]:
        output, errors = checked(outcome, 0, run([DFOPT, f"--dump={kind}", *options_of(case), "Dockerfile"], case))
        outcome.put(dump_name(kind), output)
        outcome.put("stderr", errors)
    output, _ = checked(outcome, 0, run([DFOPT, "-O0", "--no-config", "Dockerfile"], case))
    if output != (case / "Dockerfile").read_bytes():
        outcome.problems.append("-O0 does not give the input back")
    return outcome


def error_case(case):
    outcome = Outcome()
    before = (case / "Dockerfile").read_bytes()
    output, errors = checked(outcome, 2, run([DFOPT, "--no-config", *options_of(case), "Dockerfile"], case))
    outcome.put("stderr", errors)
    outcome.put("stdout", output)
    copy = Path(tempfile.mkdtemp())
    try:
        (copy / "Dockerfile").write_bytes(before)
        checked(outcome, 2, run([DFOPT, "--no-config", "-w", *options_of(case), "Dockerfile"], copy))
        if tree_of(copy) != {"Dockerfile": before}:
            outcome.problems.append("-w touched a file that was refused")
    finally:
        shutil.rmtree(copy)
    return outcome


def tree_of(folder):
    """Relative name → bytes; a symlink's bytes are `-> target`."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = b"-> " + os.readlink(path).encode() + b"\n"
        elif path.is_file():
            found[name] = path.read_bytes()
    return found


# kind → the file that makes a folder a case, what runs it, the names of its expected files
KINDS = {
    "passes": ("Dockerfile", pass_case, ("want", "remarks")),
    "whole": ("Dockerfile", whole_case, ("want", "remarks")),
    "dockerfile": ("Dockerfile", dockerfile_case, ("want.*", "stderr")),
    "errors": ("Dockerfile", error_case, ("stderr", "stdout")),
}


def kind_of(case):
    return case.relative_to(TESTDATA).parts[0]


def expected(case):
    """The expected files as they stand: name → bytes."""
    patterns = KINDS[kind_of(case)][2]
    paths = {path for pattern in patterns for path in case.glob(pattern) if path.is_file()}
    return {str(path.relative_to(case)): path.read_bytes() for path in paths}


def difference(name, want, got):
    if want is None or got is None:
        return f"{name}: {'not wanted' if want is None else 'missing'}\n" + (want or got).decode(errors="backslashreplace")
    lines = [text.decode(errors="backslashreplace").splitlines(keepends=True) for text in (want, got)]
    diff = difflib.unified_diff(*lines, f"{name} (wanted)", f"{name} (got)")
    return "".join(line if line.endswith("\n") else line + "\n\\ no newline at the end\n" for line in diff)


def judge(case):
    """None when the case passes, else what is wrong."""
    try:
        outcome = KINDS[kind_of(case)][1](case)
    except subprocess.TimeoutExpired:
        return f"ran longer than {LIMIT} seconds"
    want = expected(case)
    names = sorted(want.keys() | outcome.files.keys())
    wrong = [difference(name, want.get(name), outcome.files.get(name))
             for name in names if want.get(name) != outcome.files.get(name)]
    return "\n".join(outcome.problems + wrong) or None


# Rules that no input shows.
UNSHOWN = {
    "dfopt/not-one-instruction",  # the pipeline's guard against a pass that writes nonsense: none is known to
}


def rules():
    """The ids of all rules, by which remarks speak, as --explain lists them."""
    passes = [line.split()[0].decode() for line in run([DFOPT, "--list-passes"], ROOT)[1].splitlines()]
    explained = b"".join(run([DFOPT, f"--explain={name}"], ROOT)[1] for name in ["dfopt", *passes])
    return set(re.findall(r"^(?:  )?([a-z-]+(?:/[a-z-]+)+)(?:$|:)", explained.decode(), re.MULTILINE))


def shown():
    """The ids of the rules in the remarks of the goldens."""
    return {rule for kind in ("passes", "whole") for path in (TESTDATA / kind).rglob("remarks")
            for rule in re.findall(r"\[([a-z/-]+)\]$", path.read_text(), re.MULTILINE)}


def judge_rules():
    """None when each rule is shown, else which are not."""
    known, seen = rules(), shown()
    wrong = [f"{rule}: no golden shows it" for rule in sorted(known - seen - UNSHOWN)]
    wrong += [f"{rule}: shown, but --explain does not know it" for rule in sorted(seen - known)]
    wrong += [f"{rule}: excepted, but there is no such rule, or it is shown" for rule in sorted(UNSHOWN - (known - seen))]
    return "\n".join(wrong) or None


def bless(case):
    outcome = KINDS[kind_of(case)][1](case)
    for name in expected(case).keys() - outcome.files.keys():
        (case / name).unlink()
    for name, content in outcome.files.items():
        path = case / name
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    print(f"blessed {case.relative_to(ROOT)}")
    for problem in outcome.problems:
        print(f"  but {problem}")


def cases_below(folder):
    kinds = [kind_of(folder)] if folder != TESTDATA else KINDS
    for kind in kinds:
        marker = KINDS[kind][0] if kind in KINDS else None
        root = folder if folder != TESTDATA else TESTDATA / kind
        depths = {"passes": (2, 3)}.get(kind, (1,))
        for path in [root, *root.rglob("*")] if marker else []:
            depth = len(path.relative_to(TESTDATA / kind).parts)
            inside = (path.parent / marker).exists()  # a build context may have a Dockerfile
            if path.is_dir() and depth in depths and (path / marker).exists() and not inside:
                yield path


def main(arguments):
    folders = [Path(name).resolve() for name in arguments if name != "--bless"] or [TESTDATA]
    cases = sorted(case for folder in folders for case in cases_below(folder))
    if "--bless" in arguments:
        for case in cases:
            bless(case)
        return 0 if cases else 1
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        verdicts = dict(zip([case.relative_to(ROOT) for case in cases], pool.map(judge, cases)))
    if folders == [TESTDATA]:
        verdicts["rules"] = judge_rules()
    for case, verdict in verdicts.items():
        if verdict:
            print(f"FAIL {case}\n{verdict}")
    failed = sum(verdict is not None for verdict in verdicts.values())
    if not cases:
        print("FAIL goldens: no case found")
    print(f"goldens: {len(verdicts) - failed} passed, {failed or int(not cases)} failed")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
