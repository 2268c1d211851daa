"""Try whether documents can be printed, in child processes that a hostile one may kill and nothing else."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reporting.services import pdf

WALL_SECONDS = 30
_DEATH = f"killed at {pdf.TRIAL_CPU_SECONDS} s of processor, {WALL_SECONDS} s or {pdf.ADDRESS_SPACE >> 20} MB"


@dataclass(frozen=True, slots=True)
class Trial:
    """How one document went: `cause` is empty where it can be printed."""

    cause: str
    seconds: float = 0
    peak_kb: int = 0


def try_documents(documents: Sequence[str], *, static_root: Path) -> list[Trial]:
    """One answer per document. A document that kills its child costs the others only the start of another.

    One that dies behind others may have died of what they left in memory: it is tried again, first in a new child.
    """
    trials: list[Trial] = []
    while len(trials) < len(documents):
        answered = _try_in_one_child(documents[len(trials) :][: pdf.TRIALS_A_CHILD], static_root)
        trials += answered or [Trial(_DEATH)]
    return trials


def _try_in_one_child(documents: Sequence[str], static_root: Path) -> list[Trial]:
    """The answers of the documents the child lived through."""
    text = json.dumps([pdf.printable(html) for html in documents]).encode()
    answers: list[Trial] = []
    with pdf.start_child(static_root, pdf.TRY, complaints=subprocess.DEVNULL) as child:
        try:
            for position in range(len(documents)):
                alarm = threading.Timer(WALL_SECONDS, child.kill)
                alarm.start()
                try:
                    line = _ask(child, text if position == 0 else b"")
                finally:
                    alarm.cancel()
                if not line.endswith(b"\n"):
                    break
                answers.append(Trial(*json.loads(line)))
        finally:
            child.kill()
    return answers


def _ask(child: subprocess.Popen[bytes], text: bytes) -> bytes:
    """The next line of the child; empty when it died."""
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("the child has no pipes")
    if text:
        try:
            child.stdin.write(text)
            child.stdin.close()
        except BrokenPipeError:
            return b""
    return child.stdout.readline()
