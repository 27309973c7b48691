"""Stand-ins for official base images, made on the spot from Debian packages and npm.

bases/NAME is the recipe of a stand-in: NAME is the image's name without registry and release, with "-slim", "-jre" or
"-apache" when the tag says so and such a recipe exists. Any tag of that name gets the same stand-in, so that a FROM line
of a case resolves without a registry.
"""
import hashlib
import os
import re
import shutil
import subprocess
import sys

import store

BASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bases")
CONTEXT = store.HOME + "/farm"
FROM = re.compile(r"(?im)^\s*from\s+(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?\s*$")
USED = re.compile(r"(?:--from=|[,=]from=)([^\s,]+)")
ARG = re.compile(r"(?im)^\s*arg\s+(\w+)=(\S+)")
VARIANTS = ["slim", "jre", "apache"]   # of a tag, that have a recipe of their own
TARGETS = ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)", "Identifier: Packages", "Component: main"]


def images(text):
    """The images that a Dockerfile stands on or copies from."""
    given = dict(ARG.findall(text))
    stages = {name.lower() for _, name in FROM.findall(text)}
    named = [ref for ref, _ in FROM.findall(text)] + USED.findall(text)
    named = {re.sub(r"\$\{?(\w+)\}?", lambda m: given.get(m.group(1), ""), ref).strip("\"'") for ref in named}
    return sorted(r for r in named if r.lower() not in stages and r != "scratch" and not r.isdigit())


def final_base(text):
    """The image that the last stage stands on, through the stages that it is FROM; None for scratch."""
    given, stages, ref = dict(ARG.findall(text)), {}, None
    for named, stage in FROM.findall(text):
        named = re.sub(r"\$\{?(\w+)\}?", lambda m: given.get(m.group(1), ""), named).strip("\"'")
        ref = stages.get(named.lower(), named)
        stages[(stage or str(len(stages))).lower()] = ref
    return None if ref == "scratch" else ref


def stand_in(ref):
    """The recipe's name for an image; None when there is none."""
    name, _, tag = ref.partition("@")[0].partition(":")
    if "alpine" in tag:
        return None
    name = re.sub(r"^(docker\.io/)?library/", "", name)
    name = re.sub(r"^gcr\.io/distroless/(\w+?)(-debian12)?$", r"distroless-\1", name)
    variants = [f"{name}-{v}" for v in VARIANTS if v in tag.split("-")]
    return next((r for r in [*variants, name] if os.path.exists(f"{BASES}/{r}")), None)


def resolved(text):
    """A text with the stand-ins in place of what they stand for: what differs in tags alone is the same build here."""
    def named(match):
        base = None if "$" in match.group(1) else stand_in(match.group(1))
        return match.group(0).replace(match.group(1), own_tag(base), 1) if base else match.group(0)
    return USED.sub(named, FROM.sub(named, text))


def provide(text):
    """Makes the images that a Dockerfile needs; returns those that it cannot make."""
    missing = []
    for ref in images(text):
        base = stand_in(ref)
        if base is None:
            missing.append(ref)
            continue
        make(base)
        if store.image_id(ref) != store.image_id(own_tag(base)):
            store.buildah("tag", own_tag(base), ref)
    return missing


def own_tag(base):
    return "localhost/stand-in/" + base


def make(base):
    """Builds a stand-in unless its recipe, and those below, are as they were."""
    recipe = open(f"{BASES}/{base}", encoding="utf-8").read()
    provide(recipe)
    below = [store.image_id(ref) or "" for ref in images(recipe)]
    stamp = hashlib.sha256("\n".join([recipe, *below]).encode()).hexdigest()
    made = store.path("farm", base + ".stamp")
    if store.image_id(own_tag(base)) and os.path.exists(made) and open(made, encoding="utf-8").read() == stamp:
        return
    print(f"making the stand-in {base}", file=sys.stderr, flush=True)
    for need in re.findall(r"(?m)^# needs: (.*)$", recipe):
        NEEDS[need.split()[0]](*need.split()[1:])
    log = store.path("logs", f"base-{base}")
    if not store.build(f"{BASES}/{base}", CONTEXT, own_tag(base), log):
        sys.exit(f"e2e: the stand-in {base} does not build, see {log}")
    store.write(made, stamp)


def mirror():
    """The archive and the release that this machine installs from, unless the caller names them."""
    suite, uri = os.environ.get("E2E_SUITE"), os.environ.get("E2E_MIRROR")
    if suite and uri:
        return uri, suite
    with open("/etc/os-release", encoding="utf-8") as f:
        suite = re.search(r"(?m)^VERSION_CODENAME=(\w+)", f.read()).group(1)
    lines = subprocess.run(TARGETS, capture_output=True, text=True, check=True).stdout.split("\n")
    uris = [line.split()[0] for line in lines if line.endswith(" " + suite)]
    if not uris:
        sys.exit("e2e: apt knows no archive of this release: set E2E_MIRROR and E2E_SUITE, or run apt-get update")
    return uris[0], suite


def bootstrap():
    """debian.tar and debian-slim.tar: a minimal Debian with the settings of the official images."""
    if os.path.exists(CONTEXT + "/debian-slim.tar"):
        return
    uri, suite = mirror()
    root = CONTEXT + "/root"
    shutil.rmtree(root, ignore_errors=True)
    with open(store.path("logs", "debootstrap"), "w", encoding="utf-8") as log:
        subprocess.run(["debootstrap", "--variant=minbase", suite, root, uri], stdout=log, stderr=log, check=True)
    subprocess.run([os.path.join(BASES, "../like-official"), root, CONTEXT], check=True)
    shutil.rmtree(root)


def npm(spec, folder):
    """Unpacks a package of the npm registry."""
    where = f"{CONTEXT}/{folder}"
    if os.path.exists(where):
        return
    fresh = where + ".new"
    shutil.rmtree(fresh, ignore_errors=True)
    os.makedirs(fresh)
    packed = subprocess.run(["npm", "pack", "--silent", spec], cwd=fresh, stdout=subprocess.PIPE, text=True, check=True)
    archive = packed.stdout.split()[-1]
    subprocess.run(["tar", "-xzf", archive, "--strip-components=1", "--no-same-owner"], cwd=fresh, check=True)
    os.remove(f"{fresh}/{archive}")
    os.rename(fresh, where)


def npm_settings():
    """npmrc and certificates: what the npm of this machine trusts, that of the images must trust to get packages."""
    folder = f"{CONTEXT}/npm-settings"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    asked = subprocess.run(["npm", "config", "get", "cafile"], stdout=subprocess.PIPE, text=True, check=True)
    trusted = asked.stdout.strip()
    if trusted != "null":
        shutil.copy(trusted, folder + "/npm-trusts.crt")
    store.write(folder + "/npmrc", "" if trusted == "null" else "cafile=/usr/local/etc/npm-trusts.crt\n")


# What a recipe's "# needs:" line can ask for.
NEEDS = {"bootstrap": bootstrap, "npm": npm, "npm-settings": npm_settings}
