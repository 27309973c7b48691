"""What a build does with a Dockerfile, without building: each RUN is a new shell in the same folder,
the first failure ends it all, and what is left running when a shell ends is killed. COPY writes files
whose content is their source's name; ENV and ARG are in the environment of the RUNs below.

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


class Run:
    """A RUN as a shell gets it."""

    def __init__(self, text, shell, folder, env):
        self.text, self.shell, self.folder, self.env = text, shell, folder, env


class Copy:
    """COPY of one file of the build context."""

    def __init__(self, source, target, folder, mode):
        path = os.path.join(folder, target)
        self.content = source
        self.path = os.path.join(path, source) if target.endswith("/") else path
        self.mode = mode

    def make(self):
        """False when it cannot: something else is in its way."""
        path = os.path.realpath(self.path)
        if os.path.isdir(path):
            path = os.path.join(path, self.content)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(self.content + "\n")
            os.chmod(path, self.mode)
        except OSError:
            return False
        return True


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


VARIABLE = re.compile(r"\$\{?(\w+)\}?")


class State:
    """What the instructions above say, where a build has come to."""

    def __init__(self):
        self.shell, self.folder = ["/bin/sh", "-c"], "/"
        self.env = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
        self.args, self.labels, self.rest = {}, {}, {}

    def environment(self):
        return {**self.args, **self.env}

    def expanded(self, text):
        return VARIABLE.sub(lambda m: self.environment().get(m[1], ""), text)

    def assignments(self, rest):
        """NAME=VALUE .., each value expanded with what was before the instruction."""
        words = shlex.split(rest)
        if words and "=" not in words[0]:
            words = ["=".join(rest.split(None, 1))]
        return {name: self.expanded(value) for name, _, value in (word.partition("=") for word in words)}

    def step(self, keyword, rest, bodies):
        """Takes one instruction in; a Run or Copy when it changes files."""
        if keyword == "RUN":
            return Run(run_text(rest, bodies), self.shell, self.folder, self.environment())
        if keyword == "COPY":
            mode, words = 0o644, [self.expanded(word) for word in rest.split()]
            if words[0].startswith("--chmod="):
                mode = int(words.pop(0).partition("=")[2], 8)
            return Copy(*words, self.folder, mode)
        if keyword == "SHELL":
            self.shell = [word.strip('"') for word in re.findall(r'"[^"]*"', rest)]
        elif keyword == "WORKDIR":
            self.folder = os.path.join(self.folder, self.expanded(rest))
        elif keyword == "ENV":
            self.env.update(self.assignments(rest))
        elif keyword == "LABEL":
            self.labels.update(self.assignments(rest))
        elif keyword == "ARG":
            self.args.update(self.assignments(rest) if "=" in rest else {})
        else:
            self.rest[keyword] = self.expanded(rest) if keyword == "EXPOSE" else rest
        return None

    def image(self):
        """What the image is configured to."""
        return {"env": self.env, "labels": self.labels, "folder": self.folder, "shell": self.shell, **self.rest}


def read(text):
    """The steps of a Dockerfile that change files, and the configuration of its image."""
    state = State()
    steps = [state.step(*instruction) for instruction in instructions(text)]
    return [step for step in steps if step], state.image()


def count_runs(text):
    return sum(isinstance(step, Run) for step in read(text)[0])


class Result:
    """What a sequence left behind."""

    def __init__(self, success, output, errors, tree, image):
        self.success, self.output, self.errors, self.tree, self.image = success, output, errors, tree, image

    def differences(self, other, compare_errors):
        names = ["success", "output", "image"] + (["errors"] if compare_errors else [])
        found = [f"{name}: {getattr(self, name)!r} became {getattr(other, name)!r}"
                 for name in names if getattr(self, name) != getattr(other, name)]
        files = [name for name in sorted(self.tree.keys() | other.tree.keys()) if self.tree.get(name) != other.tree.get(name)]
        return found + [f"{name}: {self.tree.get(name)} became {other.tree.get(name)}" for name in files]


def without_lines(errors):
    """Messages of shells without line numbers, which the layout of a script moves, and process ids."""
    return re.sub(rb"(: line \d+|: \d+|: eval: line \d+)(?=:)|pid \d+", b"", errors)


def without_depth(output):
    """A shell that becomes its last command does not count itself in SHLVL: it alone tells. And where
    bash puts `_` among the variables that it hands on depends on how many it has made before."""
    return re.sub(rb"^_=/.*\n", b"", re.sub(rb"SHLVL=\d+", b"SHLVL=", output), flags=re.M)


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


def run_steps(steps, root, programs, output, errors):
    """The status of the last step that ran; None when it took too long."""
    status = 0
    for step in steps:
        if isinstance(step, Copy):
            if not step.make():
                return 1
            continue
        if not step.folder.startswith(root):
            raise ValueError(f"a RUN in {step.folder} would leave the scratch folder")
        status = run_step(step, programs, output, errors)
        if status != 0:
            break
    return status


def build(text, root, folder, programs):
    """Does what a Dockerfile says; None when a RUN took too long. A build that fails leaves nothing:
    where files are copied in between, what it had made counts no more than its order does."""
    prepare(root, folder)
    steps, image = read(text)
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        status = run_steps(steps, root, programs, output, errors)
        output.seek(0)
        errors.seek(0)
        if status is None:
            return None
        copies = any(isinstance(step, Copy) for step in steps)
        tree = {} if status != 0 and copies else tree_below(root)
        return Result(status == 0, without_depth(output.read()), without_lines(errors.read()), tree, image)
