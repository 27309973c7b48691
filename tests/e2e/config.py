"""The configuration of an image: reading it, comparing two."""

FIELDS = ("Env", "Cmd", "Entrypoint", "User", "WorkingDir", "ExposedPorts", "Volumes", "Labels",
          "Healthcheck", "StopSignal", "Shell", "OnBuild")
AUTHORS = "org.opencontainers.image.authors"


def of_image(inspected):
    """The fields that count. MAINTAINER and the label that replaces it are one field, Author.

    A protocol is in lower case, as BuildKit writes it; buildah leaves `EXPOSE 80/TCP` as it is.
    """
    docker = inspected["Docker"]
    config = {field: docker["config"].get(field) or None for field in FIELDS}
    config["ExposedPorts"] = {port.lower(): value for port, value in (config["ExposedPorts"] or {}).items()} or None
    labels = dict(config["Labels"] or {})
    config["Author"] = labels.pop(AUTHORS, None) or docker.get("author") or None
    config["Labels"] = labels or None
    return config


def path_of(config):
    return next((pair[5:].split(":") for pair in config.get("Env") or [] if pair.startswith("PATH=")), [])


def own(config, base):
    """What an image says beyond its base: of PATH, the folders that the base's has not."""
    said = {field: value for field, value in config.items() if value != base.get(field)}
    folders = set(path_of(base))
    pairs = [f"PATH={':'.join(f for f in path_of(config) if f not in folders)}" if pair.startswith("PATH=") else pair
             for pair in config["Env"] or [] if pair not in (base.get("Env") or [])]
    said["Env"] = sorted(pair for pair in pairs if pair != "PATH=") or None
    return said


def compare(before, after):
    """Lines about the fields that differ."""
    return [f"{f}: {before[f]} -> {after[f]}" for f in before if before[f] != after[f]]


def keeps(before, base_before, after, base_after):
    """Lines about what the first image says beyond its base and the second, on another base, does not say."""
    said, left = own(before, base_before), own(after, base_after)
    lost = [f"{f}: {said[f]} -> {after[f]}" for f in said if f != "Env" and said[f] != after[f]]
    return lost + [f"Env: {pair} is lost" for pair in said["Env"] or [] if pair not in (left["Env"] or [])]
