#!/usr/bin/env python3
"""Property: every image that dfopt names anew has a tag that the catalog's table holds; of registries without a table, a
name of the catalog and a tag of its documented scheme. A file that dfopt reads at -O0 it also compiles.

usage: prop_tags.py FILE-OR-FOLDER..      DFOPT names the program; Dockerfiles only are read
"""
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DFOPT = os.environ.get("DFOPT", str(ROOT / "build/dfopt"))
FROM = re.compile(r"(?im)^\s*from\s+(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?")
ARG = re.compile(r"(?im)^\s*arg\s+(.*)")
IMAGE = re.compile(r"^(?:docker\.io/|public\.ecr\.aws/docker/)?(?:library/)?([a-z0-9][a-z0-9._/-]*)(?::([\w.-]+))?(?:@\S+)?$")
# Tags that are not listed one by one: distroless (README, "what images are available"), dotnet-docker (supported-tags.md).
SCHEMES = [("gcr.io/distroless/", re.compile(r"^(latest|nonroot|debug|debug-nonroot)$")),
           ("mcr.microsoft.com/dotnet/", re.compile(r"^\d+\.\d+(\.\d+)?(-(bookworm-slim|bullseye-slim|buster-slim|jammy|noble|resolute|"
                                                    r"alpine\d*(\.\d+)?)(-amd64|-arm64v8|-arm32v7|-chiseled\S*)?)?$"))]


def tables():
    """Family → its tags, and the names of all families."""
    tags, family = {}, None
    for line in (ROOT / "ir/catalog/tags.yaml").read_text(encoding="utf-8").splitlines():
        if line.startswith("  - name: "):
            family = tags.setdefault(line.split(": ")[1], set())
        elif line.startswith("      "):
            family.add(line.split()[0])
    names = set(re.findall(r"(?m)^  - name: (\S+)", (ROOT / "ir/catalog/images.yaml").read_text(encoding="utf-8")))
    return tags, names


def images(text):
    """(name, tag) of what FROM and the defaults of ARG name; stages are no images."""
    stages = {name.lower() for _, name in FROM.findall(text) if name}
    words = [image for image, _ in FROM.findall(text) if image.lower() not in stages | {"scratch"}]
    words += [value.strip("\"'") for line in ARG.findall(text) for value in re.findall(r"=(\S+)", line) if ":" in value]
    return {(m[1], m[2] or "latest") for m in map(IMAGE.match, words) if m}


def is_known(name, tag, tags, names):
    for prefix, scheme in SCHEMES:
        if name.startswith(prefix):
            return name in names and bool(scheme.match(tag))
    return tag in tags.get(name, ())


def run(options, file):
    context = file.parent / "context"
    where = ["--context", str(context)] if context.is_dir() else ["--no-context"]
    return subprocess.run([DFOPT, *options, "--no-config", *where, str(file)], capture_output=True, check=False)


def main():
    (tags, names), passed, failed, refused = tables(), 0, 0, 0
    files = [f for a in sys.argv[1:] for f in ([Path(a)] if os.path.isfile(a) else sorted(Path(a).rglob("*Dockerfile*"))) if f.is_file()]
    for file in files:
        done = run(["-O3", "--enable=alpine-base"], file)
        if done.returncode:
            refused += 1
            if not run(["-O0"], file).returncode:
                failed += 1
                print(f"FAIL {file}: {done.stderr.decode(errors='replace').strip()[:200]}")
            continue
        for name, tag in images(done.stdout.decode(errors="replace")) - images(file.read_text(encoding="utf-8", errors="replace")):
            if is_known(name, tag, tags, names):
                passed += 1
            else:
                failed += 1
                print(f"FAIL {file}: {name}:{tag} is in no table")
    print(f"tags: {refused} of {len(files)} files are no Dockerfiles, and are refused")
    print(f"tags: {passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
