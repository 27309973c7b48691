#!/usr/bin/env python3
"""Property: every image that dfopt names anew has a tag that the catalog's table holds.

usage: prop_tags.py FILE-OR-FOLDER..      DFOPT names the program; Dockerfiles only are read
"""
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DFOPT = os.environ.get("DFOPT", str(ROOT / "build/dfopt"))
NAMED = re.compile(r"(?im)^\s*(?:from|arg)\s.*")
IMAGE = re.compile(r"(?:docker\.io/|public\.ecr\.aws/docker/)?(?:library/)?([a-z0-9][a-z0-9._/-]*):([\w.-]+)")


def known():
    """Family → its tags; `documented` names images whose tags are of another registry's documented scheme."""
    tags, family = {}, None
    for line in (ROOT / "ir/catalog/tags.yaml").read_text(encoding="utf-8").splitlines():
        if line.startswith("  - name: "):
            family = tags.setdefault(line.split(": ")[1], set())
        elif line.startswith("      "):
            family.add(line.split()[0])
    return tags


def images(text):
    return {match for line in NAMED.findall(text) for match in IMAGE.findall(line)}


def main():
    tags, passed, failed = known(), 0, 0
    files = [f for a in sys.argv[1:] for f in ([Path(a)] if os.path.isfile(a) else sorted(Path(a).rglob("*"))) if f.is_file()]
    for file in files:
        before = file.read_text(encoding="utf-8", errors="replace")
        done = subprocess.run([DFOPT, "-O3", "--no-config", "--no-context", str(file)], capture_output=True, check=False)
        if done.returncode:
            continue
        for name, tag in images(done.stdout.decode(errors="replace")) - images(before):
            if tag in tags.get(name, ()) or name.startswith(("gcr.io/distroless/", "mcr.microsoft.com/dotnet/")):
                passed += 1
            else:
                failed += 1
                print(f"FAIL {file}: {name}:{tag} is in no table")
    print(f"tags: {passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
