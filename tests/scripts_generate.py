"""Random Dockerfiles whose RUNs do all that matters when RUNs are merged.

A script is a tree: Text (a command, as it is), Chain (items with a separator between), Block
(opening, body, closing). The tree is kept so that a failing case can be made smaller. Two marks
stand in rendered text until the layout is chosen: BREAK between tokens (a blank or a continued
line) and END between commands (`;`, or a newline in a here-document).

Only harmless commands, on the file names below; whatever a shell can leak (directory, variables,
options, traps, functions, descriptors, the mask) is changed by some commands and shown by others.
"""

import random

BREAK, END = "\1", "\2"

FILES = ["f0", "f1", "f2", "d0/f3", "d1/f4"]
FOLDERS = ["d0", "d1", "d2"]
NAMES = ["x", "y", "z"]
SET = ["q", "v", "w", "x"]  # by ENV and ARG

# Instructions between RUNs, of which some may change places with them.
SETTINGS = ["ENV {v}={i}", "ENV {v}={i}", "ENV {v} a  b", "ENV {v}=\"a b\" w={i}", "ENV {v}=${v}{i}", "ENV {v}=${{q}} w=$v", "ENV LC_ALL=C", "ENV TMPDIR=/tmp",
            "ARG {v}={i}", "ARG {v}={i}", "ARG {v}", "ARG {v}=$q", "LABEL l={i}", "LABEL l=$q k=\"$v\"", "EXPOSE 8{i}", "EXPOSE 8$q", "CMD [\"x\"]", "MAINTAINER me",
            "COPY c{i} {f}", "COPY c{i} {d}/", "COPY c{i} new", "COPY c{i} n/e/w{i}", "COPY c{i} new-$q", "COPY --chmod=600 c{i} {f}", "COPY c{i} ./"]

# What every shell has. {f} {g} a file, {d} a folder, {n} {m} a variable, {i} a small number.
COMMANDS = """
true | true | false | : | test -f {f} | [ -d {d} ] | [ -n "${n}" ] | test "$#" -eq 0
touch {f} | touch {f} | rm -f {f} | rm {f} | mkdir -p {d} | mkdir {d}/new | cp {f} {g} | mv {f} {g} | rm -rf {d} | ls
echo {i} > {f} | echo {i} >> {f} | echo {i} | echo "{n}=${n}" > {f} | echo "a  b" '#' c\\ d | printf '%s\\n' {i} a | cat {f} | cat < {f}
echo * | echo {d}/* | echo "${n}" "${{{m}-unset}}" | echo ${{{n}:={i}}} | : "${{{n}?none}}" | echo $(cat {f}) | echo $(( {i} + 1 )) | echo `cat {f}`
grep -q {i} {f} | chmod 600 {f} | cat {f} 2>/dev/null | cat {f} > /dev/null 2>&1 | ln -s {f} {g} | sleep 0
"""

CHANGES = """
cd {d} | cd {d} | cd {d} | cd .. | cd "$W" | cd - | {n}={i} | {n}={i} | {n}= {m}={i} | {n}={i} echo ${n} | {n}=$(pwd)
export {n}={i} | export {n} | readonly r={i} | unset {n} | unset -f fn | IFS=: | PATH=/nowhere | HOME=/nowhere | LC_ALL=C
set -e | set -e | set -ex | set -eu | set -u | set -x | set -f | set -C | set +e | set -o errexit | set -- a b | shift
umask 077 | umask 027 | trap 'echo bye' EXIT | trap 'touch f2' 0 | trap '' INT | trap - EXIT | alias ls='echo aliased' | unalias -a
exit | exit 0 | exit {i} | exit 1 | return 0 | return 1 | exec echo replaced | exec > {f} | exec 3> {f} | exec 2>&1 | exec true
. ./lib.sh | . ./missing | eval "cd {d}" | eval '{n}={i}' | eval "false" | read {n} < {f} | read {n} | ulimit -n 256 | command cd {d} | hash -r
fn | fn {i} | ls() {{ echo shadowed; }} | fn() {{ cd {d}; {n}=$1; }} | fn() {{ local {n}; {n}=1; return {i}; }} | fn() {{ false; echo after; }} | getopts ab {n} -a
: $(( {n} = {i} )) | : ${{{n}:={i}}} | kill -0 $$ | set -o pipefail | wait | true & wait | touch {f} & wait $! | false & wait $! | {{ sleep 0.02; touch {f}; }} & wait
"""

SHOWS = """
pwd | pwd | echo "$x,$y,$z" | echo "${{x-unset}},${{y-unset}}" | echo $- | umask | echo $# "$@" | echo $? | echo >&3 | trap | command -v ls
echo "$OLDPWD" | echo "$IFS" | echo "$HOME" "$LC_ALL" | ls | cat f0 f1 f2 | fn | r=9 | echo "${{!+job}}" | sh -c 'echo $x$y' | echo > f1 | ulimit -n | echo "$0" "$OPTIND"
"""

# What shows variables that ENV and ARG set, one of them or all.
VARIABLES = """
env | printenv | export -p | printenv {v} | env|grep {v} | set|grep ^{v}= | echo "${v}" | echo "${{{v}-unset}}" | echo ${v} > {f} | sh -c 'echo ${v}' | eval 'echo ${v}'
export {v} | {v}=own | unset {v} | {v}=own env | : ${{{v}:=own}} | test -z "${v}" | env {v}=own printenv {v} | awk 'BEGIN {{ print ENVIRON["{v}"] }}' | cat /proc/self/environ|tr '\\0' '\\n'
"""

BASH_COMMANDS = """
[[ -f {f} ]] | [[ ${n} == {i} ]] | (( {i} - 1 )) | cat <<< "${n} {i}" | echo {{a,b}} | echo $'a\\tb' | cat {f} &> /dev/null | cat {f} &>> {g} | cat {f} |& cat
echo "${{{n}/a/b}}" "${{{n}:0:1}}" | cat <(echo {i}) | echo ${{a[1]-none}} | echo d?/**
"""

BASH_CHANGES = """
set -o pipefail | set -euo pipefail | set -euxo pipefail | shopt -s nullglob | shopt -s expand_aliases | shopt -s extglob | source ./lib.sh | declare -i {n}={i} | declare -r r={i}
pushd {d} | popd | function fn {{ cd {d}; }} | export -f fn | a=(p q r) | a[1]={i} | let {n}={i} | trap 'echo err' ERR | set -E | mapfile -t a < {f} | {n}+={i} | read {n} <<< {i} | printf -v {n} %s {i}
"""


def phrases(table):
    return [phrase.strip() for line in table.strip().splitlines() for phrase in line.split(" | ")]


# `|` alone separates the phrases of a line, so commands with a pipe are written here.
PIPES = ["cat {f} | cat", "echo {i} | cat > {f}", "false | true", "true | false", "echo {i} | read {n}",
         "cat {f} | while read l; do echo \"<$l>\"; done", "echo a | {{ read {n}; echo \"${n}\"; }}"]

COMMANDS, CHANGES, SHOWS, VARIABLES = phrases(COMMANDS), phrases(CHANGES), phrases(SHOWS), phrases(VARIABLES)
BASH_COMMANDS, BASH_CHANGES = phrases(BASH_COMMANDS), phrases(BASH_CHANGES)


class Text:
    def __init__(self, text):
        self.text = text

    def render(self):
        return self.text

    def smaller(self):
        if self.text != "true":
            yield Text("true")


class Chain:
    """items[0] seps[0] items[1] .."""

    def __init__(self, items, seps):
        self.items, self.seps = items, seps

    def render(self):
        out = self.items[0].render()
        for sep, item in zip(self.seps, self.items[1:]):
            out += sep + item.render()
        return out

    def smaller(self):
        for i in range(len(self.items)):
            if len(self.items) > 1:
                yield Chain(self.items[:i] + self.items[i + 1:], self.seps[:i] + self.seps[i + 1:] if i < len(self.seps) else self.seps[:-1])
        for i, item in enumerate(self.items):
            for less in item.smaller():
                yield Chain(self.items[:i] + [less] + self.items[i + 1:], self.seps)


class Block:
    """A compound command, or anything else with a script inside."""

    def __init__(self, opening, body, closing):
        self.opening, self.body, self.closing = opening, body, closing

    def render(self):
        return self.opening + self.body.render() + self.closing

    def smaller(self):
        yield self.body
        for less in self.body.smaller():
            yield Block(self.opening, less, self.closing)


class Run:
    """One RUN: its script, the layout, and whether an expert would merge it without a second look."""

    def __init__(self, script, flags, layout, document):
        self.script, self.flags, self.layout, self.document = script, flags, layout, document

    def render(self):
        rng = random.Random(self.layout)
        text = self.script.render()
        if self.document:
            text = "".join(rng.choice(["\n", "\n", "; "]) if c == END else
                           rng.choice([" ", " ", " \\\n  "]) if c == BREAK else c for c in text)
            head = rng.choice(["# a script\n", "", ""])
            end = self.document.strip("'")
            return f"RUN {self.flags}<<{self.document}\n{head}{text}\n{end}\n"
        return f"RUN {self.flags}{lay_out(text, rng)}\n"

    def smaller(self):
        if self.layout:
            yield Run(self.script, self.flags, 0, self.document)
        if self.flags:
            yield Run(self.script, "", self.layout, self.document)
        if self.document:
            yield Run(self.script, self.flags, self.layout, "")
        for less in self.script.smaller():
            yield Run(less, self.flags, self.layout, self.document)


class Line:
    """Any other instruction, or trivia."""

    def __init__(self, text):
        self.text = text

    def render(self):
        return self.text + "\n"

    def keeps_apart(self):
        """It changes what a RUN starts from: the shell's state, its variables, files."""
        return self.text.split(" ")[0] in ("FROM", "WORKDIR", "USER", "VOLUME", "SHELL", "ENV", "ARG", "COPY")

    def pinned(self):
        """No RUN is merged across it."""
        return Line("# dfopt: disable=merge-run\n" + self.text) if self.keeps_apart() else self

    def smaller(self):
        return iter(())


class Dockerfile:
    def __init__(self, parts):
        self.parts = parts

    def render(self):
        return "".join(part.render() for part in self.parts)

    def pinned(self):
        """The same, but RUNs that do not start from the same state stay apart."""
        return Dockerfile(self.parts[:1] + [part if isinstance(part, Run) else part.pinned() for part in self.parts[1:]])

    def neighbours(self, parses):
        """How many RUNs follow another and start from the state in which that one started, but for what
        it did itself; and both are scripts: parses() tells of the text of a RUN."""
        seen = [isinstance(part, Run) and not part.document and parses(part.render())
                for part in self.parts if isinstance(part, Run) or part.keeps_apart()]
        return sum(a and b for a, b in zip(seen, seen[1:]))

    def smaller(self):
        """Dockerfiles with one thing less, the largest steps first. FROM and WORKDIR stay."""
        for i in range(2, len(self.parts)):
            yield Dockerfile(self.parts[:i] + self.parts[i + 1:])
        for i, part in enumerate(self.parts):
            for less in part.smaller():
                yield Dockerfile(self.parts[:i] + [less] + self.parts[i + 1:])


def lay_out(text, rng):
    """Chooses blanks and continued lines; comment and blank lines go inside continuations."""
    broken = rng.choice([0, 0, 0.5, 0.9])
    breaks = [" \\\n    ", " \\\n    ", " \\\n", " \\  \n\t"]
    if rng.random() < 0.3:
        breaks += [" \\\n# a note\n    ", " \\\n    # note's \"quote\n  ", " \\\n\n    "]
    out = ""
    for c in text:
        if c not in (BREAK, END):
            out += c
            continue
        space = rng.choice(breaks) if rng.random() < broken else " "
        out += ";" + space if c == END else space
    return out


class Generator:
    def __init__(self, seed, folder):
        self.rng = random.Random(seed)
        self.folder = folder
        self.bash = self.rng.random() < 0.25
        # How wild the RUNs are: mostly plain chains, as real files have, up to anything at all.
        self.wild = self.rng.choice([0.1, 0.3, 0.6, 1.0])
        self.late = False  # the RUN before left a job behind, which a container's end kills

    def word(self, phrase):
        rng = self.rng
        return phrase.format(f=rng.choice(FILES), g=rng.choice(FILES), d=rng.choice(FOLDERS),
                             n=rng.choice(NAMES), m=rng.choice(NAMES), i=rng.randrange(3), v=rng.choice(SET))

    def command(self, depth):
        rng = self.rng
        if depth > 0 and rng.random() < 0.22 * self.wild:
            return self.compound(depth - 1)
        pools = [(COMMANDS, 5), (SHOWS, 2), (VARIABLES, 1), (CHANGES, 4 * self.wild), (PIPES, 0.7)]
        if self.bash:
            pools += [(BASH_COMMANDS, 1), (BASH_CHANGES, 2 * self.wild)]
        pool = rng.choices([p for p, _ in pools], [w for _, w in pools])[0]
        text = self.word(rng.choice(pool))
        if rng.random() < 0.08 * self.wild:
            text = "! " + text if not text.startswith("!") else text
        return Text(text)

    def compound(self, depth):
        rng, body = self.rng, self.list(depth)
        test = self.word(rng.choice(["true", "false", "test -f {f}", "[ -d {d} ]", "! false", "cd {d}"]))
        other = self.word(rng.choice(["false", "touch {f}", "echo {i}"]))
        opening, closing = rng.choice([
            ("(", ")"), ("( ", " )"), (f"{{{BREAK}", f"{END}}}"), (f"{{{BREAK}", f"{END}}}"),
            (f"if {test}{END}then{BREAK}", f"{END}fi"), (f"if {test}{END}then {other}{END}else{BREAK}", f"{END}fi"),
            (f"for i in 1 2{END}do{BREAK}", f"{END}done"), (f"for i in *{END}do{BREAK}", f"{END}done > out"),
            (f"case \"$x\" in{BREAK}1) {other};;{BREAK}*)", f";;{BREAK}esac"),
            (f"k=0{END}while [ $k -lt 2 ]{END}do k=$((k+1)){END}", f"{END}done"),
            (f"until {other} || true{END}do{BREAK}", f"{END}done"),
            (f"fn() {{{BREAK}", f"{END}}}"), (f"fn() (", ")"), (f"{{{BREAK}", f"{END}}} > out 2>&1"), ("! (", ")"),
            # without the blank, dash takes $(( for arithmetic
            ("echo $( ", ")"), ("echo \"$( ", ")\""), ("x=$( ", ")"),
            ("(", ") || true"), ("(", f") &{END}wait"), ("eval '", "'"), ("sh -c '", "'"),
            (f"(set -e{END}", ")"), (f"x=$(set -e{END}", ")"), ("set -e && eval '", "'"),
            ("trap '", "' EXIT"),
        ])
        return Block(opening, body, closing)

    def list(self, depth):
        rng = self.rng
        n = rng.choice([1, 1, 2, 2, 3, 4])
        ands = rng.random() > 0.5 * self.wild
        seps = []
        for _ in range(n - 1):
            chained = f"{BREAK}&& " if rng.random() < 0.5 else f" &&{BREAK}"
            wild = [END, END, f" ||{BREAK}", f"{BREAK}|| ", chained]
            seps.append(chained if ands and rng.random() < 0.9 else rng.choice(wild))
        return Chain([self.command(depth) for _ in range(n)], seps)

    def script(self):
        rng = self.rng
        script = self.list(2)
        if rng.random() < 0.25 * self.wild:
            prefix = rng.choice(["set -e", "set -ex", "set -ex", "set -eux", "set -u", "set -x", "! true", "cd d0", "x=1", "export y=2"])
            script = Chain([Text(prefix), script], [rng.choice([END, f"{BREAK}&& "])])
        if rng.random() < 0.15 * self.wild:
            tail = rng.choice([";", " ;", " # done", " # it's \"half", ";true # && false", " || true", "; exit 0", " && exit", " & wait", "; exit $?", " | cat", " > out", " >&2"])
            script = Chain([script, Text("")], [tail])
        return script

    def run(self):
        rng = self.rng
        document = rng.choice(["EOF", "'EOF'"]) if rng.random() < 0.12 * self.wild else ""
        flags = rng.choice(["", "", "--network=none ", "--mount=type=cache,target=/var/cache/x "]) if rng.random() < 0.05 else ""
        if rng.random() < 0.03 * self.wild:
            return Run(Text(self.word("cat <<END > {f} && echo {i}\n$x body\nEND")), flags, 0, "")
        if self.late:
            self.late = False
            return Run(Chain([Text("sleep 0.2"), self.list(1)], [END]), flags, 0, "")
        if rng.random() < 0.02 * self.wild:
            self.late = True
            return Run(Text(self.word("(sleep 0.1; touch late) & touch {f}")), flags, 0, "")
        return Run(self.script(), flags, rng.randrange(1, 1 << 30), document)

    def between(self):
        """What stands between two RUNs: mostly nothing."""
        rng = self.rng
        if rng.random() < 0.6:
            return []
        if rng.random() < 0.6:
            return [Line(self.word(rng.choice(SETTINGS))) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
        return [Line(rng.choice([
            "", "# a comment", "\n# two\n# lines\n", "LABEL a=b", "EXPOSE 80", "CMD [\"x\"]", "ENV q=1", f"ENV x={rng.randrange(3)}", "ENV y=e",
            f"ENV PATH={self.folder}/d0:$PATH", "ARG z=arg", "ARG z", "WORKDIR d0", f"WORKDIR {self.folder}/d1", f"WORKDIR {self.folder}",
            "STOPSIGNAL 9", "HEALTHCHECK NONE", "ENTRYPOINT x", "MAINTAINER somebody", "VOLUME /v", "USER root",
            "SHELL [\"/bin/bash\", \"-c\"]", "SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]", "SHELL [\"/bin/sh\", \"-ec\"]", "SHELL [\"/bin/bash\", \"-euxc\"]",
        ] if self.bash else [
            "", "# a comment", "\n# two\n# lines\n", "LABEL a=b", "EXPOSE 80", "CMD [\"x\"]", "ENV q=1", f"ENV x={rng.randrange(3)}", "ENV y=e",
            "ARG z=arg", "ARG z", "WORKDIR d0", f"WORKDIR {self.folder}", "STOPSIGNAL 9", "ENTRYPOINT x", "VOLUME /v",
            "SHELL [\"/bin/sh\", \"-ec\"]", "SHELL [\"/bin/sh\", \"-c\"]",
        ]))]

    def freeing(self):
        """Two RUNs, and something between them that is worth crossing: bytes go away."""
        between = [Line(self.word(self.rng.choice(SETTINGS))) for _ in range(self.rng.choice([1, 1, 2]))]
        file = self.rng.choice(["gone", "d0/gone", "f0"])
        first = Chain([Text(f"touch {file}"), self.list(0)], [" && "])
        second = Chain([Text(f"rm {file}"), self.list(0)], [" && "])
        return [Run(first, "", 0, ""), *between, Run(second, "", 0, "")]

    def dockerfile(self):
        rng = self.rng
        parts = [Line("FROM " + rng.choice(["debian:12", "alpine:3.20", "ubuntu:22.04", "rockylinux:9"])),
                 Line(f"WORKDIR {self.folder}"), Line(f"ENV W={self.folder}")]
        if self.bash:
            parts.append(Line('SHELL ["/bin/bash", "-c"]'))
        for _ in range(rng.randrange(2, 7)):
            parts += [self.run(), *self.between()]
            if rng.random() < 0.15 and not self.late:
                parts += [*self.freeing(), *self.between()]
        return Dockerfile(parts)
