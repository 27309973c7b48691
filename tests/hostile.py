#!/usr/bin/env python3
"""Inputs that mean harm, or look so: each must end soon, with exit status 0 or 2, with a diagnostic
when it is 2, without a crash and without a changed file.

usage: hostile.py      DFOPT names the program
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DFOPT = os.environ.get("DFOPT", str(ROOT / "build/san/dfopt"))
SECONDS = 60  # under sanitizers; a release build needs a tenth
MEMORY = 3 * 1024 * 1024  # KiB a process may have had, the sanitizers' own included

START = b"FROM debian:12\n"


def nested(opening, closing, depth, middle=b"true"):
    return START + b"RUN " + opening * depth + middle + closing * depth + b"\n"


def lines(line, n):
    return START + b"".join(line % i if b"%d" in line else line for i in range(n))


# name → bytes, and the exit statuses allowed
INPUTS = {
    "empty file": (b"", {2}),
    "blank lines alone": (b"\n" * 1000, {2}),
    "one NUL": (b"\0", {2}),
    "NULs in a RUN": (START + b"RUN echo a\0b\0\n" * 3, {0, 2}),
    "NULs everywhere": (b"\0F\0R\0O\0M\0 \0a\0\n", {2}),
    "every byte": (START + b"RUN echo " + bytes(set(range(256)) - {10}) + b"\n", {0, 2}),
    "binary": (bytes(i * i * 7919 % 251 for i in range(100000)), {2}),
    "an ELF head": (b"\x7fELF\2\1\1" + bytes(4096), {2}),
    "UTF-16": ("FROM debian\nRUN a\n".encode("utf-16"), {2}),
    "BOM alone": (b"\xef\xbb\xbf", {2}),
    "no newline": (b"FROM a", {0}),
    "line of 60,000 bytes": (START + b"RUN echo " + b"x" * 60000 + b"\n", {0}),
    "line of 1 MB": (START + b"RUN echo " + b"x" * 1000000 + b"\n", {2}),
    "joined line of 4 MB": (START + b"RUN echo \\\n" + b"xxxxxxx \\\n" * 400000 + b"x\n", {0, 2}),
    "comment of 1 MB": (START + b"#" + b"x" * 1000000 + b"\n", {2}),
    "100,000 RUNs": (lines(b"RUN echo %d\n", 100000), {0, 2}),
    "100,000 LABELs": (lines(b"LABEL a%d=b\n", 100000), {0, 2}),
    "100,000 ENVs": (lines(b"ENV a%d=$a b=$b$b\n", 100000), {0, 2}),
    "10,000 stages": (b"".join(b"FROM s%d AS s%d\n" % (i, i + 1) for i in range(10000)), {0, 2}),
    "a stage from itself": (b"FROM a AS a\nFROM a\nCOPY --from=a x y\nCOPY --from=1 x y\n", {0, 2}),
    "10,000 heredocs": (lines(b"RUN <<E\na\nE\n", 10000), {0, 2}),
    "heredoc without end": (START + b"RUN <<EOF\n" + b"a\n" * 10000, {2}),
    "60 heredocs on a line": (START + b"RUN x " + b"<<A " * 60 + b"\n" + b"A\n" * 60, {0, 2}),
    "continuation at the end": (START + b"RUN a \\", {0}),
    "continuations alone": (START + b"RUN a " + b"\\\n" * 100000, {0, 2}),
    "10,000 parentheses": (nested(b"(", b")", 10000), {0, 2}),
    "10,000 open parentheses": (nested(b"(", b"", 10000), {0, 2}),
    "10,000 braces": (nested(b"{ ", b"; }", 10000), {0, 2}),
    "10,000 substitutions": (nested(b"$(", b")", 10000), {0, 2}),
    "10,000 open substitutions": (nested(b"$(", b"", 10000), {0, 2}),
    "10,000 parameters": (nested(b"${a:-", b"}", 10000), {0, 2}),
    "10,000 quoted substitutions": (nested(b'"$(', b')"', 10000), {0, 2}),
    "10,000 backquotes": (nested(b"`", b"`", 10000), {0, 2}),
    "5,000 escaped backquotes": (nested(b"`echo \\`", b"\\``", 5000), {0, 2}),
    "10,000 ifs": (nested(b"if a; then ", b"; fi", 10000), {0, 2}),
    "10,000 bangs": (START + b"RUN " + b"! " * 10000 + b"a\n", {0, 2}),
    "10,000 arithmetic parentheses": (nested(b"$((", b"))", 10000, b"1"), {0, 2}),
    "an AND-OR list of 50,000": (START + b"RUN a" + b" \\\n && a" * 50000 + b"\n", {0, 2}),
    "a pipeline of 50,000": (START + b"RUN a" + b" \\\n | a" * 50000 + b"\n", {0, 2}),
    "50,000 case arms": (START + b"RUN case x in " + b"\\\n a) b;; " * 50000 + b"esac\n", {0, 2}),
    "doubling variables": (b"ARG a0=xxxxxxxxxxxxxxxx\n" + b"".join(b"ARG a%d=$a%d$a%d\n" % (i + 1, i, i) for i in range(60)) + b"FROM $a60\n", {0, 2}),
    "doubling ENVs": (START + b"ENV a0=xxxxxxxxxxxxxxxx\n" + b"".join(b"ENV a%d=$a%d$a%d\n" % (i + 1, i, i) for i in range(60)) + b"RUN x\nWORKDIR $a60\nRUN x\n", {0, 2}),
    "10,000 nested expansions": (START + b"ENV a=" + b"${b:-" * 10000 + b"x" + b"}" * 10000 + b"\n", {0, 2}),
    "deep JSON": (START + b"RUN " + b"[" * 30000 + b"]" * 30000 + b"\n", {0, 2}),
    "JSON of 50,000": (START + b"CMD [" + b"\"a\", \\\n" * 50000 + b"\"b\"]\n", {0, 2}),
    "ONBUILD in ONBUILD": (START + b"ONBUILD " * 1000 + b"RUN x\n", {2}),
    "10,000 flags": (START + b"RUN " + b"--mount=type=cache,target=/a " * 2000 + b"x\n", {0, 2}),
    "65 MB": (START + b"# 3456789012345\n" * (65 * 1024 * 64), {2}),
    "a template": (b"FROM {{ base }}\n{% if x %}\nRUN a\n{% endif %}\n", {2}),
    "a merge conflict": (START + b"<<<<<<< HEAD\nRUN a\n=======\nRUN b\n>>>>>>> x\n", {2}),
}


def judged(status, output, errors, allowed):
    if status < 0 or status > 2 or b"Sanitizer" in errors or b"runtime error:" in errors:
        return f"crashed with status {status}:\n{errors.decode(errors='replace')[:3000]}"
    if b"internal error" in errors:
        return errors.decode(errors="replace")[:500]
    if status not in allowed:
        return f"exit status {status}: {errors[:300]!r}"
    if status == 2 and b"error: " not in errors and b"dfopt: " not in errors:
        return f"exit status 2 without a diagnostic: {errors[:300]!r}"
    return None


def run(arguments, cwd):
    done = subprocess.run([DFOPT, "--no-config", *arguments], cwd=cwd, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


def try_input(content, allowed, folder):
    path = folder / "Dockerfile"
    path.write_bytes(content)
    problem = judged(*run(["-O3", "-w", "--remarks=all", "Dockerfile"], folder), allowed)
    kept = path.read_bytes()
    if not problem and run(["-O0", "-w", "Dockerfile"], folder)[0] == 2 and kept != content:
        problem = "a refused file was changed"
    for dump in ("canon", "commands", "ast", "shell", "ir", "effects", "sizes"):
        problem = problem or judged(*run([f"--dump={dump}", "Dockerfile"], folder), {0, 2})
    return problem


# ---- paths: function → what is wrong, or None


def directory_named_dockerfile(folder):
    (folder / "Dockerfile").mkdir()
    (folder / "Dockerfile/Dockerfile").write_bytes(START)
    return judged(*run(["-l", "."], folder), {0, 2})


def missing_file(folder):
    return judged(*run(["-l", "none"], folder), {2})


def symlink_loop(folder):
    (folder / "Dockerfile").symlink_to("Dockerfile")
    return judged(*run(["-l", "Dockerfile"], folder), {2})


def directory_loop(folder):
    (folder / "a").mkdir()
    (folder / "a/b").symlink_to("..")
    (folder / "a/Dockerfile").write_bytes(START)
    status, output, errors = run(["-O1", "-l", "."], folder)
    return judged(status, output, errors, {0})


def dangling_symlink(folder):
    (folder / "Dockerfile").symlink_to("none")
    return judged(*run(["-w", "Dockerfile"], folder), {2})


def fifo(folder):
    os.mkfifo(folder / "Dockerfile")
    return judged(*run(["-l", "Dockerfile"], folder), {2}) or judged(*run(["-l", "."], folder), {0, 2})


def device(folder):
    return judged(*run(["-O1", "/dev/zero"], folder), {2})


def unreadable_file(folder):
    """Root reads everything: then there is nothing to see, and the file is as good as another."""
    (folder / "Dockerfile").write_bytes(START)
    (folder / "Dockerfile").chmod(0)
    return judged(*run(["-l", "Dockerfile"], folder), {0} if os.geteuid() == 0 else {2})


def name_with_escapes(folder):
    name = "Dockerfile.\x1b[31m\nx"
    (folder / name).write_bytes(b"FOM a\n")
    status, output, errors = run(["-l", name], folder)
    raw = b"\x1b" in errors and "a terminal would see an escape sequence"
    return judged(status, output, errors, {2}) or raw or None


def bad_file_among_good(folder):
    for name, content in {"a": START + b"RUN a\nRUN b\n", "b": b"FOM x\n", "c": START + b"RUN a\nRUN b\n"}.items():
        (folder / name).mkdir()
        (folder / name / "Dockerfile").write_bytes(content)
    problem = judged(*run(["-w", "-O1", "."], folder), {2})
    after = [(folder / name / "Dockerfile").read_bytes() for name in "abc"]
    if not problem and (after[0] != after[2] or after[1] != b"FOM x\n" or after[0] == START + b"RUN a\nRUN b\n"):
        return f"the good ones were not rewritten, or the bad one was: {after!r}"
    return problem


def mode_and_symlink_kept(folder):
    (folder / "real").write_bytes(START + b"RUN a\nRUN b\n")
    (folder / "real").chmod(0o640)
    (folder / "Dockerfile").symlink_to("real")
    problem = judged(*run(["-w", "-O1", "Dockerfile"], folder), {0})
    if not problem and not (folder / "Dockerfile").is_symlink():
        return "-w replaced a symlink"
    if not problem and (folder / "real").stat().st_mode & 0o777 != 0o640:
        return "-w changed the mode"
    if not problem and b"&&" not in (folder / "real").read_bytes():
        return "-w did not write"
    return problem


def nothing_is_left_beside(folder):
    (folder / "Dockerfile").write_bytes(START + b"RUN a\nRUN b\n")
    problem = judged(*run(["-w", "-O1", "."], folder), {0})
    return problem or (None if os.listdir(folder) == ["Dockerfile"] else f"left behind: {os.listdir(folder)}")


PATHS = [directory_named_dockerfile, missing_file, symlink_loop, directory_loop, dangling_symlink, fifo, device,
         unreadable_file, name_with_escapes, bad_file_among_good, mode_and_symlink_kept, nothing_is_left_beside]


def attempt(name, function, *arguments):
    """0 or 1 failures."""
    with tempfile.TemporaryDirectory(prefix="dfopt-hostile-") as folder:
        try:
            problem = function(*arguments, Path(folder))
        except subprocess.TimeoutExpired:
            problem = f"ran longer than {SECONDS} seconds"
    if problem:
        print(f"FAIL {name}: {problem}", flush=True)
    return 1 if problem else 0


def main():
    failed = sum(attempt(name, try_input, content, allowed) for name, (content, allowed) in INPUTS.items())
    failed += sum(attempt(function.__name__, function) for function in PATHS)
    total = len(INPUTS) + len(PATHS) + 1
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    if peak > MEMORY:
        print(f"FAIL memory: a run had {peak} KiB")
        failed += 1
    print(f"hostile: {total - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
