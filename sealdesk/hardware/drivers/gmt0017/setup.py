"""Making tokens ready: a blank one becomes a key with a key pair, or a chip as the factory ships it; and the same for software tokens.

It is used by the command line, the demonstration and the tests, never by ordinary work.
"""

from __future__ import annotations

from pathlib import Path

from sealdesk.domain.pin import Pin
from sealdesk.hardware.drivers.gmt0017.emulator import Card, CardState, StateFile, blank_state
from sealdesk.hardware.drivers.gmt0017.layout import ApplicationPlan
from sealdesk.hardware.drivers.gmt0017.profile import Profile
from sealdesk.hardware.drivers.gmt0017.session import TokenSession
from sealdesk.hardware.protocol import ApduProtocol
from sealdesk.hardware.virtual import VirtualConnection

FACTORY = "factory"


def create_application(session: TokenSession, profile: Profile, label: str, user_pin: Pin, admin_pin: Pin) -> int:
    """Label a blank token, create the profile's application and an empty container in it; returns the application's number.

    Raises:
        WrongPinError: the device key of the profile is not the token's. CardRefusedError: the application is there already.
    """
    if label:
        session.set_label(label)
    session.authenticate_device(profile.device_key.encode("ascii"))
    session.create_application(
        ApplicationPlan(
            name=profile.application,
            admin_pin=admin_pin.reveal(),
            admin_tries=profile.admin_tries,
            user_pin=user_pin.reveal(),
            user_tries=profile.user_tries,
            create_file_rights=profile.create_file_rights,
            max_containers=profile.max_containers,
            max_certificates=profile.max_certificates,
            max_files=profile.max_files,
        )
    )
    application = session.open_application(profile.application).application_id
    session.verify_pin(application, user_pin)
    session.create_container(application, profile.container)
    return application


def initialise_key(session: TokenSession, profile: Profile, label: str, user_pin: Pin, admin_pin: Pin) -> bytes:
    """Make a blank token a USB key: application, container and a key pair made on it; returns the point (65 bytes, 04‖x‖y).

    The certificate is imported afterwards with `Gmt0017Token.import_certificate`.

    Raises:
        DeviceError: as `create_application`; a token that is set up already is not touched.
    """
    application = create_application(session, profile, label, user_pin, admin_pin)
    container = session.open_container(application, profile.container)
    assert container is not None  # made one line above
    point = session.generate_key(application, container)
    session.clear_secure_state(application)
    return point


def blank_key(serial: str = "") -> CardState:
    """A software token with nothing on it, to be made a key."""
    return blank_state(serial)


def blank_chip(profile: Profile, serial: str = "", label: str = "") -> CardState:
    """A software chip as the factory ships it: the application with the factory PINs and an empty container."""
    card = Card(blank_state(serial))
    session = TokenSession(ApduProtocol(VirtualConnection(card, FACTORY)))
    create_application(session, profile, label, Pin(profile.user_pin), Pin(profile.admin_pin))
    card.reset()
    return card.state


def write_state(state: CardState, file: Path) -> None:
    """Keep a software token in `file`, for `SoftwareDevices.insert`."""
    StateFile(file).save(state)
