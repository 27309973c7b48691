"""One case: building its variants, and judging what dfopt made of it.

A case is a folder of testdata/e2e: Dockerfile, smoke.sh, notes.md, maybe expert/Dockerfile, and context/ when it copies.
"""
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from typing import NamedTuple

import config
import container
import farm
import heredoc
import rootfs
import store

CASES = store.ROOT + "/testdata/e2e"
# Sizes may differ by what logs hold and by how tar pads.
SLACK = 64 * 1024


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def tree_digest(folder):
    """A digest of all files below a folder: names, modes, bytes."""
    digest = hashlib.sha256()
    for where, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = os.path.join(where, name)
            digest.update(f"{os.path.relpath(path, folder)} {os.lstat(path).st_mode}\n".encode())
            with open(path, "rb") as f:
                digest.update(f.read())
    return digest.hexdigest()


def result_file(case, text, again=False):
    """Where the result of building a text for a case is kept: named by all that goes into it but the runner."""
    inputs = [farm.resolved(text), tree_digest(f"{CASES}/{case}/context"), read(f"{CASES}/{case}/smoke.sh"),
              *(store.image_id(ref) or "" for ref in farm.images(text))]
    digest = hashlib.sha256("\0".join(inputs).encode()).hexdigest()
    return store.path("results", f"{case}-{'again-' if again else ''}{digest[:20]}.json")


def built(case, variant, text):
    """The result of building a text for a case; it is kept, and taken from an earlier run or level.

    A result has bytes, layers, sizes (of the layers), config, files, said (by smoke.sh); or a `fault`, when the image does not
    build or smoke.sh fails in it.
    """
    missing = farm.provide(text)
    if missing:
        return {"fault": "no stand-in for " + ", ".join(missing)}
    kept = result_file(case, text, variant == "again")
    if os.path.exists(kept):
        return json.loads(read(kept))
    result = build(case, variant, text)
    if "fault" not in result:
        store.write(kept, json.dumps(result))
    return result


def build(case, variant, text):
    log = store.path("logs", f"{case}-{variant}")
    tag = f"localhost/e2e/{case}:{variant.lower()}"
    store.write(log + ".Dockerfile", text)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            context = copy_context(case, scratch + "/context")
            dockerfile = store.write(scratch + "/Dockerfile", heredoc.lower(text, context))
            start = time.monotonic()
            if not store.build(dockerfile, context, tag, log + ".log"):
                return {"fault": f"does not build, see {log}.log"}
        return {**measure(case, tag, log), "base": base_config(text), "seconds": round(time.monotonic() - start)}
    finally:
        store.remove(tag)


def base_config(text):
    """The configuration that the image has from its base."""
    base = farm.final_base(text)
    inspected = store.inspect(base) if base else None
    return config.of_image(inspected) if inspected else {}


def copy_context(case, where):
    """A context of our own, empty when the case has none."""
    given = f"{CASES}/{case}/context"
    if os.path.isdir(given):
        shutil.copytree(given, where, symlinks=True)
    else:
        os.mkdir(where)
    return where


def measure(case, tag, log):
    """All that is compared of an image."""
    inspected = store.inspect(tag)
    layers = json.loads(inspected["Manifest"])["layers"]
    settings = config.of_image(inspected)
    with rootfs.mounted(tag) as root:
        files = rootfs.listing(root)
    status, said = container.run(tag, settings, f"{CASES}/{case}/smoke.sh")
    store.write(log + ".smoke", said)
    fault = {"fault": f"smoke.sh fails ({status}), see {log}.smoke"} if status else {}
    sizes = [layer["size"] for layer in layers]
    return {"bytes": sum(sizes), "layers": len(layers), "sizes": sizes,
            "config": settings, "files": files, "said": said, **fault}


def forget():
    """Drops all results of earlier runs."""
    shutil.rmtree(store.path("results"), ignore_errors=True)


def original(case):
    return read(f"{CASES}/{case}/Dockerfile")


def expert(case):
    """The expert's version; None where there is none."""
    path = f"{CASES}/{case}/expert/Dockerfile"
    return read(path) if os.path.exists(path) else None


def dfopt(program, level, case, path):
    context = f"{CASES}/{case}/context"
    where = ["--context", context] if os.path.isdir(context) else ["--no-context"]
    return subprocess.run([program, "-" + level, "--no-config", *where, path],
                          capture_output=True, text=True, check=False)


class Output(NamedTuple):
    """What dfopt printed at a level, None when it failed; and what is wrong with that, one line each."""
    level: str
    text: str | None
    faults: list


class Judged(NamedTuple):
    """What became of an output: its result, and how many differing paths were ignored."""
    level: str
    after: dict
    changed: bool
    ignored: int
    faults: list


def output(program, level, case):
    first = dfopt(program, level, case, f"{CASES}/{case}/Dockerfile")
    if first.returncode:
        return Output(level, None, [f"dfopt exits {first.returncode}: {first.stderr.strip()[:200]}"])
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as again:
        again.write(first.stdout)
        again.flush()
        second = dfopt(program, level, case, again.name)
    return Output(level, first.stdout, [] if second.stdout == first.stdout else ["a second run changes the output"])


def outputs(program, levels, case):
    """The outputs of levels that build something else than those of the levels before, or that have faults."""
    seen = set()
    for one in (output(program, level, case) for level in levels):
        build_of = farm.resolved(one.text or "")
        if one.faults or build_of not in seen:
            yield one
        seen.add(build_of)


def compare_roots(case, before, after):
    """What differs below the roots, but for what differs between two builds of the original."""
    lines, ignored = rootfs.compare(before["files"], after["files"])
    if not lines:
        return lines, ignored
    again = built(case, "again", original(case)).get("files", before["files"])
    return rootfs.compare(before["files"], after["files"], set(rootfs.differing(before["files"], again)))


def compare(case, level, before, after):
    """What breaks a level's promise (design, section 2), one line each; and how many differing paths were ignored."""
    if level == "O1":
        found = config.compare(before["config"], after["config"])
    else:
        found = config.keeps(before["config"], before["base"], after["config"], after["base"])
    if before["said"] != after["said"]:
        found.append("smoke.sh says something else")
    if after["bytes"] > before["bytes"] + SLACK:
        found.append(f"larger by {after['bytes'] - before['bytes']} bytes")
    if level != "O1":
        return found, 0
    lines, ignored = compare_roots(case, before, after)
    return found + lines, ignored


def judge(case, one, before):
    """Builds an output and compares it with the original's result."""
    if one.text is None:
        return Judged(one.level, {}, True, 0, one.faults)
    if one.text == original(case):
        return Judged(one.level, before, False, 0, one.faults)
    after = built(case, one.level, one.text)
    found = one.faults + ([after["fault"]] if "fault" in after else [])
    if "files" not in after:
        return Judged(one.level, after, True, 0, found)
    lines, ignored = compare(case, one.level, before, after)
    return Judged(one.level, after, True, ignored, found + lines)
