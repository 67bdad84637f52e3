"""The four families of errors, and how each carries its facts and its sentence.

* `UserError`: somebody asked for something impossible; a sentence stands beside the field.
* `Fault` (`DeviceError`, `PlatformError`, `StorageError`): the world failed; what happened, what to do, retry or not.
* `UserCancelled`: somebody changed his mind; silent.
* Anything else is a bug.

A class has a stable dotted `code`, an English `sentence` marked with `N_` and, where it helps, an `advice` (what to do now). Facts are
keyword arguments, kept as attributes and filled into the sentence:

    class WrongPinError(DeviceError):
        code = "device.pin.wrong"
        sentence = N_("The PIN is not correct; {left} tries are left.")

    raise WrongPinError(left=2)
"""

from __future__ import annotations

from typing import Any, ClassVar

from sealdesk.core.i18n import N_, _


class SealdeskError(Exception):
    """Base of every error that the program raises on purpose."""

    code: ClassVar[str] = "error"
    sentence: ClassVar[str] = N_("Something went wrong.")
    advice: ClassVar[str] = ""

    def __init__(self, **facts: Any) -> None:
        super().__init__()
        self.facts: dict[str, Any] = facts

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["facts"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __str__(self) -> str:
        return _(self.sentence).format(**self.facts)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code}, {', '.join(self.facts)})"

    def advise(self) -> str:
        """What the person can do now, in his language; empty where the sentence says it all."""
        return _(self.advice).format(**self.facts)


class UserError(SealdeskError):
    """Somebody asked for something impossible; `field` names the dotted place of the input, or is None."""

    code = "user"
    sentence = N_("That is not possible.")

    def __init__(self, *, field: str | None = None, **facts: Any) -> None:
        super().__init__(**facts)
        self.field = field


class PermissionDeniedError(UserError):
    """The actor's permissions do not cover the command."""

    code = "user.permission"
    sentence = N_("You do not have the permission “{permission}”.")
    advice = N_("Ask an administrator to grant it.")


class ProblemsError(UserError):
    """Several user errors found together, so that all of them can be shown at once."""

    code = "user.problems"
    sentence = N_("{count} things have to be put right first.")

    def __init__(self, problems: tuple[UserError, ...]) -> None:
        super().__init__(count=len(problems))
        self.problems = problems


class Fault(SealdeskError):  # noqa: N818 - the family is called so
    """Something outside the program failed. `retry` says whether the same step may simply be tried again."""

    code = "fault"
    retry: ClassVar[bool] = True


class DeviceError(Fault):
    """A reader, key or chip failed or refused."""

    code = "device"
    sentence = N_("The device failed.")


class PlatformError(Fault):
    """The central platform could not be reached, or refused."""

    code = "platform"
    sentence = N_("The platform failed.")


class StorageError(Fault):
    """The local store or its disk failed."""

    code = "storage"
    sentence = N_("The local store failed.")


class UserCancelled(SealdeskError):  # noqa: N818 - not an error, but it travels like one
    """Somebody changed his mind. Nothing is shown."""

    code = "cancelled"
    sentence = N_("Cancelled.")
