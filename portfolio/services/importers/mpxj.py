"""Foreign schedule files to Project's XML by MPXJ, in a Java process of its own with limits on time, memory and output.

MPXJ is an optional extra (`requirements-mpxj.lock` and a Java runtime). Run as a script, this file is the child: it
limits itself, then becomes Java. It knows no secret, no network address and no folder but its own temporary one.
See docs/schedules.md.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

CPU_SECONDS = 30
WALL_SECONDS = 60
ADDRESS_SPACE = 1_700 << 20
HEAP = "384m"
OUTPUT_BYTES = 50 << 20
LAST_WORDS = 4_000
_PROGRAM = "org.mpxj.sample.MpxjConvert"
# Readers of databases, and what only tests of MPXJ need: never on the path of a file somebody sent.
_LEFT_OUT = ("sqlite", "jackcess", "junit", "opentest4j", "apiguardian", "jgoodies")
_JAVA = (
    f"-Xmx{HEAP}",
    "-Xss4m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:CompressedClassSpaceSize=64m",
    "-XX:ReservedCodeCacheSize=64m",
    "-XX:-UsePerfData",
    "-Djava.awt.headless=true",
    "-Duser.timezone=UTC",
    "-Duser.language=en",
    "-Djavax.xml.accessExternalDTD=",
    "-Djavax.xml.accessExternalSchema=",
)


class ConversionError(Exception):
    """MPXJ could not read the file; the message is its last words."""


@dataclass(frozen=True, slots=True)
class Tools:
    java: str
    jars: tuple[str, ...]


def installed() -> Tools | None:
    """What converting needs, or None where it is not installed."""
    java, package = shutil.which("java"), find_spec("mpxj")
    if java is None or package is None or package.origin is None:
        return None
    jars = sorted(Path(package.origin).parent.glob("lib/*.jar"))
    kept = tuple(str(jar) for jar in jars if not jar.name.startswith(_LEFT_OUT))
    return Tools(java, kept) if kept else None


def to_mspdi(data: bytes, suffix: str, tools: Tools) -> bytes:
    """Project's XML of what the file holds; `suffix` only names the copy MPXJ looks at, content decides."""
    with tempfile.TemporaryDirectory(prefix="schedule-") as folder:
        home = Path(folder)
        source, target, words = home / f"source.{suffix}", home / "target.xml", home / "words"
        source.write_bytes(data)
        command = [tools.java, *_JAVA, f"-Djava.io.tmpdir={home}", "-cp", os.pathsep.join(tools.jars)]
        status = _run([*command, _PROGRAM, str(source), str(target)], home, words)
        if status != 0 or not target.is_file():
            raise ConversionError(_last_words(words) or f"MPXJ stopped with {status}")
        return target.read_bytes()


def _run(command: list[str], home: Path, words: Path) -> int:
    child = [sys.executable, "-P", "-s", "-X", "utf8", str(Path(__file__).resolve()), *command]
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": str(home)}
    with words.open("wb") as stream:
        try:
            return subprocess.run(  # noqa: S603 -- our own interpreter and file, no shell
                child,
                cwd=home,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                timeout=WALL_SECONDS,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired as error:
            raise ConversionError(f"no answer after {WALL_SECONDS} s") from error


def _last_words(words: Path) -> str:
    with words.open("rb") as stream:
        lines = stream.read(LAST_WORDS).decode("utf-8", "replace").splitlines()
    return next((line for line in lines if "Exception" in line or "Error:" in line), "")[:300]


def _become(command: list[str]) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execv(command[0], command)  # noqa: S606 -- the Java runtime found by `installed`


if __name__ == "__main__":
    _become(sys.argv[1:])
