#!/usr/bin/env python3
"""The program from the outside: options, exit status, files, atomicity, what is printed.

usage: cli.py        DFOPT names the program
Every function test_* is a test; it gets an empty directory, which is the current one.
"""
import os
import pty
import resource
import select
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DFOPT = os.path.abspath(os.environ.get("DFOPT", "build/san/dfopt"))

# What merge-run changes, and what it makes of it.
BEFORE = "FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n"
SAME = "FROM debian:12\nRUN make\n"
BAD = "FROM debian:12\nFRM x\n"
ONE = ["--disable=all", "--enable=merge-run"]


def run(*args, stdin=None, cwd=None, env=None):
    done = subprocess.run([DFOPT, *args], input=stdin, capture_output=True, timeout=60, cwd=cwd,
                          env={**os.environ, **(env or {})})
    check(done.returncode in (0, 1, 2), "%s ended with %d: %s" % (args, done.returncode, done.stderr))
    return done


def check(condition, message="not so"):
    if not condition:
        raise AssertionError(message)


def same(got, want):
    check(got == want, "got  %r\n     want %r" % (got, want))


def put(path, text=BEFORE):
    if os.path.dirname(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())


def get(path):
    with open(path, "rb") as f:
        return f.read()


def after():
    """What BEFORE becomes."""
    return run(*ONE, "-", stdin=BEFORE.encode()).stdout


def names(done):
    return done.stdout.decode().splitlines()


# ---- options ----

def test_usage_errors_are_status_2_with_a_hint():
    put("Dockerfile")
    for args in (["--nonsense", "Dockerfile"], ["-Z", "Dockerfile"], ["-O4", "Dockerfile"],
                 ["-Ox", "Dockerfile"], [], ["--enable=nonsense", "Dockerfile"],
                 ["--disable=merge-run,nonsense", "Dockerfile"], ["--color=blue", "Dockerfile"],
                 ["--check", "-w", "Dockerfile"], ["-d", "-l", "Dockerfile"],
                 ["-o", "x", "-w", "Dockerfile"], ["-o", "x", "-d", "Dockerfile"],
                 ["--dump=ir", "-w", "Dockerfile"], ["--dump=nonsense", "Dockerfile"],
                 ["-w", "-"], ["-0", "Dockerfile"], ["-j", "x", "Dockerfile"], ["-j"],
                 ["--check=yes", "Dockerfile"], ["--remarks=nonsense", "Dockerfile"],
                 ["--no-context", "--context=.", "Dockerfile"], ["--context=nowhere", "Dockerfile"],
                 ["--target", "", "Dockerfile"], ["--files-from=-", "-"], ["-q", "-v", "Dockerfile"],
                 ["--pin=nonsense", "Dockerfile"], ["--report=json", "Dockerfile"],
                 ["--config=x", "--no-config", "Dockerfile"], ["Dockerfile", "Dockerfile2"], ["."]):
        done = run(*args)
        same((args, done.returncode), (args, 2))
        same(done.stdout, b"")
        lines = done.stderr.decode().splitlines()
        check(lines[0].startswith("dfopt: ") and "--help" in lines[-1], (args, lines))
    same(get("Dockerfile"), BEFORE.encode())


def test_help_names_every_option():
    text = run("--help").stdout.decode()
    for option in ("-O0 -O1 -O2 -O3 --diff --write --list --check --output --remarks --context --dockerignore "
                   "--no-context --enable --disable --pin --target --no-config --files-from "
                   "--null --jobs --dump --list-passes --explain --color --quiet --verbose "
                   "--version --help").split():
        check(option in text, option)
    check(all(len(line) <= 90 for line in text.splitlines()), "a long line")


def test_version():
    same(run("--version").stdout.decode().split()[0], "dfopt")


def test_list_and_explain():
    listed = [line.split()[0] for line in names(run("--list-passes"))]
    check("merge-run" in listed, listed)
    for name in listed:
        done = run("--explain=" + name)
        same(done.returncode, 0)
        check(name in done.stdout.decode(), name)
    for rule in ("merge-run/other-flags", "merge-run/merged"):
        done = run("--explain=" + rule)
        check(done.returncode == 0 and b"merge-run" in done.stdout, rule)
    check(b"dfopt/deliberate" in run("--explain=dfopt").stdout)
    same(run("--explain=nonsense").returncode, 2)
    group = [name for name in listed if name.startswith("modernize/")]
    explained = run("--explain=modernize").stdout.decode()
    check(group and all(name in explained for name in group), explained)


def test_toggles_are_read_in_order():
    put("Dockerfile")
    same(names(run("-l", "--disable=all", "--enable=merge-run", "Dockerfile")), ["Dockerfile"])
    same(names(run("-l", "-O0", "--enable=merge-run", "Dockerfile")), ["Dockerfile"])
    same(names(run("-l", "--enable=merge-run", "--disable=all", "Dockerfile")), [])
    same(names(run("-l", "-O0", "Dockerfile")), [])


def test_a_group_names_its_passes():
    put("Dockerfile", b"FROM a as b\n")
    casing = "modernize/from-as-casing"
    same(names(run("-l", "--disable=all", "--enable=modernize", "Dockerfile")), ["Dockerfile"])
    same(names(run("-l", "--disable=all", "--enable=" + casing, "Dockerfile")), ["Dockerfile"])
    same(names(run("-l", "--disable=modernize", "Dockerfile")), [])
    same(names(run("-l", "--disable=" + casing, "Dockerfile")), [])
    same(run("-l", "--disable=moder", "Dockerfile").returncode, 2)


# ---- modes ----

def test_result_on_standard_output():
    put("Dockerfile")
    done = run(*ONE, "Dockerfile")
    same((done.returncode, done.stdout, done.stderr), (0, after(), b""))
    check(after() != BEFORE.encode())
    same(get("Dockerfile"), BEFORE.encode())
    same(run("-O0", "Dockerfile").stdout, BEFORE.encode())


def test_standard_input():
    same(run("-O0", "-", stdin=b"FROM a\r\nRUN x").stdout, b"FROM a\r\nRUN x")
    done = run("-", stdin=BAD.encode())
    same(done.returncode, 2)
    check(done.stderr.startswith(b"<stdin>:2:1: error: "), done.stderr)
    same(names(run(*ONE, "-l", "-", stdin=BEFORE.encode())), ["<stdin>"])


def test_list_check_and_status():
    put("a/Dockerfile"), put("b/Dockerfile", SAME), put("c/Dockerfile", BAD)
    done = run(*ONE, "-l", "a/Dockerfile", "b/Dockerfile")
    same((done.returncode, names(done)), (0, ["a/Dockerfile"]))
    done = run(*ONE, "--check", "a/Dockerfile", "b/Dockerfile")
    same((done.returncode, names(done)), (1, ["a/Dockerfile"]))
    same(run(*ONE, "--check", "b/Dockerfile").returncode, 0)
    done = run(*ONE, "--check", "a/Dockerfile", "c/Dockerfile")
    same((done.returncode, names(done)), (2, ["a/Dockerfile"]))
    done = run(*ONE, "--check", "-d", "a/Dockerfile")
    check(done.returncode == 1 and done.stdout.startswith(b"--- a/a/Dockerfile\n"), done.stdout)


def test_a_bad_file_does_not_stop_the_others():
    put("1", BAD), put("2", b"\0\1\2"), put("4"), os.mkdir("5")
    done = run(*ONE, "-w", "1", "2", "3", "4")
    same(done.returncode, 2)
    same(get("4"), after())
    same((get("1"), get("2")), (BAD.encode(), b"\0\1\2"))
    errors = done.stderr.decode()
    for name in "123":
        check(any(line.startswith(name + ":") and " error: " in line
                  for line in errors.splitlines()), errors)


def test_refused_file_gives_no_output():
    put("Dockerfile", BAD)
    for mode in ([], ["-d"], ["-l"], ["-o", "out"]):
        done = run(*mode, "Dockerfile")
        same((done.returncode, done.stdout), (2, b""))
    check(not os.path.exists("out"))


def test_output_file():
    put("Dockerfile")
    same(run(*ONE, "-o", "out", "Dockerfile").returncode, 0)
    same(get("out"), after())
    mask = os.umask(0)
    os.umask(mask)
    same(stat.S_IMODE(os.stat("out").st_mode), 0o666 & ~mask)
    os.chmod("out", 0o600)
    run(*ONE, "--output=out", "Dockerfile")
    same(stat.S_IMODE(os.stat("out").st_mode), 0o600)
    same(run(*ONE, "-o", "-", "Dockerfile").stdout, after())
    same(run(*ONE, "-o", "/dev/stdout", "Dockerfile").stdout, after())
    same(run("-o", "no/where", "Dockerfile").returncode, 2)
    same(run("-o", ".", "Dockerfile").returncode, 2)


def test_write_with_list_and_diff():
    put("a"), put("b", SAME)
    same(names(run(*ONE, "-w", "-l", "a", "b")), ["a"])
    same(get("a"), after())
    put("a")
    check(run(*ONE, "-w", "-d", "a", "b").stdout.startswith(b"--- a/a\n+++ b/a\n"))
    same(get("a"), after())


def test_second_run_changes_nothing():
    put("Dockerfile")
    run(*ONE, "-w", "Dockerfile")
    same(run(*ONE, "--check", "Dockerfile").returncode, 0)


# ---- files ----

def test_write_keeps_mode_owner_and_symlink():
    put("real/Dockerfile")
    os.chmod("real/Dockerfile", 0o750)
    if os.getuid() == 0:
        os.chown("real/Dockerfile", 1234, 4321)
    try:
        os.setxattr("real/Dockerfile", "user.kept", b"yes")
        has_xattr = True
    except OSError:
        has_xattr = False
    os.symlink("real/Dockerfile", "link")
    old = os.stat("link")
    same(run(*ONE, "-w", "link").returncode, 0)
    new = os.stat("real/Dockerfile")
    check(os.path.islink("link") and new.st_ino != old.st_ino)
    same((new.st_mode, new.st_uid, new.st_gid), (old.st_mode, old.st_uid, old.st_gid))
    same(get("real/Dockerfile"), after())
    if has_xattr:
        same(os.getxattr("real/Dockerfile", "user.kept"), b"yes")
    same(sorted(os.listdir("real")), ["Dockerfile"])


def test_unchanged_files_are_not_touched():
    put("same", SAME), put("bad", BAD)
    for name in ("same", "bad"):
        os.utime(name, ns=(10**18, 10**18))
    old = [os.stat(name) for name in ("same", "bad")]
    os.chmod(".", 0o555)
    run(*ONE, "-w", "same", "bad")
    os.chmod(".", 0o755)
    new = [os.stat(name) for name in ("same", "bad")]
    same([(s.st_mtime_ns, s.st_ino, s.st_ctime_ns) for s in new],
         [(s.st_mtime_ns, s.st_ino, s.st_ctime_ns) for s in old])


def test_one_file_under_several_names():
    put("Dockerfile")
    os.symlink("Dockerfile", "link")
    os.link("Dockerfile", "hard")
    for workers in "1", "4":
        put("Dockerfile")
        done = run(*ONE, "-w", "-j", workers, "link", "./Dockerfile", "Dockerfile", "link", "hard")
        same((done.returncode, done.stderr), (0, b""))
        same((get("Dockerfile"), get("hard")), (after(), after()))


def test_a_kill_leaves_the_old_file_or_the_new_one():
    big = BEFORE + "# filler\n" * 300000
    new = run(*ONE, "-", stdin=big.encode()).stdout
    killed = 0
    for attempt in range(24):
        put("d/Dockerfile", big)
        process = subprocess.Popen([DFOPT, *ONE, "-w", "d/Dockerfile"])
        time.sleep(0.004 * attempt)
        how = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)[attempt % 3]
        process.send_signal(how)
        killed += process.wait(60) == -how
        check(get("d/Dockerfile") in (big.encode(), new), "torn")
        if how != signal.SIGKILL:
            same(os.listdir("d"), ["Dockerfile"])
        shutil.rmtree("d")
    check(killed >= 4, "%d of 24 runs were killed" % killed)


def test_a_signal_waits_until_the_file_is_in_place():
    big = BEFORE + ("# " + "x" * 60000 + "\n") * 500
    seen = 0
    for how in signal.SIGTERM, signal.SIGINT, signal.SIGHUP:
        put("d/Dockerfile", big)
        process = subprocess.Popen([DFOPT, *ONE, "-w", "d/Dockerfile"])
        while len(os.listdir("d")) == 1 and process.poll() is None:
            pass
        process.send_signal(how)
        seen += process.wait(60) == -how
        same(os.listdir("d"), ["Dockerfile"])
        check(len(get("d/Dockerfile")) != len(big), "the old file")
    check(seen, "no signal came while a file was being written")


def test_failed_write_leaves_nothing_behind():
    put("d/Dockerfile", BEFORE + "# filler\n" * 1000)
    done = subprocess.run(
        [DFOPT, *ONE, "-w", "d/Dockerfile"], capture_output=True, restore_signals=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
    same(done.returncode, 2)
    check(b"d/Dockerfile: error: cannot write: " in done.stderr, done.stderr)
    same(os.listdir("d"), ["Dockerfile"])
    check(get("d/Dockerfile").startswith(BEFORE.encode()))


def test_an_edit_in_the_meantime_is_not_lost():
    put("Dockerfile")
    reader, writer = os.pipe()
    process = subprocess.Popen([DFOPT, *ONE, "-w", "-j2", "/dev/fd/%d" % reader, "Dockerfile"],
                               pass_fds=[reader])
    time.sleep(0.5)  # one worker waits for the pipe, the other has compiled Dockerfile
    put("Dockerfile", BEFORE + "RUN edited\n")
    os.write(writer, SAME.encode())
    os.close(writer)
    os.close(reader)
    same(process.wait(60), 0)
    text = get("Dockerfile")
    check(b"edited" in text and text.count(b"RUN") == 1, text)


def test_failure_to_write_leaves_all_as_it_was():
    if os.getuid() == 0:
        return  # root may write everywhere
    put("d/Dockerfile")
    os.chmod("d", 0o555)
    done = run(*ONE, "-w", "d/Dockerfile")
    os.chmod("d", 0o755)
    same((done.returncode, get("d/Dockerfile"), os.listdir("d")),
         (2, BEFORE.encode(), ["Dockerfile"]))


def test_no_space_on_standard_output():
    put("Dockerfile")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([DFOPT, "Dockerfile"], stdout=full, stderr=subprocess.PIPE)
    same(done.returncode, 2)
    check(b"standard output" in done.stderr, done.stderr)


def test_pipes():
    reader, writer = os.pipe()
    os.write(writer, BEFORE.encode())
    os.close(writer)
    done = subprocess.run([DFOPT, *ONE, "/dev/fd/%d" % reader], pass_fds=[reader],
                          capture_output=True, timeout=60)
    same((done.returncode, done.stdout), (0, after()))
    os.close(reader)
    os.mkfifo("fifo")  # that nobody writes to
    same(run("-l", "fifo").returncode, 2)


def test_size_limit():
    with open("huge", "wb") as f:
        f.truncate(64 * 1024 * 1024 + 1)
    done = run("-l", "huge", "/dev/zero")
    same(done.returncode, 2)
    same(done.stderr.count(b"64 MB"), 2)


def test_directories_are_searched():
    yes = ["Dockerfile", "Dockerfile.dev", "api.Dockerfile", "web.dockerfile", "Containerfile",
           "Containerfile.x", "sub/dir/Dockerfile", ".hidden/Dockerfile"]
    no = ["Dockerfile.dockerignore", "api.Dockerfile.dockerignore", "dockerfile.txt", "README",
          ".git/Dockerfile", "sub/.git/x/Dockerfile", "myDockerfile", "Dockerfiles"]
    for path in yes + no:
        put("top/" + path)
    os.mkdir("top/Dockerfile.d")
    os.symlink("..", "top/sub/loop")
    os.symlink("nowhere", "top/sub/Dockerfile.dangling")
    put("elsewhere/file")
    os.symlink("../elsewhere/file", "top/Dockerfile.link")
    os.mkfifo("top/Dockerfile.fifo")
    want = sorted("top/" + path for path in yes + ["Dockerfile.link"])
    same(names(run(*ONE, "-l", "top")), want)
    same(names(run(*ONE, "-l", "top/")), want)
    same(names(run(*ONE, "-l", ".", cwd="top")), [path.replace("top/", "./") for path in want])
    same(names(run(*ONE, "-l", "top/sub", "top", "top/Dockerfile")),
         ["top/sub/dir/Dockerfile"] + [p for p in want if p != "top/sub/dir/Dockerfile"])


def test_files_from_a_list():
    put("a b"), put("c"), put("d\ne"), put("sub/Dockerfile")
    same(names(run(*ONE, "-l", "--files-from=-", stdin=b"a b\r\n\nc\nsub\n")),
         ["a b", "c", "sub/Dockerfile"])
    same(run(*ONE, "-l", "--files-from=-", "-0", stdin=b"a b\0d\ne\0").stdout, b"a b\nd\ne\n")
    put("list", "c\n")
    same(names(run(*ONE, "-l", "--files-from=list", "a b")), ["a b", "c"])
    done = run("--check", "--files-from=-", stdin=b"")
    same((done.returncode, done.stdout, done.stderr), (0, b"", b""))
    same(run("-l", "--files-from=nowhere").returncode, 2)


def test_workers_change_nothing_but_time():
    for i in range(200):
        put("%03d/Dockerfile" % i, (BEFORE, SAME, BAD, BEFORE + "RUN x\n")[i % 4])
    alone = run("-d", "-j1", "-R", ".")
    for workers in "2", "7", "64":
        several = run("-d", "-j", workers, "-R", ".")
        same((several.returncode, several.stdout, several.stderr),
             (alone.returncode, alone.stdout, alone.stderr))


# ---- diffs ----

FLOATING = "FROM python:3.6\nRUN make\n"
DIGEST = "sha256:" + "0" * 64


def test_settings_are_found_upward_to_the_root_of_the_repository():
    put("r/.git/HEAD", "x")
    put("r/.dfopt.yaml", "level: 0\n")
    put("r/a/b/Dockerfile")
    put("r/a/c/Dockerfile")
    put("r/a/c/.dfopt.yaml", "level: 1\n")
    same(run("-l", "r").stdout, b"r/a/c/Dockerfile\n")
    same(run("-l", "--no-config", "r").stdout, b"r/a/b/Dockerfile\nr/a/c/Dockerfile\n")
    same(run("-l", "-O1", "r/a/b").stdout, b"r/a/b/Dockerfile\n")
    put("s/.dfopt.yaml", "level: 0\n")
    put("s/r/.git/HEAD", "x")
    put("s/r/Dockerfile")
    same(run("-l", "s/r").stdout, b"s/r/Dockerfile\n")


def test_settings_that_are_named():
    put("Dockerfile")
    put("other.yaml", "disable: all\nenable: merge-run\n")
    same(run("--config=other.yaml", "Dockerfile").stdout, after())
    done = run("--config=missing.yaml", "Dockerfile")
    same(done.returncode, 2)
    check(b"missing.yaml" in done.stderr)


def test_bad_settings_leave_their_files_and_no_others():
    put("a/Dockerfile")
    put("b/Dockerfile")
    for text in ("level: 4\n", "color: red\n", "- a\n", "pin: {a: b}\n", "enable: [no-such-pass]\n", "level: &a 1\n",
                 "level: [1\n", "catalog: {commands: [{names: [x]}]}\n", "a" * 100000, b"\xff\xfe", "target: [[a]]\n"):
        put("a/.dfopt.yaml", text)
        done = run("-w", "a", "b")
        same(done.returncode, 2)
        same(get("a/Dockerfile"), BEFORE.encode())
        check(b"a/.dfopt.yaml:" in done.stderr, done.stderr)
        check(get("b/Dockerfile") != BEFORE.encode())
        put("b/Dockerfile")


def test_pins_by_settings_and_lock():
    put("Dockerfile", FLOATING)
    put(".dfopt.yaml", "pin: off\n")
    same(run("Dockerfile").stdout, FLOATING.encode())
    check(b"python:3.6.15-bullseye\n" in run("--pin=tag", "Dockerfile").stdout)
    row = "{image: python, tag: 3.6.15-bullseye, digest: '%s', date: '2026-01-01'}" % DIGEST
    put("dfopt.lock", "images:\n  - %s\n" % row)
    done = run("--pin=digest", "-R", "Dockerfile")
    check(b"python:3.6.15-bullseye@" + DIGEST.encode() in done.stdout)
    check(b"as of 2026-01-01 [pin-base/pinned]" in done.stderr, done.stderr)
    check(b"as of 2022-01 [pin-base/pinned]" in run("--pin=tag", "-R", "Dockerfile").stderr)
    check(b"@" not in run("--pin=tag", "Dockerfile").stdout)


def test_rows_of_a_lock_are_whole():
    put("Dockerfile", FLOATING)
    row = {"image": "python", "tag": "3.6.15-bullseye", "digest": DIGEST, "date": "2026-01-01"}
    bad = [{"digest": "sha256:ab"}, {"digest": DIGEST + "\\nRUN evil"}, {"digest": DIGEST[:-1] + "G"}, {"digest": "x" * len(DIGEST)},
           {"date": "today"}, {"date": "2026-1-1"}, {"date": "2026-01-011"}, {"tag": ""}, {"image": ""}]
    for change in bad + [{key: None} for key in row]:
        items = ['%s: "%s"' % item for item in {**row, **change}.items() if item[1] is not None]
        put("dfopt.lock", "images:\n  - {%s}\n" % ", ".join(items))
        done = run("--pin=digest", "Dockerfile")
        same((done.returncode, done.stdout), (2, b""))
        check(b"dfopt.lock:2:5: error: a row has image, tag, digest" in done.stderr, done.stderr)


def test_merge_bytes():
    put(".dfopt.yaml", "merge: bytes\ndisable: all\nenable: merge-run\n")
    put("Dockerfile", "FROM a\nRUN touch /b\nRUN touch /c\nRUN apt-get update\nRUN apt-get install -y d\nRUN apt-get install -y e\n"
        "RUN rm -rf /var/lib/apt/lists/*\n")
    got = run("Dockerfile").stdout
    check(b"RUN touch /b\nRUN touch /c\n" in got, got)
    same(got.count(b"RUN"), 4 if b"RUN apt-get update\n" in got else 3)


def test_rows_of_ones_own():
    """A command, a base family with its tags, and a package, in YAML alone."""
    put("Dockerfile", "FROM acme/base:1\nRUN acme-get fetch x\nRUN make\n")
    put(".dfopt.yaml", """
catalog:
  source: acme
  date: '2026-11-27'
  managers:
    - name: acme
      leaves: [{kind: cache, cleanup: acme-get clean, paths: [/var/cache/acme/*]}]
  commands:
    - names: [acme-get]
      manager: acme
      verbs:
        - {names: [fetch], operands: installs, does: [network, leaves-cache]}
        - {names: [clean], does: drops-cache, deletes: [/var/cache/acme]}
  images:
    - name: acme/base
      variants: [{manager: apt, shell: true, mb: 50}]
  tags:
    - name: acme/base
      tags: |
        1 1.2-bookworm now
        1.2-bookworm - now
""")
    got = run("Dockerfile").stdout
    check(b"FROM acme/base:1.2-bookworm\n" in got, got)
    check(b"acme-get clean" in got, got)


def test_diffs_apply():
    subprocess.run(["git", "init", "-q", "."], check=True)
    texts = {"plain": BEFORE, "no newline": BEFORE.rstrip("\n"), "crlf": BEFORE.replace("\n", "\r\n"),
             "sub/with \"quote\"": BEFORE, "back\\slash": BEFORE, "caf\u00e9": BEFORE, "end ": BEFORE,
             "tab\tname": BEFORE, "abs": BEFORE}
    for name, text in texts.items():
        for tool in (["git", "apply", "--whitespace=nowarn"], ["patch", "-s", "-p1"]):
            if tool[0] == "patch" and not shutil.which("patch"):
                continue
            put(name, text)
            path = os.path.abspath(name) if name == "abs" else name
            want = run(*ONE, name).stdout
            check(want != text.encode(), name)
            diff = run(*ONE, "-d", path).stdout
            subprocess.run(tool, input=diff, check=True)
            same(get(name), want)
    put("sub/Dockerfile")
    diff = run(*ONE, "-d", "Dockerfile", cwd="sub").stdout
    subprocess.run(["git", "apply"], input=diff, cwd="sub", check=True)
    same(get("sub/Dockerfile"), after())


# ---- messages ----

def test_remarks():
    put("Dockerfile")
    same(run(*ONE, "-l", "Dockerfile").stderr, b"")
    for option in "-R", "--remarks", "--remarks=applied", "--remarks=all":
        lines = run(*ONE, "-l", option, "Dockerfile").stderr.decode().splitlines()
        check(any(line.startswith("Dockerfile:2:1: remark: ") and
                  line.endswith(" [merge-run/merged]") for line in lines), lines)
    same(run(*ONE, "-l", "-R", "-q", "Dockerfile").returncode, 0)


def on_terminal(*args):
    """What the program prints on a terminal, both streams together."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm"
        os.environ.pop("NO_COLOR", None)
        os.execv(DFOPT, [DFOPT, *args])
    output = b""
    while select.select([fd], [], [], 60)[0]:
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        output += data
    os.waitpid(pid, 0)
    os.close(fd)
    return output.replace(b"\r\n", b"\n")


def test_caret_on_a_terminal_alone():
    put("Dockerfile", "FROM debian\n\tFRM x\n")
    same(len(run("Dockerfile").stderr.splitlines()), 1)
    lines = on_terminal("--color=never", "Dockerfile").splitlines()
    check(lines[1].startswith(b"        FRM x") and lines[2].startswith(b"        ^"), lines)
    check(b"\x1b[" in on_terminal("Dockerfile"))
    check(b"\x1b[" in run("--color", "Dockerfile").stderr)


def test_terminal_gets_no_control_characters():
    evil = "FROM debian\nRUN echo \x1b[31m \x07 \u202e \x9b x\nRUN y\n"
    put("Dockerfile", evil)
    put("bad\x1b[1mname", "FROM a\nF\x1b[2JRM x\n")
    for args in (["-O0", "Dockerfile"], [*ONE, "-d", "--color=never", "Dockerfile"],
                 ["--color=never", "bad\x1b[1mname"], ["--color=never", "no\x1b[1mfile"],
                 [*ONE, "--color=never", "-l", "bad\x1b[1mname"]):
        output = on_terminal(*args)
        check(not any(c in output for c in (b"\x1b", b"\x07", "\u202e".encode())), (args, output))
    same(run("-O0", "Dockerfile").stdout, evil.encode())


def test_messages_are_in_the_order_of_the_file():
    put("Dockerfile", BEFORE + "FROM x\nRUN a\nRUN b\nRUN --network=none c\n")
    lines = run("-l", "--remarks=all", "Dockerfile").stderr.decode().splitlines()
    places = [int(line.split(":")[1]) for line in lines]
    same(places, sorted(places))


def test_verbose_and_quiet():
    put("a"), put("b", SAME)
    lines = run(*ONE, "-w", "-v", "a", "b").stderr.decode().splitlines()
    same(lines, ["a: rewritten", "dfopt: 2 files, 1 rewritten, 0 with errors"])


def predicted(*args):
    """The lines that say sizes, when package lists are removed."""
    lines = run(*CLEAN_UP, "-l", *args).stderr.decode().splitlines()
    return [line for line in lines if "predicted" in line]


def test_predicted_sizes():
    put("a", INSTALLS), put("start.sh", "true\n")
    put("b", INSTALLS.replace("COPY", "RUN make\nCOPY")), put("c", SAME), put("d", "FROM x\n" + INSTALLS)
    put("e", INSTALLS.replace("debian:12", "example.com/own"))
    known, partly = "predicted: 141 MB → 121 MB, -14 %", "predicted: at least 141 MB → at least 121 MB, -14 % of what is known"
    for option in "-v", "-R", "--remarks=all":
        same(predicted(option, "a"), ["a: " + known])
        same(predicted(option, "b"), ["b: " + partly])
        same(predicted(option, "c"), [])
        same(predicted(option, "e"), [])
        same(predicted(option, "a", "c", "d", "e"),
             ["a: " + known, "d: " + known, "dfopt: predicted: 282 MB → 242 MB, -14 %, 2 of 3 changed files"])
        same(predicted(option, "a", "b")[2],
             "dfopt: predicted: at least 282 MB → at least 242 MB, -14 % of what is known, 2 of 2 changed files")
    for option in "--remarks=missed", "-l", "-q":
        same(predicted(option, "a", "d"), [])
    put("f", INSTALLS.replace("debian:12", "golang:1.19"))
    put("g", INSTALLS.replace("debian:12", "node:20"))
    same(predicted("-R", "f", "g")[2],
         "dfopt: predicted: 2,032 MB → 1,992 MB, -2 %, 2 of 2 changed files")


# ---- the build context ----

CLEANED = b"rm -rf /var/lib/apt/lists"
INSTALLS = "FROM debian:12\nRUN apt-get update && apt-get install -y tree\nCOPY start.sh /\nCMD /start.sh\n"
CLEAN_UP = ["--disable=all", "--enable=inline-cleanup"]


def keeps_lists(*args, **kwargs):
    done = run(*CLEAN_UP, *args, **kwargs)
    same(done.returncode, 0)
    return CLEANED not in done.stdout


def test_context_is_beside_the_file():
    put("a/Dockerfile", INSTALLS), put("a/start.sh", "apt-get install -y less\n")
    check(keeps_lists("a/Dockerfile"))
    check(keeps_lists("Dockerfile", cwd="a"))
    check(keeps_lists(os.path.abspath("a/Dockerfile")))
    check(not keeps_lists("--no-context", "a/Dockerfile"))
    put("b/Dockerfile", INSTALLS)
    check(not keeps_lists("b/Dockerfile"))
    check(keeps_lists("--context=a", "b/Dockerfile"))
    check(keeps_lists("--context=a", "-", stdin=INSTALLS.encode()))
    check(not keeps_lists("-", stdin=INSTALLS.encode(), cwd="a"))


def test_context_is_not_left():
    script = "apt-get install -y less\n"
    put("start.sh", script), put("beside/start.sh", script)
    put("a/Dockerfile", INSTALLS.replace("start.sh /", "../start.sh /"))
    check(not keeps_lists("a/Dockerfile"))
    put("b/Dockerfile", INSTALLS), os.symlink("../start.sh", "b/start.sh")
    check(not keeps_lists("b/Dockerfile"))
    put("c/Dockerfile", INSTALLS.replace("start.sh /", "beside/start.sh /"))
    os.symlink("../beside", "c/beside")
    check(not keeps_lists("c/Dockerfile"))
    put("c-more/start.sh", script), os.unlink("c/beside"), os.symlink("../c-more", "c/beside")
    check(not keeps_lists("c/Dockerfile"))
    put("d/Dockerfile", INSTALLS), put("d/bin/real.sh", script), os.symlink("bin/real.sh", "d/start.sh")
    check(keeps_lists("d/Dockerfile"))


def test_context_files_of_odd_kinds_are_not_read():
    put("a/Dockerfile", INSTALLS), os.mkfifo("a/start.sh")
    check(not keeps_lists("a/Dockerfile"))
    put("b/Dockerfile", INSTALLS), os.mkdir("b/start.sh")
    check(not keeps_lists("b/Dockerfile"))
    put("c/Dockerfile", INSTALLS), put("c/start.sh", "apt-get install -y less\n" + "#" * 256 * 1024)
    check(not keeps_lists("c/Dockerfile"))
    put("d/Dockerfile", INSTALLS), put("d/start.sh", "")
    check(not keeps_lists("d/Dockerfile"))
    put("e/Dockerfile", INSTALLS), put("e/start.sh", "apt-get install -y less; if\n")
    check(not keeps_lists("e/Dockerfile"))


def test_context_is_what_the_build_sees():
    script = "apt-get install -y less\n"
    put("a/Dockerfile", INSTALLS), put("a/start.sh", script), put("a/.dockerignore", "*.sh\n")
    check(not keeps_lists("a/Dockerfile"))
    put("a/Dockerfile.dockerignore", "")
    check(keeps_lists("a/Dockerfile"))
    put("b/Dockerfile", INSTALLS), put("b/start.sh", script), os.mkfifo("b/.dockerignore")
    check(not keeps_lists("b/Dockerfile"))


def test_dockerignore():
    built = "FROM node:22\nWORKDIR /a\nCOPY . .\nRUN npm ci\nCMD node a.js\n"
    put("a/Dockerfile", built), put("a/package.json", "{}"), put("a/.git/HEAD", "x"), put("a/a.js", "")
    put("a/node_modules/x/y.js", "")
    only = ["--disable=all", "--enable=narrow-copy/dockerignore"]
    done = run(*only, "--remarks=all", "-l", "a/Dockerfile")
    check(b".git, node_modules [narrow-copy/dockerignore/proposed]" in done.stderr, done.stderr)
    run(*only, "-w", "a/Dockerfile")
    check(not os.path.exists("a/.dockerignore"))
    put("a/.dockerignore", "*.md")
    same(run(*only, "-w", "--dockerignore", "a/Dockerfile").returncode, 0)
    same(open("a/.dockerignore").read(), "*.md\n.git\nnode_modules\n")
    run(*only, "-w", "--dockerignore", "a/Dockerfile")
    same(open("a/.dockerignore").read(), "*.md\n.git\nnode_modules\n")
    put("a/.dockerignore", ""), put("a/Dockerfile.dev", built)
    run(*only, "-w", "--dockerignore", "a/Dockerfile")
    same(open("a/.dockerignore").read(), "")
    same(run("--dockerignore", "a/Dockerfile").returncode, 2)


# ---- the documentation ----

def test_readme_shows_what_the_program_prints():
    os.chdir(ROOT)
    with open("README.md") as f:
        text = f.read()
    done = run("-d", "-R", "examples/Dockerfile")
    check("```diff\n%s```" % done.stdout.decode() in text, "README.md shows another diff")
    check("```\n%s```" % done.stderr.decode() in text, "README.md shows other remarks")
    done = run("-O3", "-d", "examples/service/Dockerfile")
    check("```diff\n%s```" % done.stdout.decode() in text, "README.md shows another diff of the service")


def main():
    passed = failed = 0
    for name, test in list(globals().items()):
        if not name.startswith("test_"):
            continue
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        with tempfile.TemporaryDirectory() as directory:
            os.chdir(directory)
            try:
                test()
                passed += 1
            except Exception as e:
                failed += 1
                print("FAIL cli %s: %s" % (name, e))
                if not isinstance(e, AssertionError):
                    traceback.print_exc(file=sys.stdout)
            finally:
                os.chdir("/")
    print("cli: %d passed, %d failed" % (passed, failed))
    return failed != 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main())
