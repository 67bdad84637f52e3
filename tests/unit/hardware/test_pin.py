"""A PIN does not show, does not travel, and can be wiped."""

from __future__ import annotations

import copy
import pickle

import pytest

from sealdesk.domain.pin import Pin


def test_a_pin_shows_nothing_of_itself():
    pin = Pin("739150")
    assert "739150" not in f"{pin} {pin!r} {pin:>10} {[pin]}"


def test_a_pin_is_not_pickled_copied_or_hashed():
    for travel in (pickle.dumps, copy.copy, copy.deepcopy, hash):
        with pytest.raises(TypeError):
            travel(Pin("739150"))


def test_a_wiped_pin_is_gone():
    pin = Pin("739150")
    assert pin.reveal() == b"739150"
    pin.wipe()
    assert not pin
    assert len(pin) == 0
    with pytest.raises(ValueError, match="wiped"):
        pin.reveal()


def test_pins_are_equal_by_content():
    assert Pin("41") == Pin(b"41")
    assert Pin("41") != Pin("42")
    assert Pin("41") != "41"
