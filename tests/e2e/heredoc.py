"""Here-documents for a buildah that knows none: RUN <<EOF becomes the JSON form, COPY <<EOF a file.

All variants of a case go through this, so that a comparison stays fair. Everything else stays byte for byte.
"""
import json
import os
import re

MARK = re.compile(r"<<(-?)(['\"]?)(\w+)\2")


def instructions(text):
    """Lists of the physical lines of each instruction (a comment or blank line is one of its own)."""
    lines = text.splitlines()
    while lines:
        taken = [lines.pop(0)]
        if taken[0].strip() and not taken[0].lstrip().startswith("#"):
            while lines and (continues(taken[-1]) or (len(taken) > 1 and inside(taken[-1]))):
                taken.append(lines.pop(0))
            take_documents(taken, lines)
        yield taken


def continues(line):
    return line.rstrip().endswith("\\")


def inside(line):
    """Comment and blank lines do not end a continued instruction."""
    return not line.strip() or line.lstrip().startswith("#")


def take_documents(taken, lines):
    if not re.match(r"(?i)\s*(run|copy|add)\b", taken[0]) or len(taken) > 1:
        return
    for dash, _, word in MARK.findall(taken[0]):
        while lines:
            taken.append(lines.pop(0))
            if (taken[-1].lstrip("\t") if dash else taken[-1]) == word:
                break


def lower_run(lines, shell):
    keyword, flags, rest = re.match(r"(\s*\w+)\s+((?:--\S+\s+)*)(.*)", lines[0]).groups()
    alone = MARK.fullmatch(rest.strip())
    script = "\n".join([rest, *lines[1:]]) + "\n"
    if alone:
        body = [line.lstrip("\t") for line in lines[1:-1]] if alone.group(1) else lines[1:-1]
        script = "\n".join(body) + "\n"
    return f"{keyword} {flags}{json.dumps([*shell, script])}"


def lower_copy(lines, context, number):
    name = f".heredoc-{number}"
    with open(os.path.join(context, name), "w", encoding="utf-8") as f:
        f.write("".join(line + "\n" for line in lines[1:-1]))
    return MARK.sub(name, lines[0])


def lower(text, context):
    """The lowered text; files of COPY here-documents are written to the context folder."""
    out, shell = [], ["/bin/sh", "-c"]
    for lines in instructions(text):
        keyword = (lines[0].split() or [""])[0].upper()
        if keyword == "FROM":
            shell = ["/bin/sh", "-c"]
        if keyword == "SHELL":
            shell = json.loads(lines[0].split(None, 1)[1])
        if keyword in ("RUN", "COPY", "ADD") and len(lines) > 1 and MARK.search(lines[0]) and not continues(lines[0]):
            lines = [lower_run(lines, shell) if keyword == "RUN" else lower_copy(lines, context, len(out))]
        out += lines
    return "\n".join(out) + "\n"
