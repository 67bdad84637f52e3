"""Keeps the texts of the program translated: finds them in the source, checks the catalogues, compiles them into one.

Not part of the product, which reads only the compiled `sealdesk.mo`. Every area has its own `.po` file, so that people who work on
different packages do not meet in one file.

    python tools/texts.py check      missing, unused, doubled, unfinished or broken translations; exit code 1 if any
    python tools/texts.py compile    write resources/locale/<language>/sealdesk.mo
    python tools/texts.py missing    the missing entries as PO text, by area, ready to be filled in
"""

from __future__ import annotations

import argparse
import os
import re
import string
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE = "zh_CN"
KEYWORDS = {"_": None, "N_": None}


@dataclass(frozen=True, slots=True)
class Source:
    """A text of the source with every place where it stands, as `path:line` below the root."""

    text: str
    places: list[str] = field(default_factory=list)

    @property
    def area(self) -> str:
        """The package it belongs to, which names its `.po` file."""
        parts = Path(self.places[0].rsplit(":", 1)[0]).parts
        return Path(parts[1]).stem if len(parts) > 1 else parts[0]


@dataclass(frozen=True, slots=True)
class Entry:
    """A translated text and the catalogue file it stands in."""

    message: Message
    file: Path

    @property
    def source(self) -> str:
        return str(self.message.id)

    @property
    def target(self) -> str:
        return str(self.message.string)


def sources(root: Path = ROOT) -> dict[str, Source]:
    """Every text that is marked with `_` or `N_` below `sealdesk/`, by its English."""
    found: dict[str, Source] = {}
    folder = root / "sealdesk"
    for name, line, text, _comments, _context in extract_from_dir(
        folder, method_map=[("**.py", "python")], keywords=KEYWORDS, strip_comment_tags=True
    ):
        if not isinstance(text, str):
            raise TypeError(f"sealdesk/{name}:{line}: a marked text has exactly one part")
        found.setdefault(text, Source(text)).places.append(f"sealdesk/{name}:{line}")
    return found


def catalogue_files(root: Path = ROOT) -> list[Path]:
    """The `.po` files of all areas, in the order of their names."""
    return sorted((root / "resources" / "locale" / LANGUAGE).glob("*.po"))


def entries(root: Path = ROOT) -> Iterator[Entry]:
    """Every entry of every catalogue file.

    Raises:
        PoFileError: a file is not a catalogue, or holds the same text twice with different translations.
    """
    for file in catalogue_files(root):
        with file.open("rb") as stream:
            catalogue = read_po(stream, locale=LANGUAGE, abort_invalid=True)
        for message in catalogue:
            if message.id:
                yield Entry(message, file)


def placeholders(text: str) -> list[str]:
    """The `{name}` fields of a text, sorted, with their formats and each as often as it stands there.

    Raises:
        ValueError: the braces do not match.
    """
    parts = string.Formatter().parse(text)
    return sorted(f"{name}!{conversion or ''}:{form or ''}" for _literal, name, form, conversion in parts if name is not None)


def doubled_in_file(file: Path) -> list[str]:
    """The msgid blocks that stand more than once in one file; Babel would silently keep the last."""
    blocks = re.findall(r'^msgid ((?:"(?:[^"\\]|\\.)*"\s*)+)', file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    texts = ["".join(re.findall(r'"((?:[^"\\]|\\.)*)"', block)) for block in blocks]
    return sorted({text for text in texts if texts.count(text) > 1})


def problems_of(entry: Entry) -> Iterator[str]:
    """What is wrong with one translation by itself."""
    where = f"{entry.file.name}: {entry.source!r}"
    if entry.message.fuzzy:
        yield f"{where} is marked fuzzy"
    if not entry.target.strip():
        yield f"{where} is not translated"
        return
    try:
        if placeholders(entry.source) != placeholders(entry.target):
            yield f"{where} has other placeholders in its translation: {entry.target!r}"
    except ValueError as error:
        yield f"{where} has broken braces ({error})"
    if entry.source == entry.target and " " in entry.source:
        yield f"{where} is translated by itself"


def problems(root: Path = ROOT) -> list[str]:
    """Everything that makes the catalogues incomplete or wrong, one sentence each."""
    found: list[str] = []
    marked = sources(root)
    known: dict[str, Entry] = {}
    for file in catalogue_files(root):
        found += [f"{file.name}: {text!r} stands there twice" for text in doubled_in_file(file)]
    for entry in entries(root):
        first = known.setdefault(entry.source, entry)
        if first is not entry:
            found.append(f"{entry.file.name}: {entry.source!r} stands in {first.file.name} too")
        if entry.source not in marked:
            found.append(f"{entry.file.name}: {entry.source!r} is used nowhere")
        found += problems_of(entry)
    found += [f"{source.places[0]}: {text!r} has no translation" for text, source in marked.items() if text and text not in known]
    return found


def missing(root: Path = ROOT) -> dict[str, list[Source]]:
    """The texts without any translation, by area."""
    known = {entry.source for entry in entries(root) if entry.target}
    by_area: dict[str, list[Source]] = {}
    for text, source in sources(root).items():
        if text and text not in known:
            by_area.setdefault(source.area, []).append(source)
    return by_area


def compile_catalogues(root: Path = ROOT) -> Path:
    """Merge the areas into `sealdesk.mo`, replaced in one step so that a running program never reads half of it.

    The first of two equal texts wins; `check` refuses them.
    """
    merged = Catalog(locale=LANGUAGE, charset="utf-8")
    for entry in entries(root):
        if entry.target and not entry.message.fuzzy and entry.source not in merged:
            merged.add(entry.source, entry.target)
    target = root / "resources" / "locale" / LANGUAGE / "sealdesk.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as stream:
        write_mo(stream, merged)
    os.chmod(stream.name, 0o644)
    os.replace(stream.name, target)
    return target


def stale(root: Path = ROOT) -> bool:
    """Whether the compiled catalogue is missing or older than a catalogue file."""
    target = root / "resources" / "locale" / LANGUAGE / "sealdesk.mo"
    files = catalogue_files(root)
    return not target.exists() or any(file.stat().st_mtime >= target.stat().st_mtime for file in files)


def _quoted(text: str) -> str:
    lines = text.split("\n")
    escaped = [line.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") for line in lines]
    return '"' + "\\n".join(escaped) + '"'


def _print_missing() -> int:
    by_area = missing()
    for area, texts in sorted(by_area.items()):
        print(f"# ---- {area}.po: {len(texts)}\n")
        for source in texts:
            print(f"#: {' '.join(source.places)}\nmsgid {_quoted(source.text)}\nmsgstr \"\"\n")
    return 1 if by_area else 0


def main(arguments: list[str]) -> int:
    """Run one verb; the exit code is 1 when something is wrong with the catalogues."""
    parser = argparse.ArgumentParser(prog="texts", description="The translations of sealdesk.")
    parser.add_argument("verb", choices=("check", "compile", "missing"))
    verb = parser.parse_args(arguments).verb
    try:
        if verb == "compile":
            print(f"compiled {compile_catalogues().relative_to(ROOT)}")
            return 0
        if verb == "missing":
            return _print_missing()
        found = problems()
    except (PoFileError, TypeError) as error:
        print(f"texts: {error}", file=sys.stderr)
        return 1
    for problem in found:
        print(problem)
    print(f"{len(found)} problems in {len(catalogue_files())} catalogues" if found else f"{len(sources())} texts, all translated")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
