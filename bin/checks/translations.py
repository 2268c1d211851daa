"""Are the texts complete in Dutch and English, with the same placeholders, and compiled?"""

import gettext
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent.parent / "config/locale"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def faults(message: Message) -> Iterator[str]:
    """What is wrong with one translated message."""
    sources, targets = texts(message.id), texts(message.string)
    if "fuzzy" in message.flags:
        yield f"not confirmed: {sources[0]!r}"
    if not all(targets):
        yield f"not translated: {sources[0]!r}"
        return
    allowed = {name for source in sources for name in PLACEHOLDER.findall(source)}
    if any(set(PLACEHOLDER.findall(target)) - allowed for target in targets):
        yield f"foreign placeholder: {sources[0]!r}"
    if set(PLACEHOLDER.findall(sources[-1])) - set(PLACEHOLDER.findall(targets[-1])):
        yield f"placeholder lost: {sources[-1]!r}"


def same_when_compiled(catalog: Catalog, path: Path) -> bool:
    """Whether the compiled file holds these very texts."""
    buffer = BytesIO()
    write_mo(buffer, catalog)
    buffer.seek(0)
    wanted = gettext.GNUTranslations(buffer)._catalog  # type: ignore[attr-defined]
    with path.open("rb") as compiled:
        found = gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
    return {k: v for k, v in wanted.items() if k} == {k: v for k, v in found.items() if k}


def check(language: str) -> Iterator[str]:
    folder = LOCALE / language / "LC_MESSAGES"
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
        for message in catalog:
            if message.id:
                yield from (f"{path.name}: {fault}" for fault in faults(message))
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or not same_when_compiled(catalog, compiled):
            yield f"{compiled.name} is not compiled from {path.name}: run manage.py compilemessages"
    if not (folder / "django.po").exists():
        yield "django.po is missing"


problems = [f"{language}: {problem}" for language in ("nl", "en") for problem in check(language)]
for problem in problems:
    sys.stderr.write(f"{problem}\n")
sys.exit(bool(problems))
