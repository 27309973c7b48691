"""Runs a script inside an image as a container would: its user, environment and working directory."""
import os
import shutil
import subprocess

import farm
import rootfs

# $1 root, $2 user:group; then the environment and the command to run in it.
# The network is the container's own: servers of two runs cannot meet.
# env is the lent one, and the mount points are made: the image may have none.
START = """
root=$1 owner=$2; shift 2
ip link set lo up
mkdir -p "$root/dev" "$root/proc"
mount --bind /dev "$root/dev"
mount -t proc proc "$root/proc"
exec chroot --userspec="$owner" "$root" /.smoke/env -i "$@"
"""
TIMEOUT = 120
LENT = "/.smoke"
FUNCTIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "functions")


def rows(root, table):
    try:
        with open(root + table, encoding="utf-8", errors="replace") as f:
            return [line.rstrip("\n").split(":") for line in f if ":" in line]
    except OSError:
        return []


def number(table, name):
    """The number of a user or group that is given by name or number."""
    found = [row[2] for row in table if row[0] == name]
    return found[0] if found else name


def owner(root, spec):
    """USER's argument -> "uid:gid" and the home folder."""
    user, _, group = (spec or "0").partition(":")
    users = rows(root, "/etc/passwd")
    uid = number(users, user)
    record = next((row for row in users if row[2] == uid), ["", "", uid, "0", "", "/"])
    gid = number(rows(root, "/etc/group"), group) if group else record[3]
    return f"{uid}:{gid}", record[5]


def environment(config, home):
    given = dict(pair.split("=", 1) for pair in config["Env"] or [])
    return {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home, **given}


def lend(root, script):
    """Puts a shell and tools at /.smoke, which no program in the image knows of: it may have none of its own."""
    farm.make("busybox")
    os.makedirs(root + LENT)
    os.chmod(root + LENT, 0o1777)   # what servers say goes here, whoever runs them
    with rootfs.mounted(farm.own_tag("busybox")) as lender:
        shutil.copy(lender + "/bin/busybox", f"{root}{LENT}/busybox")
    subprocess.run(["chroot", root, LENT + "/busybox", "--install", "-s", LENT], check=True)
    for source, name in ((FUNCTIONS, "functions"), (script, "script")):
        shutil.copy(source, f"{root}{LENT}/{name}")
        os.chmod(f"{root}{LENT}/{name}", 0o644)


def shell_of(root):
    """The image's own, where it has one: the lent one takes its own ps and dpkg for the image's."""
    return "/bin/sh" if os.path.lexists(root + "/bin/sh") else LENT + "/sh"


def run(tag, config, script):
    """Runs a shell script in an image -> (exit status, what it printed).

    The script gets the image's ENTRYPOINT and CMD as "$@", and may source /.smoke/functions; the image itself is not
    changed.
    """
    with rootfs.mounted(tag, writable=True) as root:
        lend(root, script)
        ids, home = owner(root, config["User"])
        directory = config["WorkingDir"] or "/"
        os.makedirs(root + directory, exist_ok=True)   # as container runtimes do
        variables = [f"{k}={v}" for k, v in environment(config, home).items()]
        shell = shell_of(root)
        enter = [shell, "-c", f'cd "$0" && exec {shell} -eu /.smoke/script "$@"', directory]
        command = ["unshare", "--mount", "--pid", "--net", "--ipc", "--fork", "--kill-child",
                   "sh", "-euc", START, "start", root, ids, *variables, *enter,
                   *(config["Entrypoint"] or []), *(config["Cmd"] or [])]
        return finish(command)


def finish(command):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace",
                              timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired as late:
        return 124, (late.stdout or b"").decode(errors="replace") + "\ntimed out\n"
    return done.returncode, done.stdout
