"""Profiles that ship are whole, and a wrong one is refused with the field that is wrong."""

from __future__ import annotations

import json

import pytest

from sealdesk.core import paths
from sealdesk.domain import chips
from sealdesk.hardware.drivers.gmt0017.profile import PROFILE_FILES, ProfileError, Rights, load_profile, load_profiles, profile_of


def changed(tmp_path, **changes):
    content = json.loads((paths.resources() / "devices" / "seal_chip.json").read_text("utf-8"))
    for name, value in changes.items():
        content[name] = value
    (tmp_path / "x.json").write_text(json.dumps(content), "utf-8")
    return tmp_path / "x.json"


def test_a_chip_and_a_key_ship_with_the_program():
    profiles = load_profiles()
    chip, key = profile_of("chip", profiles), profile_of("key", profiles)
    assert chip.user_pin == "41"  # the manual: 初始芯片读写pin码为41
    assert chip.file_write_rights is Rights.USER
    assert chip.application != key.application
    with pytest.raises(ProfileError, match="card"):
        profile_of("card", profiles)


def test_every_profile_file_is_listed():
    assert {file.name for file in (paths.resources() / "devices").glob("*.json")} == set(PROFILE_FILES)


def test_the_chip_profile_names_the_files_that_the_business_writes():
    written = {chips.FILE_ORDER, chips.FILE_PERMIT, chips.FILE_FACE, chips.FILE_QUERY, chips.FILE_DELIVERY}
    assert set(profile_of("chip", load_profiles()).files) == written


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "other"},
        {"version": 2},
        {"kind": "card"},
        {"application": ""},
        {"application": "x" * 49},
        {"files": ["x" * 33]},
        {"pin_min_length": 0},
        {"pin_max_length": 17},
        {"user_tries": 16},
        {"chunk_bytes": 0},
        {"max_file_bytes": 65536},
        {"device_key": "short"},
        {"file_read_rights": "everybody"},
        {"unknown_field": 1},
    ],
)
def test_a_wrong_profile_is_refused(tmp_path, changes):
    with pytest.raises(ProfileError):
        load_profile(changed(tmp_path, **changes))


def test_a_file_that_is_no_json_is_refused(tmp_path):
    (tmp_path / "x.json").write_text("nothing")
    with pytest.raises(ProfileError):
        load_profile(tmp_path / "x.json")
