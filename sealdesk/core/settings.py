"""Settings of this workplace: declared once, kept in one JSON file, read and changed by their dotted names.

Only what may lie open on the disk belongs here: no secrets (see the key store), no business data (see the store).
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from sealdesk.core.clock import Clock, SystemClock
from sealdesk.core.durable import write_whole
from sealdesk.core.errors import StorageError, UserError
from sealdesk.core.i18n import LANGUAGES, N_
from sealdesk.core.paths import ensure_private

SETTINGS_FILE = "settings.json"

T = TypeVar("T")

_log = logging.getLogger(__name__)


class BadSettingError(UserError):
    """The value is not possible for this setting. Facts: name, value."""

    code = "user.setting"
    sentence = N_("“{value}” is not possible here.")


class SettingsNotSavedError(StorageError):
    """The settings file could not be written. Fact: file."""

    code = "storage.settings"
    sentence = N_("The settings could not be saved to {file}.")
    advice = N_("Make sure that there is space on the disk and that you may write there.")


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """A setting: dotted name, type, default, the title people see, and what values are possible besides their type."""

    name: str
    kind: type[T]
    default: T
    title: str
    is_possible: Callable[[T], bool] = lambda _value: True

    def accepts(self, value: object) -> bool:
        """Whether the value has the right type and is possible. A bool is no number; a whole number is a float."""
        if isinstance(value, bool) and self.kind is not bool:
            return False
        if self.kind is float and isinstance(value, int):
            value = float(value)
        return isinstance(value, self.kind) and self.is_possible(value)


def _is_address(value: str) -> bool:
    return value == "" or re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value) is not None


def _are_texts(value: list[Any]) -> bool:
    return all(isinstance(item, str) for item in value)


UI_LANGUAGE = Setting("ui.language", str, "zh_CN", N_("Language"), lambda value: value in LANGUAGES)
UI_THEME = Setting("ui.theme", str, "system", N_("Appearance"), lambda value: value in ("system", "light", "dark"))
UI_SCALE = Setting("ui.scale", float, 1.0, N_("Size of texts and controls"), lambda value: 0.75 <= value <= 3.0)
UI_GEOMETRY = Setting("ui.geometry", str, "", N_("Place and size of the window"), lambda value: len(value) <= 4000)
PLATFORM_ADDRESS = Setting("platform.address", str, "", N_("Address of the central platform"), _is_address)
DEVICES_SOFTWARE: Setting[list[Any]] = Setting("devices.software", list, [], N_("Software keys and chips for practice"), _are_texts)
SYNC_INTERVAL_S = Setting("sync.interval_s", float, 15.0, N_("Seconds between two looks at the platform"), lambda value: 1 <= value <= 3600)
FILING_DAYS = Setting("filing.days", int, 7, N_("Days within which a delivered seal is filed"), lambda value: 1 <= value <= 365)

SETTINGS: tuple[Setting[Any], ...] = (
    UI_LANGUAGE,
    UI_THEME,
    UI_SCALE,
    UI_GEOMETRY,
    PLATFORM_ADDRESS,
    DEVICES_SOFTWARE,
    SYNC_INTERVAL_S,
    FILING_DAYS,
)
"""All settings there are."""


class Settings:
    """The values of one installation. Any thread may ask and change; listeners run on the thread that changed."""

    def __init__(self, file: Path, clock: Clock | None = None) -> None:
        """Read `file`. A missing one means defaults; a damaged one is put aside and defaults hold; neither is an error."""
        self._file = file
        self._lock = threading.RLock()
        self._listeners: list[Callable[[str], None]] = []
        self._values = _read(file, clock or SystemClock())
        for setting in SETTINGS:
            if setting.name in self._values and not setting.accepts(self._values[setting.name]):
                _log.warning("the value of setting %s is not possible; its default holds", setting.name)

    @property
    def file(self) -> Path:
        """Where they are kept: in the data folder."""
        return self._file

    def get(self, setting: Setting[T]) -> T:
        """The value, or the default where none (or an impossible one) was set."""
        with self._lock:
            value = self._values.get(setting.name, setting.default)
        if not setting.accepts(value):
            value = setting.default
        # A list is handed out as a copy: what the asker does to it must not change the setting.
        return cast(T, list(value) if isinstance(value, list) else setting.kind(value))  # type: ignore[call-arg]

    def set(self, setting: Setting[T], value: T) -> None:
        """Change the value and save; the file is replaced whole or not at all.

        Raises:
            BadSettingError: the value is not possible. SettingsNotSavedError: the disk refuses; the old value holds.
        """
        if not setting.accepts(value):
            raise BadSettingError(field=setting.name, name=setting.name, value=value)
        with self._lock:
            if setting.name in self._values and self._values[setting.name] == value:
                return
            changed = {**self._values, setting.name: list(value) if isinstance(value, list) else value}
            _write(self._file, changed)
            self._values = changed
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(setting.name)

    def reset(self, setting: Setting[Any]) -> None:
        """Go back to the default."""
        with self._lock:
            if setting.name not in self._values:
                return
            changed = {name: value for name, value in self._values.items() if name != setting.name}
            _write(self._file, changed)
            self._values = changed
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(setting.name)

    def subscribe(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Call `listener` with the name of each setting that changed; the returned call ends it."""
        with self._lock:
            self._listeners.append(listener)

        def end() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return end


def _read(file: Path, clock: Clock) -> dict[str, Any]:
    """All values in the file, also of names that this version does not know: a newer one may have written them."""
    try:
        values = json.loads(file.read_text("utf-8"))
        if not isinstance(values, dict):
            raise TypeError("not an object")
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, RecursionError) as error:
        aside = file.with_name(f"{file.stem}-damaged-{clock.now():%Y%m%dT%H%M%S}{file.suffix}")
        _log.warning("the settings file is damaged (%s); defaults hold, it was put aside as %s", type(error).__name__, aside.name)
        try:
            file.replace(aside)
        except OSError as refused:
            _log.warning("the damaged settings file could not be put aside: %s", refused.strerror)
        return {}
    except OSError as error:
        _log.warning("the settings file cannot be read (%s); defaults hold", error.strerror)
        return {}
    return values


def _write(file: Path, values: dict[str, Any]) -> None:
    try:
        ensure_private(file.parent)
        write_whole(file, (json.dumps(values, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode())
    except OSError as error:
        raise SettingsNotSavedError(file=file.name) from error
