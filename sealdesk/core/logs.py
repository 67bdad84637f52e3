"""The program's log: a rotating file without secrets or personal data. Not the audit trail, which is in the store.

Texts are redacted after they are formatted, traceback included, so that no way of logging gets around it.
"""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
from pathlib import Path

from sealdesk.core.paths import ensure_private

LOG_FOLDER = "logs"
LOG_FILE = "sealdesk.log"
TRAFFIC = 4
"""Below DEBUG: every byte on the wire to a card. It is switched on by hand only, with a warning, because PINs are among them.

Not 5: the platform's server library names that level TRACE, in whatever process it is imported.
"""

_MOST_BYTES = 2 * 1024 * 1024
_FILES_KEPT = 5
_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"

logging.addLevelName(TRAFFIC, "TRAFFIC")
_log = logging.getLogger(__name__)

_SECRET_NAMES = (
    r"pin(?:[ _-]?code)?|puk|passw(?:or)?d|passphrase|pwd|secret|token|authorization|cookie|api[_-]?key|private[_-]?key|key|口令|密码|密钥"
)
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Raw keys as they stand in PRAGMA key, and PEM blocks.
    (re.compile(r"x'[0-9a-fA-F]{16,}'"), "x'…'"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), "[private key]"),
    (re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+", re.IGNORECASE), r"\1 …"),
    (re.compile(r"(\w+://)[^\s/@:]+:[^\s/@]+@"), r"\1…@"),
    # name=value, name: value, "name": "value" and names that end in one of these words (card_pin, admin_password).
    (
        re.compile(
            rf"(?P<name>(?<![0-9A-Za-z])(?:[0-9A-Za-z_]*_)?(?:{_SECRET_NAMES}))(?P<gap>[\"']?\s*[=:：]\s*)"
            r"(?P<value>b?\"(?:[^\"\\]|\\.)*\"|b?'(?:[^'\\]|\\.)*'|[^\s,;)}\]]+)",
            re.IGNORECASE,
        ),
        r"\g<name>\g<gap>…",
    ),
    # Resident IDs of 18 and 15 digits, then mobile and fixed-line numbers.
    (re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])"), "[ID]"),
    (re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?![0-9A-Za-z])"), "[ID]"),
    (re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])"), "[phone]"),
    (re.compile(r"(?<![0-9A-Za-z])0\d{2,3}[- ]\d{7,8}(?![0-9A-Za-z])"), "[phone]"),
    # 32 bytes and more in hexadecimal may be a key; the beginning is enough to recognise a digest.
    (re.compile(r"(?<![0-9A-Za-z])([0-9a-fA-F]{8})[0-9a-fA-F]{56,}(?![0-9A-Za-z])"), r"\1…"),
)


def redact(text: str) -> str:
    """The text without PINs, passwords, tokens, keys, ID numbers and phone numbers, as far as they can be recognised."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Formats as usual, traceback included, and redacts the whole."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def set_up(home: Path, level: int = logging.INFO, *, to_console: bool = False) -> Path:
    """Log to `home`/logs from now on and return the file; a second call replaces the first.

    Args:
        home: the data folder.
        level: the lowest level kept; `TRAFFIC` warns that PINs will be in the log.
        to_console: also to standard error, for headless verbs.
    """
    file = ensure_private(home / LOG_FOLDER) / LOG_FILE
    formatter = RedactingFormatter(_FORMAT)
    formatter.default_msec_format = "%s.%03d"
    handlers: list[logging.Handler] = [
        logging.handlers.RotatingFileHandler(file, maxBytes=_MOST_BYTES, backupCount=_FILES_KEPT, encoding="utf-8", delay=True)
    ]
    if to_console and sys.stderr is not None:
        handlers.append(logging.StreamHandler())
    root = logging.getLogger()
    tear_down()
    for handler in handlers:
        handler.setFormatter(formatter)
        handler.set_name(f"sealdesk-{type(handler).__name__}")
        root.addHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(True)
    if level <= TRAFFIC:
        _log.warning("traffic is being logged: PINs and what is written on chips will be in this file; delete it when you are done")
    return file


def tear_down() -> None:
    """Take the program's handlers off again and close their files."""
    root = logging.getLogger()
    for handler in tuple(root.handlers):
        if (handler.get_name() or "").startswith("sealdesk-"):
            root.removeHandler(handler)
            handler.close()
    logging.captureWarnings(False)
