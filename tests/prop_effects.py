#!/usr/bin/env python3
"""Property: what a script is seen to do, --dump=effects says that it may do.

Each script runs in a folder of its own, under every shell that is here. Files that appear, change or
go must be in `writes` or `deletes` (or above a path in them: mkdir -p); a shell whose state differs
afterwards must have a flag that says so.

usage: prop_effects.py      DFOPT names the program
"""

import fnmatch
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DFOPT = os.environ.get("DFOPT", str(ROOT / "build/san/dfopt"))
SHELLS = [shell for shell in ("dash", "bash") if shutil.which(shell)]
LIMIT = 30  # seconds a run may take

# In the folder stand: a (two lines), b.txt, p.diff (for a), d/f, d/sub.
FILES = r"""
cp a b; cp a d/; cp -r d e; cp -t d a b.txt
mv a d/z; mv -t d b.txt
mkdir -p x/y/z; rmdir x/y/z
ln -s a l; ln -sf a d; ln b.txt d/hard; ln -st d a b.txt
install -m 644 a d/inst; install -d q/r; install -D a q2/r2/s
touch t{1,2} u; truncate -s 5 tr; tee t3 t4 < a
sed -i s/1/2/ a; sed -i.bak s/1/2/ b.txt; sed -n 'w out' a
tar czf o.tgz d a; tar xzf o.tgz -C d; tar -cf o2.tar --exclude d . ; tar tf o.tgz
tar cf - d | tar xf - -C d
gzip a; gunzip a.gz; gzip -k b.txt; gzip -c a > c.gz; bzip2 -k a; xz -k a
zip -q z.zip a; unzip -q -o z.zip -d d
dd if=a of=dd.out; split -b 2 a; sort -o a a; sort a > sorted
find . -name a -delete; find d -type f -exec cp {} x.out \;
find . \( -name a -o -name f \) ! -name g -print | xargs touch
rm -rf d; rm a b.txt
(cd d && touch in); cd d; touch in2; cd ..; touch out2
for i in 1 2; do echo $i > f$i; done
for f in *; do cp $f $f.copy; done
X=d/v; touch $X; echo > "$X.2"; X=$X.3 touch $X
if [ -f a ]; then mv a a2; else touch no; fi
while read x; do touch r_$x; done < a
f() { touch fn; }; f
sh -c 'touch shc'; env X=1 touch env1; nice touch n1; timeout 5 touch to1
eval 'touch ev'; eval "touch" "ev2"
mktemp -d -p . ; mkfifo ff
chmod 600 a; chmod -R go-r d
patch -p0 < p.diff
git init -q g; git -C g config user.x y
awk '{print > "awkout"}' a
echo x | tee -a tt >/dev/null
printf x >| pf; : > empty; echo x >> a
csplit -s a 1; cut -c1 a > cu; paste a b.txt > pa
shred -u a; uniq b.txt un; base64 b.txt > b64
cp a{,.orig}; mv b.txt{,.old}
test -d d && touch yes || touch no
{ touch g1; touch g2; } > g.log 2>&1
case $(cat b.txt) in 1*) touch one;; *) touch other;; esac
cat $(echo a) > subst; echo $(touch inner)
touch bg & wait
cp -b a b.txt
mv --backup=numbered a b.txt
ln -b -s a b.txt
install -b d/f b.txt
tar --remove-files -cf o.tar a
tar -cf o2.tar -C d f
tar -g snap -cf o.tar d
sed 's,1,2,gw wout' a
sed 's/1/touch executed/e' a
sed '1!w wout' a
sed '/1/W wout' a
find d -exec touch {}.t \;
echo x | xargs -I % sh -c 'touch %y'
ssh-keygen -q -t ed25519 -f key -N ""
xxd a xx
shuf -o sh a
env -C d touch in
env -S 'touch split'
flock lock touch held
setpriv --reuid=0 touch sp
runuser -u root -- touch ru
command cd d; touch in
git init -q r; git -C r -c user.name=x -c user.email=y commit -q --allow-empty -m m; git clone -q --bare r
openssl rand -out rnd 3; curl -sO file:///etc/passwd; curl -so cu --output-dir d file:///etc/passwd
gcc -x c -c /dev/null -o g.o; printf 'int main(){}' | gcc -x c -
""".strip().splitlines()

STATES = r"""
cd /tmp
(cd /tmp)
cd /tmp | cat
{ cd /tmp; }
X=1
X=1 true
X=1 :
X=1 export Y
X=1 command :
export X=2
unset HOME
set -u
set -eu
set -o noglob
umask 077
trap 'echo' INT
alias q=ls
f() { X=3; }; f
for i in 1 2; do :; done
while read l; do X=1; done < /dev/stdin
echo x | while read l; do X=1; done
read l < /dev/null
: ${NEW:=x}
: ${NEW:-x}
: $((NN = 3))
: $((3 == 3))
echo $(cd /; X=1)
eval 'X=4'
eval "cd /tmp"
. /dev/null
if true; then cd /tmp; fi
case a in a) X=1;; esac
true && X=1
sh -c 'cd /; X=1'
env X=1 true
test -d / && cd /
[ -d / ] && umask 000
command cd /tmp
command export ZZ=1
! cd /tmp
exit 0
IFS=:
PATH=$PATH:/x
export PATH=/bin:/usr/bin
echo ${X:=5}
local_() { cd /; }; local_
(exit 3); true
printf -v VV x
let Q=1
(( Q = 1 ))
declare q=1
shopt -s nullglob
pushd /tmp
mapfile -t arr < /dev/null
arr=(1 2)
readonly RR=1
getopts a v -a
""".strip().splitlines()

STATE_FLAGS = {"cd", "state", "exit", "errexit", "options", "alias", "path", "noglob", "function"}
PROBE = r"""
echo @@@; { pwd; umask; set +o; alias; trap; set; } 2>/dev/null
"""
VOLATILE = ("_=", "LINENO=", "SECONDS=", "RANDOM=", "SRANDOM=", "EPOCH", "BASH", "PIPESTATUS=",
            "PPID=", "FUNCNAME=", "SHELLOPTS=", "HISTCMD=", "OLDPWD=")


def run(shell, script, folder):
    return subprocess.run([shell, "-c", script], cwd=folder, capture_output=True, timeout=LIMIT,
                          stdin=subprocess.DEVNULL, env={"PATH": os.environ["PATH"], "HOME": "/root"})


def effects(shell, script, folder):
    text = f'FROM x\nSHELL ["{shutil.which(shell)}", "-c"]\nWORKDIR {folder}\nRUN {script}\n'
    dump = subprocess.run([DFOPT, "--dump=effects", "-"], input=text.encode(), capture_output=True,
                          timeout=LIMIT, check=True)
    return [i for i in json.loads(dump.stdout) if i["keyword"] == "run"][0]


def make_folder(folder):
    (folder / "d/sub").mkdir(parents=True)
    (folder / "a").write_text("1\n2\n")
    (folder / "b.txt").write_text("1b\n")
    (folder / "d/f").write_text("x")
    (folder / "p.diff").write_text("--- a\n+++ a\n@@ -1,2 +1,2 @@\n-1\n+9\n 2\n")


def look(path):
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return mode, os.readlink(path)
    return mode, path.read_bytes() if stat.S_ISREG(mode) else path.lstat().st_mtime_ns * stat.S_ISFIFO(mode)


def snapshot(folder):
    return {str(path): look(path) for path in folder.rglob("*")}


def is_in(path, items):
    """The path is one of the items, below one or above one; null stands for anything."""
    for item in items:
        if item is None or path == item or path.startswith(item + "/") or item.startswith(path + "/"):
            return True
        parts = path.split("/")
        if any(fnmatch.fnmatch("/".join(parts[:n]), item) for n in range(2, len(parts) + 1)):
            return True
    return False


def check_files(shell, script):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve() / "w"
        make_folder(folder)
        said = effects(shell, script, folder)
        before = snapshot(folder)
        run(shell, script, folder)
        after = snapshot(folder)
    touched = said.get("writes", []) + said.get("deletes", [])
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    return [path for path in sorted(changed) if not is_in(path, touched)]


def state(shell, script, folder):
    parts = run(shell, script + PROBE, folder).stdout.decode(errors="replace").split("@@@")
    return [line for line in parts[-1].splitlines() if not line.startswith(VOLATILE)] if len(parts) > 1 else None


def check_state(shell, script):
    with tempfile.TemporaryDirectory() as name:
        same = state(shell, ":", name) == state(shell, script, name)
        said = set(effects(shell, script, name)["flags"])
    return [] if same or said & STATE_FLAGS else ["the shell's state"]


def main():
    passed = failed = 0
    for shell in SHELLS:
        for check, scripts in ((check_files, FILES), (check_state, STATES)):
            for script in scripts:
                missed = check(shell, script)
                passed += not missed
                failed += bool(missed)
                if missed:
                    print(f"FAIL effects: {shell} -c {script!r} changes {', '.join(missed)}")
    print(f"effects: {passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
