"""The tool that keeps the translations finds each way in which a catalogue can be wrong."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError

from tools import texts

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
SOURCE = 'from sealdesk.core.i18n import N_, _\nTITLE = N_("Seals")\n\ndef say(n): return _("{count} seals " "are left.").format(count=n)\n'
GOOD = 'msgid "Seals"\nmsgstr "印章"\n\nmsgid "{count} seals are left."\nmsgstr "还剩 {count} 枚印章。"\n'


def make(root: Path, *catalogues: str, source: str = SOURCE) -> Path:
    """A tree with one source file and catalogues named a.po, b.po and so on."""
    (root / "sealdesk" / "domain").mkdir(parents=True)
    (root / "sealdesk" / "domain" / "seals.py").write_text(source, encoding="utf-8")
    locale = root / "resources" / "locale" / "zh_CN"
    locale.mkdir(parents=True)
    for letter, text in zip("abc", catalogues, strict=False):
        (locale / f"{letter}.po").write_text(HEADER + text, encoding="utf-8")
    return root


def test_a_complete_catalogue_has_no_problems(tmp_path: Path) -> None:
    assert texts.problems(make(tmp_path, GOOD)) == []


@pytest.mark.parametrize(
    ("catalogues", "problem"),
    [
        ([GOOD.replace("{count} 枚", "{number} 枚")], "other placeholders"),
        ([GOOD.replace("还剩 {count} 枚印章。", "还剩几枚印章。")], "other placeholders"),
        ([GOOD.replace("{count} 枚", "{count 枚")], "broken braces"),
        ([GOOD.replace("印章。", "{count}。")], "other placeholders"),
        ([GOOD.replace('"印章"', '""')], "is not translated"),
        ([GOOD.replace("还剩 {count} 枚印章。", "{count} seals are left.")], "translated by itself"),
        ([GOOD + '\nmsgid "Keys"\nmsgstr "钥匙"\n'], "is used nowhere"),
        ([GOOD.replace('msgid "Seals"', '#, fuzzy\nmsgid "Seals"')], "marked fuzzy"),
        ([GOOD + '\nmsgid "Seals"\nmsgstr "印章"\n'], "stands there twice"),
        ([GOOD + '\nmsgid ""\n"Se"\n"als"\nmsgstr "印章"\n'], "stands there twice"),
        ([GOOD, 'msgid "Seals"\nmsgstr "图章"\n'], "stands in a.po too"),
        ([GOOD.partition("\n\n")[0]], "'{count} seals are left.' has no translation"),
    ],
)
def test_each_fault_is_found(tmp_path: Path, catalogues: list[str], problem: str) -> None:
    found = texts.problems(make(tmp_path, *catalogues))
    assert [line for line in found if problem in line], found


def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PoFileError):
        texts.problems(make(tmp_path, "this is not PO\n"))


def test_missing_texts_are_sorted_by_the_package_they_belong_to(tmp_path: Path) -> None:
    [source] = texts.missing(make(tmp_path, GOOD.partition("\n\n")[0]))["domain"]
    assert source.text == "{count} seals are left."
    assert source.places == ["sealdesk/domain/seals.py:4"]


def test_all_areas_end_up_in_one_compiled_catalogue(tmp_path: Path) -> None:
    first, _, second = GOOD.partition("\n\n")
    compiled = texts.compile_catalogues(make(tmp_path, first, second))
    with compiled.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert catalogue.gettext("Seals") == "印章"
    assert catalogue.gettext("{count} seals are left.") == "还剩 {count} 枚印章。"
    assert catalogue.gettext("Keys") == "Keys"


def test_a_changed_catalogue_makes_the_compiled_one_stale(tmp_path: Path) -> None:
    root = make(tmp_path, GOOD)
    assert texts.stale(root)
    compiled = texts.compile_catalogues(root)
    source = root / "resources" / "locale" / "zh_CN" / "a.po"
    os.utime(source, (compiled.stat().st_mtime - 10,) * 2)
    assert not texts.stale(root)
    os.utime(source, (compiled.stat().st_mtime + 10,) * 2)
    assert texts.stale(root)
