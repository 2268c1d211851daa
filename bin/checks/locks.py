"""Do the locks answer their inputs? Needs no network: names, versions, hashes and what is installed are compared."""

import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
PIN = re.compile(r"^(?P<name>[\w.-]+)(?:\[[\w,-]+\])?==(?P<version>[^\s;]+)(?:\s*;\s*(?P<marker>[^\\]+?))?\s*\\$")


def asked(name: str) -> Iterator[Requirement]:
    """Requirements of an input file and of those it names."""
    for line in (ROOT / f"{name}.in").read_text().splitlines():
        if line.startswith("-r "):
            yield from asked(line.removeprefix("-r ").removesuffix(".in"))
        elif line and not line.startswith(("#", "-")):
            yield Requirement(line)


def faults(name: str) -> Iterator[str]:
    pins: dict[str, set[str]] = {}
    lines = (ROOT / f"{name}.lock").read_text().splitlines()
    for number, line in enumerate(lines):
        if match := PIN.match(line):
            pins.setdefault(canonicalize_name(match["name"]), set()).add(match["version"])
            if "--hash=sha256:" not in lines[number + 1]:
                yield f"{match['name']} has no hash"
            if match["marker"] is None or Marker(match["marker"]).evaluate():
                yield from installed(match["name"], match["version"])
    for requirement in asked(name):
        versions = pins.get(canonicalize_name(requirement.name), set())
        if not versions or not all(version in requirement.specifier for version in versions):
            yield f"{requirement} is asked for, {', '.join(versions) or 'nothing'} is locked"
    if any("://" in line for line in lines):
        yield "an address is written in the lock"


def installed(name: str, version: str) -> Iterator[str]:
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        found = "nothing"
    if found != version:
        yield f"{name}=={version} is locked, {found} is installed"


LOCKS = ("requirements", "requirements-mpxj", "requirements-test")
problems = [f"{name}.lock: {fault}" for name in LOCKS for fault in faults(name)]
for problem in problems:
    sys.stderr.write(f"{problem} (bin/lock writes the locks again)\n")
sys.exit(bool(problems))
