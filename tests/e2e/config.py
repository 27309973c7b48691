"""The configuration of an image: reading it, comparing two."""

FIELDS = ("Env", "Cmd", "Entrypoint", "User", "WorkingDir", "ExposedPorts", "Volumes", "Labels",
          "Healthcheck", "StopSignal", "Shell", "OnBuild")
AUTHORS = "org.opencontainers.image.authors"


def of_image(inspected):
    """The fields that count. MAINTAINER and the label that replaces it are one field, Author."""
    docker = inspected["Docker"]
    config = {field: docker["config"].get(field) or None for field in FIELDS}
    labels = dict(config["Labels"] or {})
    config["Author"] = labels.pop(AUTHORS, None) or docker.get("author") or None
    config["Labels"] = labels or None
    return config


def compare(before, after):
    """Lines about the fields that differ."""
    return [f"{f}: {before[f]} -> {after[f]}" for f in before if before[f] != after[f]]
