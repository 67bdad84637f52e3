"""What can go wrong with readers, keys and chips, each with its own sentence; not the status words of one kind of card."""

from __future__ import annotations

from sealdesk.core.errors import DeviceError, UserError
from sealdesk.core.i18n import N_


class ServiceNotRunningError(DeviceError):
    """The PC/SC service does not answer."""

    code = "device.service"
    sentence = N_("The smart card service is not running.")
    advice = N_("Plug the reader in again. If that does not help, start the service “Smart Card” (Windows) or “pcscd” (Linux).")


class ReaderLostError(DeviceError):
    """The reader is gone, or did not answer before the deadline and was given up."""

    code = "device.reader.lost"
    sentence = N_("The reader “{reader}” no longer answers.")
    advice = N_("Unplug the reader, plug it in again and repeat the step.")


class ReaderBusyError(DeviceError):
    """Another program holds the reader for itself."""

    code = "device.reader.busy"
    sentence = N_("Another program is using the reader “{reader}”.")
    advice = N_("Close other programs that use keys or certificates, then try again.")


class NoKeyError(DeviceError):
    """A USB key was asked for, and there is none."""

    code = "device.key.absent"
    sentence = N_("No USB key is plugged in.")
    advice = N_("Plug in the USB key.")


class NoChipError(DeviceError):
    """A chip was asked for, and there is none."""

    code = "device.chip.absent"
    sentence = N_("There is no chip in the reader “{reader}”.")
    advice = N_("Put the chip seal in, or connect it by USB.")


class TokenRemovedError(DeviceError):
    """The key or chip was taken out while it was in use."""

    code = "device.token.removed"
    sentence = N_("The key or chip was taken out of “{reader}”.")
    advice = N_("Put it in again and repeat the step; it goes on where it stopped.")


class MuteCardError(DeviceError):
    """A card is in the reader, but does not come to life."""

    code = "device.token.mute"
    sentence = N_("The card in “{reader}” does not answer.")
    advice = N_("Take it out, clean the contacts and put it in the right way round.")


class UnknownCardError(DeviceError):
    """The card is of a kind that no driver knows."""

    code = "device.token.unknown"
    sentence = N_("The card in “{reader}” is not of a known kind.")
    advice = N_("Use a chip or key of a kind that is set up in the device profiles.")
    retry = False


class WrongKindError(DeviceError):
    """A key where a chip is needed, or a chip where a key is needed."""

    code = "device.token.kind"
    sentence = N_("What is in “{reader}” is not what is needed here.")
    advice = N_("A USB key signs; a chip is burned. Use the other one.")
    retry = False


class TokenChangedError(DeviceError):
    """Another key or chip is in the reader than at the beginning of the step."""

    code = "device.token.changed"
    sentence = N_("Another key or chip is in “{reader}” now: {serial} instead of {expected}.")
    advice = N_("Put the first one back, or begin the step again.")


class ApplicationMissingError(DeviceError):
    """The token has not been set up: the application of its profile is not on it."""

    code = "device.application.missing"
    sentence = N_("The key or chip has not been set up: “{application}” is not on it.")
    advice = N_("Have it initialised, or use another one.")
    retry = False


class OutcomeUnknownError(DeviceError):
    """The line was cut during a command; the card may or may not have executed it. Only reading back tells."""

    code = "device.outcome.unknown"
    sentence = N_("The connection to the card broke; what it did last is not certain.")
    advice = N_("Repeat the step: what is on the card is read back first.")


class MalformedAnswerError(DeviceError):
    """The card's answer does not have the form that the standard gives it."""

    code = "device.answer.malformed"
    sentence = N_("The card's answer to {command} cannot be understood.")
    advice = N_("Take the card out and try again; use another one if that does not help.")


class ReadBackError(DeviceError):
    """What was read back differs from what was written."""

    code = "device.readback"
    sentence = N_("“{name}” on the card is not what was written to it.")
    advice = N_("Write it again; if it happens again, put the chip aside as spoiled.")


class WrongPinError(DeviceError):
    """The PIN was wrong and cost one try. `left` is how many remain."""

    code = "device.pin.wrong"
    sentence = N_("The PIN is not correct; {left} tries are left.")


class PinLockedError(DeviceError):
    """No try is left."""

    code = "device.pin.locked"
    sentence = N_("The PIN is locked: no try is left.")
    advice = N_("The issuer can unlock it with the administrator's PIN.")
    retry = False


class NotUnlockedError(DeviceError):
    """The command needs a proven PIN, and none was proven since the last reset."""

    code = "device.pin.needed"
    sentence = N_("The PIN has to be entered first.")


class PinLengthError(UserError):
    """The PIN cannot be one of this token; nothing was sent and no try was spent."""

    code = "user.pin.length"
    sentence = N_("A PIN here has {min_length} to {max_length} characters.")
    advice = N_("No try was spent.")


class KeyExistsError(DeviceError):
    """The container holds a key already, and a seal's key is never replaced."""

    code = "device.key.exists"
    sentence = N_("The chip already holds a key; a seal's key is never replaced.")
    advice = N_("Use a fresh chip.")
    retry = False


class KeyMissingError(DeviceError):
    """The container has no key yet."""

    code = "device.key.missing"
    sentence = N_("There is no key on the key or chip yet.")
    retry = False


class NoSpaceError(DeviceError):
    """The card is full."""

    code = "device.space"
    sentence = N_("There is not enough room on the card.")
    advice = N_("Use a chip with more memory.")
    retry = False


class FileTooLargeError(DeviceError):
    """The content is larger than a file on this kind of card can be."""

    code = "device.file.large"
    sentence = N_("“{name}” is too large for the card: {size} of at most {limit} bytes.")
    retry = False


class AccessRefusedError(DeviceError):
    """The card does not allow this command in its present security state, or ever."""

    code = "device.access"
    sentence = N_("The card does not allow this.")
    retry = False


class CardRefusedError(DeviceError):
    """The card answered with a status word that has no sentence of its own. `status` is four hexadecimal digits."""

    code = "device.refused"
    sentence = N_("The card refused {command} (status {status}).")
    retry = False
