"""Commands, permissions and errors of administration and of signing in. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from sealdesk.core.errors import DeviceError, UserError
from sealdesk.core.i18n import N_
from sealdesk.domain.access import Permission
from sealdesk.workflow.commands import BULKY, SECRET

USERS = Permission("administration.users", N_("Manage people and keys"))
AUDIT = Permission("administration.audit", N_("Read the audit trail"))
SETTINGS = Permission("administration.settings", N_("Change settings"))


@dataclass(frozen=True, slots=True)
class FoundInstallation:
    """The platform enrolled this installation; its first user becomes the senior administrator."""

    user_id: str
    user: str
    display_name: str
    shop_name: str
    password_hash: str = field(metadata=SECRET)
    certificate: bytes = field(metadata=BULKY)
    key_serial: str
    installation: str
    platform_address: str
    authority: str = field(metadata=BULKY)
    shop: str
    epoch: str


@dataclass(frozen=True, slots=True)
class RecordSignIn:
    """Somebody signed in."""

    user_id: str


@dataclass(frozen=True, slots=True)
class RecordRefusedSignIn:
    """Somebody was refused; kept with the error's code, never with what was typed beside the user name."""

    user: str
    reason: str


@dataclass(frozen=True, slots=True)
class SignAuditHead:
    """The head of the audit trail was signed with the person's key; the platform keeps it as a witness."""

    record: str = field(metadata=BULKY)


@dataclass(frozen=True, slots=True)
class AddUser:
    """Add an operator."""

    user_id: str
    name: str
    display_name: str
    shop_name: str
    role: str
    permissions: tuple[str, ...]
    password_hash: str = field(metadata=SECRET)


@dataclass(frozen=True, slots=True)
class ChangeUser:
    """Change an operator's names, role, permissions, or whether he may work."""

    user_id: str
    display_name: str
    shop_name: str
    role: str
    permissions: tuple[str, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Set an operator's password."""

    user_id: str
    password_hash: str = field(metadata=SECRET)


@dataclass(frozen=True, slots=True)
class BindKey:
    """Bind the USB key with this certificate to an operator."""

    user_id: str
    key_serial: str
    certificate: bytes = field(metadata=BULKY)


@dataclass(frozen=True, slots=True)
class UnbindKey:
    """Take a key from an operator, for instance when it is lost."""

    user_id: str
    fingerprint: str


class SignInError(UserError):
    """User name, shop name or password is wrong; the sentence does not say which."""

    code = "signin.password"
    sentence = N_("User name, shop name or password is not correct.")


class UserInactiveError(UserError):
    """The operator may not work any more."""

    code = "signin.inactive"
    sentence = N_("This user has been deactivated.")
    advice = N_("Ask an administrator.")


class NoKeyError(DeviceError):
    """No USB key is inserted."""

    code = "signin.key.none"
    sentence = N_("No USB key is inserted.")
    advice = N_("Insert your USB key and wait until it is shown below.")


class TwoKeysError(DeviceError):
    """Several keys are inserted and none was chosen."""

    code = "signin.key.several"
    sentence = N_("{count} USB keys are inserted: {labels}.")
    advice = N_("Choose yours in the list, or leave only one of them inserted.")


class KeyOfAnotherError(DeviceError):
    """The key is bound to somebody else."""

    code = "signin.key.another"
    sentence = N_("This USB key belongs to {owner}, not to {user}.")
    advice = N_("Insert your own key. No PIN was tried.")
    retry = False


class KeyNotBoundError(DeviceError):
    """The key is bound to nobody here."""

    code = "signin.key.unbound"
    sentence = N_("This USB key ({label}) is not bound to any user of this installation.")
    advice = N_("Ask an administrator to bind it. No PIN was tried.")
    retry = False


class KeyProofError(DeviceError):
    """The key's signature over the challenge does not fit its certificate."""

    code = "signin.key.proof"
    sentence = N_("The USB key could not prove that it holds the key of its certificate.")
    advice = N_("Do not use this key. Tell the platform's office.")
    retry = False


class NotMakerKeyError(DeviceError):
    """The certificate is not a maker's."""

    code = "signin.key.not_maker"
    sentence = N_("The certificate of this USB key is not a maker's certificate.")
    retry = False


class UserNameTakenError(UserError):
    """There is a user of that name."""

    code = "administration.user.taken"
    sentence = N_("There is already a user “{name}”.")


class UserNameError(UserError):
    """A user name that cannot be used."""

    code = "administration.user.name"
    sentence = N_("A user name has 2 to 40 characters without spaces.")


class KeyTakenError(UserError):
    """The key is bound to somebody already."""

    code = "administration.key.taken"
    sentence = N_("This USB key is bound to {owner} already.")


class KeyOfAnotherShopError(UserError):
    """The key was issued to another shop of the same platform."""

    code = "administration.key.shop"
    sentence = N_("This USB key was issued to another shop ({shop}).")


class LastAdministratorError(UserError):
    """The last senior administrator cannot be taken away."""

    code = "administration.last"
    sentence = N_("At least one active senior administrator with a key must remain.")


class AlreadyFoundedError(UserError):
    """The installation has users already."""

    code = "administration.founded"
    sentence = N_("This installation has been set up already.")
