"""Texts shown to people: English in the source, Simplified Chinese as the product's first language.

`_` translates where a text is shown, `N_` marks a text that is kept for later (class attributes, tables).
Catalogues are the `.po` files below `resources/locale/<language>/`, compiled into one `sealdesk.mo`.
"""

from __future__ import annotations

import gettext
import logging

from sealdesk.core import paths

LANGUAGES = ("zh_CN", "en")

_log = logging.getLogger(__name__)
_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use_language(language: str) -> None:
    """Make `language` ("zh_CN" or "en") the language of every text from now on.

    Raises:
        ValueError: the language is not one of `LANGUAGES`.
    """
    global _catalogue
    if language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}")
    if language == "en":
        _catalogue = gettext.NullTranslations()
        return
    compiled = paths.resources() / "locale" / language / "sealdesk.mo"
    if not compiled.exists():
        _log.warning("the catalogue %s is not compiled; texts stay English", compiled.name)
        _catalogue = gettext.NullTranslations()
        return
    with compiled.open("rb") as file:
        _catalogue = gettext.GNUTranslations(file)


def _(text: str) -> str:
    """The text in the person's language."""
    return _catalogue.gettext(text) if text else text


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "mark, do not translate yet"
    """Mark a text for translation where it is defined; `_` translates it where it is shown."""
    return text
