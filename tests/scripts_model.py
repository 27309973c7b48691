"""What a build does with a Dockerfile's RUNs, without building: each RUN is a new shell in the same
folder, the first failure ends it all, and what is left running when a shell ends is killed.

Reads only what scripts_generate.py writes and what dfopt may make of it.
"""

import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import tempfile

SKELETON = {"f0": "one\ntwo\n", "f1": "1\n", "d0/f3": "0\n", "d1/f4": "2 3\n", "lib.sh": "x=sourced\ncd d0\n"}

LIMIT = 10  # seconds a RUN may take

HEREDOC = re.compile(r"""(?:^|(?<=\s))\d*<<(-?)(["']?)(\w+)\2(?=\s|$)""")


class Step:
    """A RUN as a shell gets it."""

    def __init__(self, text, shell, folder, env):
        self.text, self.shell, self.folder, self.env = text, shell, folder, env


def instructions(text):
    """(keyword, joined rest, [here-document content]) of each instruction, as BuildKit reads it."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        line = lines[at].lstrip()
        at += 1
        if not line or line.startswith("#"):
            continue
        joined = line
        while re.search(r"(^|[^\\])\\[ \t]*$", joined) and at < len(lines):
            joined = re.sub(r"\\[ \t]*$", "", joined)
            while at < len(lines) and (not lines[at].strip() or lines[at].lstrip().startswith("#")):
                at += 1
            if at < len(lines):
                joined += lines[at]
                at += 1
        keyword, _, rest = joined.partition(" ")
        bodies = []
        for dash, _, name in HEREDOC.findall(rest) if keyword.upper() == "RUN" else []:
            body = []
            while (lines[at].lstrip("\t") if dash else lines[at]) != name:
                body.append(lines[at] + "\n")
                at += 1
            at += 1
            bodies.append((name, "".join(body)))
        yield keyword.upper(), rest.strip(), bodies


def run_text(rest, bodies):
    """dispatchRun in BuildKit's dockerfile2llb/convert.go."""
    while rest.startswith("--"):
        rest = rest.partition(" ")[2].lstrip()
    if bodies and HEREDOC.fullmatch(rest):
        return bodies[0][1]
    return rest + "".join(f"\n{body}{name}" for name, body in bodies)


def steps_of(text):
    """The RUNs of a Dockerfile, each with the state it starts from."""
    shell, folder, steps = ["/bin/sh", "-c"], "/", []
    args = {}
    env = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
    for keyword, rest, bodies in instructions(text):
        if keyword == "RUN":
            steps.append(Step(run_text(rest, bodies), shell, folder, {**args, **env}))
        elif keyword == "SHELL":
            shell = [word.strip('"') for word in re.findall(r'"[^"]*"', rest)]
        elif keyword == "WORKDIR":
            folder = os.path.join(folder, rest)
        elif keyword == "ENV":
            for word in shlex.split(rest):
                name, _, value = word.partition("=")
                env[name] = value.replace("$PATH", env["PATH"])
        elif keyword == "ARG" and "=" in rest:
            name, _, value = rest.partition("=")
            args[name] = value
    return steps


class Result:
    """What a sequence left behind."""

    def __init__(self, success, output, errors, tree):
        self.success, self.output, self.errors, self.tree = success, output, errors, tree

    def differences(self, other, compare_errors):
        names = ["success", "output"] + (["errors"] if compare_errors else [])
        found = [f"{name}: {getattr(self, name)!r} became {getattr(other, name)!r}"
                 for name in names if getattr(self, name) != getattr(other, name)]
        files = [name for name in sorted(self.tree.keys() | other.tree.keys()) if self.tree.get(name) != other.tree.get(name)]
        return found + [f"{name}: {self.tree.get(name)} became {other.tree.get(name)}" for name in files]


def without_lines(errors):
    """Messages of shells without line numbers, which the layout of a script moves, and process ids."""
    return re.sub(rb"(: line \d+|: \d+|: eval: line \d+)(?=:)|pid \d+", b"", errors)


def tree_below(root):
    """Relative name → kind, mode and content."""
    found = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)
            info = os.lstat(path)
            content = b""
            if stat.S_ISLNK(info.st_mode):
                content = os.readlink(path)
            elif stat.S_ISREG(info.st_mode):
                with open(path, "rb") as file:
                    content = file.read()
            found[os.path.relpath(path, root)] = (oct(info.st_mode), content)
    return found


def run_step(step, programs, output, errors):
    """The exit status; None when it took too long. What still runs is killed, as with a container."""
    name = os.path.basename(step.shell[0])
    os.makedirs(step.folder, exist_ok=True)
    process = subprocess.Popen([name, *step.shell[1:], step.text], executable=programs[name], cwd=step.folder,
                               env=step.env, stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                               start_new_session=True)
    try:
        status = process.wait(LIMIT)
    except subprocess.TimeoutExpired:
        status = None
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    return status


def prepare(root, folder):
    """The scratch tree that every sequence starts from: `root` is compared, `folder` is the WORKDIR
    some levels below, so that a few `cd ..` stay inside."""
    shutil.rmtree(root, ignore_errors=True)
    for name in ("d0", "d1", "d2"):
        os.makedirs(os.path.join(folder, name))
    for name, content in SKELETON.items():
        with open(os.path.join(folder, name), "w") as file:
            file.write(content)


def build(text, root, folder, programs):
    """Runs a Dockerfile's RUNs; None when one took too long."""
    prepare(root, folder)
    status = 0
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        for step in steps_of(text):
            if not step.folder.startswith(root):
                raise ValueError(f"a RUN in {step.folder} would leave the scratch folder")
            status = run_step(step, programs, output, errors)
            if status != 0:
                break
        output.seek(0)
        errors.seek(0)
        if status is None:
            return None
        return Result(status == 0, output.read(), without_lines(errors.read()), tree_below(root))
