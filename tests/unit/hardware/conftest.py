"""Emulated tokens in this process."""

from __future__ import annotations

import pytest

from sealdesk.hardware.drivers.gmt0017.emulator import Card
from sealdesk.hardware.drivers.gmt0017.profile import Profile, load_profiles, profile_of
from sealdesk.hardware.drivers.gmt0017.session import TokenSession
from sealdesk.hardware.drivers.gmt0017.setup import blank_chip
from sealdesk.hardware.protocol import ApduProtocol
from sealdesk.hardware.virtual import VirtualConnection


@pytest.fixture
def profile() -> Profile:
    """The chip's profile."""
    return profile_of("chip", load_profiles())


@pytest.fixture
def card(profile: Profile) -> Card:
    """A chip as the factory ships it."""
    return Card(blank_chip(profile, "CHIP0001"))


@pytest.fixture
def session(card: Card) -> TokenSession:
    """A session with that chip."""
    return TokenSession(ApduProtocol(VirtualConnection(card, "reader")))


@pytest.fixture
def application(session: TokenSession, profile: Profile) -> int:
    """The number of its open application."""
    return session.open_application(profile.application).application_id
