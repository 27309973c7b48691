"""The root of an image: mounting it, listing it file by file, comparing two listings."""
import contextlib
import fnmatch
import hashlib
import os
import stat
import subprocess
import tempfile

import store

# What -O1 may take away or leave different: what package managers keep for themselves, logs, temporary files.
MAY_DIFFER = (
    "/var/lib/apt/lists/*", "/var/cache/apt/*", "/var/cache/apk/*", "/var/log/*",
    "/var/cache/ldconfig/aux-cache",   # inode numbers and times
    "/var/cache/debconf/*-old", "/var/lib/dpkg/*-old",   # the state before the last of several calls
    "/tmp/*", "/var/tmp/*", "*/.npm/*", "*/.cache/*", "/usr/local/bundle/cache/*.gem",
)
# Compiled Python holds the time of its source: it must be there, with its owner and mode; its bytes may differ.
HOLDS_A_TIME = ("*.pyc",)


def matches(path, patterns):
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


@contextlib.contextmanager
def mounted(tag, writable=False):
    """Mounts an image for the time of a `with`; writes go to a scratch layer."""
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("root", "upper", "work"):
            os.mkdir(f"{scratch}/{name}")
        root = scratch + "/root"
        options = "lowerdir=" + ":".join(store.layer_folders(tag) + [scratch + "/upper"])
        if writable:
            options = "lowerdir=" + ":".join(store.layer_folders(tag))
            options += f",upperdir={scratch}/upper,workdir={scratch}/work"
        # Layer folders are relative, so that many of them fit into one page of options.
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, root],
                       cwd=store.GRAPH + "/overlay", check=True)
        try:
            yield root
        finally:
            subprocess.run(["umount", root], check=True)


def content(path, mode):
    if stat.S_ISLNK(mode):
        return os.readlink(path)
    if not stat.S_ISREG(mode):
        return ""
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def attributes(path):
    """Extended attributes that a layer carries, file capabilities above all."""
    names = os.listxattr(path, follow_symlinks=False)
    return {n: os.getxattr(path, n, follow_symlinks=False).hex() for n in names if n.startswith("security.")}


def entry(path):
    """What an image keeps of a file, but for its time."""
    info = os.lstat(path)
    return {
        "mode": stat.filemode(info.st_mode), "owner": f"{info.st_uid}:{info.st_gid}",
        "size": info.st_size if stat.S_ISREG(info.st_mode) else 0,
        "device": info.st_rdev, "attributes": attributes(path), "content": content(path, info.st_mode),
    }


def listing(root):
    """Path inside the image -> entry, for everything below root."""
    found = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)
            found[path[len(root):]] = entry(path)
    return found


def difference(path, before, after, unsteady):
    """How one path differs, as a line; "" when it does not."""
    if before is None or after is None:
        return f"{path}: {'appeared' if before is None else 'lost'}"
    fields = [f for f in before if before[f] != after[f]]
    if unsteady or matches(path, HOLDS_A_TIME):
        fields = [f for f in fields if f not in ("size", "content")]
    changes = ", ".join(f"{f} {str(before[f])[:60]} -> {str(after[f])[:60]}" for f in fields)
    return f"{path}: {changes}" if changes else ""


def differing(before, after):
    return [p for p in sorted(before.keys() | after.keys()) if before.get(p) != after.get(p)]


def compare(before, after, unsteady=()):
    """Two listings -> (lines about what differs, number of differing paths that may differ).

    Files that are `unsteady`, other at each build, must be there, with any bytes.
    """
    paths = differing(before, after)
    ignored = [p for p in paths if matches(p, MAY_DIFFER)]
    lines = [difference(p, before.get(p), after.get(p), p in unsteady) for p in paths if not matches(p, MAY_DIFFER)]
    lines = [line for line in lines if line]
    return lines, len(ignored)
