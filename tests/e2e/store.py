"""The folder under build/ where base images, built images and results live, and the way to call buildah.

buildah gets configuration files of our own: nothing of the machine's images is used or changed, a
short image name means one of the stand-ins, and nothing is ever pulled.
"""
import json
import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HOME = os.path.abspath(os.environ.get("E2E_HOME") or os.path.join(ROOT, os.environ.get("BUILD", "build"), "e2e"))
GRAPH = HOME + "/storage"

LONGEST_BUILD = 900

STORAGE_CONF = """[storage]
driver = "overlay"
graphroot = "{graph}"
runroot = "{run}"
"""
REGISTRIES_CONF = """unqualified-search-registries = []
short-name-mode = "disabled"
"""
POLICY = '{"default": [{"type": "insecureAcceptAnything"}]}\n'


def path(*parts):
    """A path in the store; its folder is made."""
    where = os.path.join(HOME, *parts)
    os.makedirs(os.path.dirname(where), exist_ok=True)
    return where


def write(where, text):
    with open(where, "w", encoding="utf-8") as f:
        f.write(text)
    return where


def open_store():
    """Writes buildah's configuration; call once, before anything else."""
    storage = STORAGE_CONF.format(graph=GRAPH, run=HOME + "/run")
    os.environ["CONTAINERS_STORAGE_CONF"] = write(path("storage.conf"), storage)
    os.environ["CONTAINERS_REGISTRIES_CONF"] = write(path("registries.conf"), REGISTRIES_CONF)
    os.environ["BUILDAH_ISOLATION"] = "chroot"
    os.environ["TMPDIR"] = HOME + "/tmp"   # scratch files and what cache mounts hold
    os.makedirs(HOME + "/tmp", exist_ok=True)
    write(path("policy.json"), POLICY)


def close_store():
    """Lets go of the store: buildah leaves it mounted on itself, and `make clean` would stumble."""
    mounts = subprocess.run(["findmnt", "-rno", "TARGET"], capture_output=True, text=True, check=True).stdout.split()
    for mount in reversed([m for m in mounts if m.startswith(HOME + "/")]):
        subprocess.run(["umount", mount], check=False)


def buildah(*args):
    return subprocess.run(["buildah", *args], capture_output=True, text=True, check=False)


def build(dockerfile, context, tag, log):
    """Builds an image, every instruction a layer, no step taken from an earlier build; True when it built.

    --no-cache also because buildah 1.28 may mount the wrong image for a cached stage; --format docker
    because the OCI format has no HEALTHCHECK, ONBUILD and SHELL.
    """
    command = ["buildah", "bud", "--layers", "--no-cache", "--force-rm", "--pull-never",
               "--format", "docker", "--identity-label=false", "--signature-policy", path("policy.json"),
               "-f", dockerfile, "-t", tag, context]
    with open(log, "w", encoding="utf-8") as out:
        command = ["timeout", "--kill-after=9", str(LONGEST_BUILD), *command]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False)
    return done.returncode == 0


def inspect(tag):
    """What buildah knows of an image; None when there is no such image."""
    got = buildah("inspect", "--type", "image", tag)
    return json.loads(got.stdout) if got.returncode == 0 else None


def image_id(tag):
    found = inspect(tag)
    return found["FromImageID"] if found else None


def remove(tag):
    """Removes an image and the steps that led to it, those of other stages included."""
    buildah("rmi", tag)
    buildah("rmi", "--prune")


def layer_folders(tag):
    """The folders of an image's layers, topmost first.

    Read from the store, because `buildah from` would run the image's ONBUILD triggers.
    """
    with open(GRAPH + "/overlay-images/images.json", encoding="utf-8") as f:
        images = json.load(f)
    wanted = image_id(tag)
    top = next(image["layer"] for image in images if image["id"] == wanted)
    lower = f"{GRAPH}/overlay/{top}/lower"
    below = open(lower, encoding="utf-8").read().strip().split(":") if os.path.exists(lower) else []
    return [f"{top}/diff", *below]
