"""Data fields of GM/T 0017 survive packing and unpacking, and short or impossible ones are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealdesk.hardware.drivers.gmt0017 import layout
from sealdesk.hardware.drivers.gmt0017.layout import (
    ApplicationOpened,
    ApplicationPlan,
    DeviceInfo,
    FileAttributes,
    FileRange,
    LayoutError,
    PinCounters,
)

u8, u16, u32 = st.integers(0, 0xFF), st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)
names = st.text(st.characters(min_codepoint=33, max_codepoint=0x9FFF, exclude_categories=["Cs", "C"]), min_size=1, max_size=10)
pins = st.text("0123456789", min_size=1, max_size=16).map(str.encode)


def info(serial="S1"):
    return DeviceInfo("maker", "issuer", "label", serial, 1, 2, 0x401, 1000, 500, 4096, 1, 2, 16)


def test_device_information_has_288_bytes_and_comes_back():
    assert len(info().pack()) == 288
    assert DeviceInfo.unpack(info().pack()) == info()
    assert DeviceInfo.unpack(info().pack() + b"more") == info()


@pytest.mark.parametrize("field", [b"", bytes(287), bytes(288), info("  ").pack(), info("\x01\x02").pack()])
def test_device_information_without_a_serial_number_is_refused(field):
    with pytest.raises(LayoutError):
        DeviceInfo.unpack(field)


def test_labels_in_gbk_are_read():
    field = bytearray(info().pack())
    label = "张三".encode("gbk")
    field[132 : 132 + 32] = label.ljust(32, b"\0")
    assert DeviceInfo.unpack(bytes(field)).label == "张三"


@given(names, pins, u32, pins, u32, u32, u8, u8, u16)
def test_application_plans_come_back(name, admin, admin_tries, user, user_tries, rights, containers, certificates, files):
    plan = ApplicationPlan(name, admin, admin_tries, user, user_tries, rights, containers, certificates, files)
    assert len(plan.pack()) == 96
    assert ApplicationPlan.unpack(plan.pack()) == plan


def test_an_application_plan_does_not_show_its_pins():
    assert "739150" not in repr(ApplicationPlan("A", b"739150", 6, b"739150", 6, 0x10, 1, 2, 16))


@given(names, u32, u32, u32)
def test_file_attributes_come_back(name, size, read_rights, write_rights):
    attributes = FileAttributes(name, size, read_rights, write_rights)
    assert len(attributes.pack()) == 44
    assert FileAttributes.unpack(attributes.pack()) == attributes


@given(u16, u16, names, st.binary(max_size=50))
def test_file_ranges_come_back_with_what_follows(application, offset, name, rest):
    area = FileRange(application, offset, name)
    assert FileRange.unpack(area.pack() + rest) == (area, rest)


@given(u32, u8, u8, u16, u16)
def test_opened_applications_come_back(rights, containers, certificates, files, number):
    opened = ApplicationOpened(rights, containers, certificates, files, number)
    assert ApplicationOpened.unpack(opened.pack()) == opened
    assert opened.pack()[-2:] == number.to_bytes(2, "little")


@given(u8, u8, st.booleans())
def test_pin_counters_come_back_from_three_bytes_and_from_twelve(most, left, default):
    counters = PinCounters(most, left, default)
    assert PinCounters.unpack(counters.pack()) == counters
    wide = b"".join(number.to_bytes(4, "little") for number in (most, left, int(default)))
    assert PinCounters.unpack(wide) == counters


@given(st.lists(names, max_size=6))
def test_lists_of_names_come_back(listed):
    assert list(layout.unpack_names(layout.pack_names(listed))) == listed


@pytest.mark.parametrize(
    ("unpack", "field"),
    [
        (ApplicationPlan.unpack, bytes(95)),
        (ApplicationOpened.unpack, bytes(9)),
        (FileAttributes.unpack, bytes(43)),
        (FileRange.unpack, bytes(5)),
        (FileRange.unpack, bytes(4) + b"\x09\x00abc"),
        (PinCounters.unpack, bytes(4)),
        (layout.take_u16, b"\1"),
        (layout.take_u32, b"\1\2\3"),
    ],
)
def test_short_fields_are_refused(unpack, field):
    with pytest.raises(LayoutError):
        unpack(field)


@pytest.mark.parametrize("name", ["", "x" * 33, "印" * 11])
def test_names_that_do_not_fit_are_refused(name):
    with pytest.raises(LayoutError):
        layout.pad_name(name, 32)
