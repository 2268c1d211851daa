"""Collect the texts of the source into the catalogues, keep what is translated, compile.

French is the language of the source texts. Its catalogue repeats every text, so that plural
forms are chosen by the French rule (0 is singular) and no text of a library takes the place
of ours. A text that left the source leaves the catalogues. With `--check` nothing is
written: the exit status tells whether the catalogues hold the texts of the source, and
whether these have typographic apostrophes (’).
"""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent.parent
LOCALE = ROOT / "config/locale"
SOURCE, TRANSLATED = "fr", ("nl", "en")
LIBRARY = Path(__file__).resolve().parent / "library_texts.py"
SOURCE_FOLDERS = ("bin/checks", "config", "people", "portfolio", "governance", "reporting", "templates")
KEYWORDS = {
    "_": (1,),
    "_t": (1,),
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SAME_TEXTS_SAME_FILE = datetime(2026, 1, 1, tzinfo=UTC)
STRAIGHT_APOSTROPHE = re.compile(r"[^\W\d_]'[^\W\d_]")
HEADER = "# Texts of Cadran. Written by bin/messages; only the msgstr are edited by hand."

Key = tuple[str | None, str]
Found = dict[Key, tuple[str, ...]]


def code_of(path: Path) -> str:
    """Python source that calls gettext for each text of the file."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        return text
    return "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())


def messages_of(path: Path) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    """Context and texts (singular, plural) of each call in one file."""
    source = BytesIO(code_of(path).encode("utf-8"))
    for _line, function, arguments, _comments in extract_python(source, list(KEYWORDS), [], {"encoding": "utf-8"}):
        spec = KEYWORDS[function]
        given = arguments if isinstance(arguments, tuple) else (arguments,)
        contexts = [given[place[0] - 1] for place in spec if isinstance(place, tuple)]
        texts = tuple(given[place - 1] for place in spec if isinstance(place, int) and len(given) >= place)
        if texts and all(texts):
            yield (contexts[0] if contexts else None), texts


def sources() -> Iterator[Path]:
    for folder in SOURCE_FOLDERS:
        paths = sorted((ROOT / folder).rglob("*"))
        yield from (
            path for path in paths if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts
        )


def collect(language: str) -> Found:
    """Every text of the source; a text used once with a plural has its plural everywhere.

    What a library says is left to the library in French: its own French is complete.
    """
    found: Found = {}
    for path in sources():
        if language == SOURCE and path == LIBRARY:
            continue
        for context, texts in messages_of(path):
            key = (context, texts[0])
            if len(texts) > len(found.get(key, ())):
                found[key] = texts
    return found


def new_catalog(language: str) -> Catalog:
    catalog = Catalog(locale=language, charset="utf-8", fuzzy=False)
    if language == SOURCE:
        catalog._num_plurals, catalog._plural_expr = 2, "(n > 1)"
    return catalog


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES/django.po"


def read(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return new_catalog(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def merged(language: str) -> Catalog:
    """The texts found, with the translations already there."""
    found = collect(language)
    before, after = read(language), new_catalog(language)
    for (context, text), texts in sorted(found.items(), key=lambda item: (item[0][1], item[0][0] or "")):
        message_id = texts if len(texts) > 1 else text
        known = before.get(text, context)
        translation = message_id if language == SOURCE else (known.string if known else "")
        if isinstance(message_id, tuple) and not isinstance(translation, tuple | list):
            translation = (translation, "")
        if isinstance(message_id, str) and isinstance(translation, tuple | list):
            translation = translation[0]
        after.add(message_id, translation, context=context)
    return after


def write(language: str, catalog: Catalog) -> None:
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    text, compiled = BytesIO(), BytesIO()
    write_po(text, catalog, width=110, omit_header=True)
    path.write_bytes(header(catalog).encode("utf-8") + text.getvalue())
    written = read(language)
    written.creation_date = written.revision_date = SAME_TEXTS_SAME_FILE
    write_mo(compiled, written)
    path.with_suffix(".mo").write_bytes(compiled.getvalue())


def header(catalog: Catalog) -> str:
    """A header without a date."""
    lines = (
        "Project-Id-Version: Cadran",
        f"Language: {catalog.locale_identifier}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {catalog.plural_forms}",
    )
    return f'{HEADER}\nmsgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n"


def keys(catalog: Catalog) -> Found:
    """The texts of a catalogue, in the form of `collect`."""
    return {
        (message.context, message.id if isinstance(message.id, str) else message.id[0]): (
            (message.id,) if isinstance(message.id, str) else tuple(message.id)
        )
        for message in catalog
        if message.id
    }


def main(arguments: list[str]) -> int:
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    if "--check" in arguments:
        stale = [language for language in (SOURCE, *TRANSLATED) if keys(read(language)) != collect(language)]
        sys.stderr.write(f"Not the texts of the source: {', '.join(stale)}. Run bin/messages.\n" if stale else "")
        typed = [text for texts in collect(SOURCE).values() for text in texts if STRAIGHT_APOSTROPHE.search(text)]
        sys.stderr.writelines(f"A straight apostrophe in a French text, write ’: {text!r}\n" for text in typed)
        return bool(stale or typed)
    for language in (SOURCE, *TRANSLATED):
        catalog = merged(language)
        write(language, catalog)
        texts = [message.string for message in catalog if message.id]
        done = sum(all(text) if isinstance(text, tuple | list) else bool(text) for text in texts)
        sys.stdout.write(f"{language}: {done} of {len(texts)} texts\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
