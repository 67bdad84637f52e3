"""Settings: values, faults of the file, and who hears of a change."""

from __future__ import annotations

import json
import logging
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from sealdesk.core import settings as declared
from sealdesk.core.settings import SETTINGS, BadSettingError, Setting, Settings, SettingsNotSavedError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "settings.json"


def test_new_installation_has_defaults_and_writes_nothing(file: Path) -> None:
    settings = Settings(file)
    for setting in SETTINGS:
        assert settings.get(setting) == setting.default
    assert not file.exists()


def test_every_setting_is_declared_whole() -> None:
    names = [setting.name for setting in SETTINGS]
    assert len(set(names)) == len(names)
    for setting in SETTINGS:
        assert "." in setting.name
        assert setting.title
        assert setting.accepts(setting.default)


def test_changed_value_is_there_after_restart(file: Path) -> None:
    settings = Settings(file)
    settings.set(declared.UI_LANGUAGE, "en")
    settings.set(declared.UI_SCALE, 1.5)
    settings.set(declared.DEVICES_SOFTWARE, ["甲.key"])
    again = Settings(file)
    assert again.get(declared.UI_LANGUAGE) == "en"
    assert again.get(declared.UI_SCALE) == 1.5
    assert again.get(declared.DEVICES_SOFTWARE) == ["甲.key"]
    again.reset(declared.UI_LANGUAGE)
    assert Settings(file).get(declared.UI_LANGUAGE) == "zh_CN"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (declared.UI_LANGUAGE, "fr"),
        (declared.UI_LANGUAGE, 1),
        (declared.UI_THEME, "pink"),
        (declared.UI_SCALE, 0.1),
        (declared.UI_SCALE, float("nan")),
        (declared.UI_SCALE, "1"),
        (declared.UI_SCALE, True),
        (declared.PLATFORM_ADDRESS, "ftp://example.com"),
        (declared.PLATFORM_ADDRESS, "https://user:password@example.com"),
        (declared.PLATFORM_ADDRESS, "example.com"),
        (declared.DEVICES_SOFTWARE, [1]),
        (declared.SYNC_INTERVAL_S, 0),
        (declared.FILING_DAYS, 0),
        (declared.FILING_DAYS, 7.5),
        (declared.FILING_DAYS, True),
    ],
)
def test_impossible_value_is_refused_beside_its_field(file: Path, setting: Setting[Any], value: object) -> None:
    settings = Settings(file)
    with pytest.raises(BadSettingError) as caught:
        settings.set(setting, value)
    assert caught.value.field == setting.name
    assert settings.get(setting) == setting.default
    assert not file.exists()


@pytest.mark.parametrize("address", ["", "http://127.0.0.1:8000", "https://platform.example.cn/v1"])
def test_address_may_be(file: Path, address: str) -> None:
    settings = Settings(file)
    settings.set(declared.PLATFORM_ADDRESS, address)
    assert settings.get(declared.PLATFORM_ADDRESS) == address


def test_unknown_values_of_another_version_are_kept(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('{"later.feature": {"a": 1}, "ui.theme": "dark"}')
    Settings(file).set(declared.UI_LANGUAGE, "en")
    assert json.loads(file.read_text()) == {"later.feature": {"a": 1}, "ui.theme": "dark", "ui.language": "en"}


@pytest.mark.allowed_logs("settings file is damaged")
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"ui.theme": "dark"', b"[" * 100_000])
def test_damaged_file_is_put_aside_with_a_warning(file: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        settings = Settings(file)
    assert settings.get(declared.UI_THEME) == "system"
    (aside,) = file.parent.iterdir()
    assert aside.name.startswith("settings-damaged-")
    assert aside.read_bytes() == content
    assert "damaged" in caplog.text
    settings.set(declared.UI_THEME, "dark")
    assert Settings(file).get(declared.UI_THEME) == "dark"


@pytest.mark.allowed_logs("the value of setting ui.scale is not possible")
def test_impossible_value_in_the_file_gives_way_to_the_default(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('{"ui.scale": "big", "ui.theme": "dark"}')
    settings = Settings(file)
    assert settings.get(declared.UI_SCALE) == 1.0
    assert settings.get(declared.UI_THEME) == "dark"


@pytest.mark.allowed_logs("cannot be read")
def test_folder_in_place_of_the_file_means_defaults(file: Path) -> None:
    file.mkdir(parents=True)
    assert Settings(file).get(declared.UI_THEME) == "system"


def test_refused_save_keeps_the_old_value(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(file)
    settings.set(declared.UI_THEME, "dark")
    heard: list[str] = []
    settings.subscribe(heard.append)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(SettingsNotSavedError):
            settings.set(declared.UI_THEME, "light")
    assert settings.get(declared.UI_THEME) == Settings(file).get(declared.UI_THEME) == "dark"
    assert heard == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the profile folder private by itself")
def test_file_is_for_its_owner_only(file: Path) -> None:
    Settings(file).set(declared.UI_THEME, "dark")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == ["settings.json"]


def test_listeners_hear_of_changes_only_and_until_they_leave(file: Path) -> None:
    settings = Settings(file)
    heard: list[str] = []
    leave = settings.subscribe(heard.append)
    settings.set(declared.UI_THEME, "dark")
    settings.set(declared.UI_THEME, "dark")
    settings.reset(declared.UI_THEME)
    settings.reset(declared.UI_THEME)
    leave()
    leave()
    settings.set(declared.UI_THEME, "light")
    assert heard == ["ui.theme", "ui.theme"]


def test_asker_cannot_change_a_setting_by_its_list(file: Path) -> None:
    settings = Settings(file)
    settings.get(declared.DEVICES_SOFTWARE).append("x")
    given = ["y"]
    settings.set(declared.DEVICES_SOFTWARE, given)
    given.append("z")
    assert settings.get(declared.DEVICES_SOFTWARE) == ["y"]
    assert declared.DEVICES_SOFTWARE.default == []
