"""The one table that says how an error is shown: beside its field, as a banner in place, in a strip, or as a report of a bug.

It draws nothing; `sealdesk.ui.presenting` does what this table says.
"""

from __future__ import annotations

import platform
import traceback
from dataclasses import dataclass
from enum import Enum

from sealdesk.core.clock import SystemClock, stamp
from sealdesk.core.errors import (
    DeviceError,
    Fault,
    PermissionDeniedError,
    PlatformError,
    ProblemsError,
    SealdeskError,
    StorageError,
    UserCancelled,
    UserError,
)
from sealdesk.core.i18n import N_, _
from sealdesk.ui.theme import Tone


class Place(Enum):
    """Where an error is shown."""

    NOWHERE = "nowhere"
    FIELD = "field"
    BANNER = "banner"
    STRIP = "strip"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Family:
    """One line of the table: where an error goes when a person waits for it, and when it came from work in the background."""

    error: type[BaseException]
    asked: Place
    background: Place
    tone: Tone


FAMILIES: tuple[Family, ...] = (
    Family(UserCancelled, Place.NOWHERE, Place.NOWHERE, Tone.IDLE),
    Family(PermissionDeniedError, Place.BANNER, Place.NOWHERE, Tone.WARN),
    Family(ProblemsError, Place.FIELD, Place.BANNER, Tone.WARN),
    Family(UserError, Place.FIELD, Place.BANNER, Tone.WARN),
    Family(DeviceError, Place.BANNER, Place.STRIP, Tone.FAULT),
    Family(PlatformError, Place.BANNER, Place.STRIP, Tone.WARN),
    Family(StorageError, Place.BANNER, Place.BANNER, Tone.FAULT),
    Family(Fault, Place.BANNER, Place.STRIP, Tone.FAULT),
    Family(SealdeskError, Place.BANNER, Place.BANNER, Tone.FAULT),
    Family(BaseException, Place.REPORT, Place.REPORT, Tone.FAULT),
)
"""From the special to the general; the first line that fits counts."""

BUG = N_("Something went wrong inside the program. What you entered is safe.")
BUG_ADVICE = N_("Copy the report and send it to your support; then go on working.")


@dataclass(frozen=True, slots=True)
class Presentation:
    """Everything that is shown of an error. `details` can be copied and holds no names, numbers or PINs of anybody."""

    place: Place
    tone: Tone
    sentence: str
    advice: str
    details: str
    retry: bool
    problems: tuple[UserError, ...]


def present(error: BaseException, *, background: bool = False) -> Presentation:
    """How `error` is shown to the person who waits for the work, or who is only told of work in the background."""
    family = next(line for line in FAMILIES if isinstance(error, line.error))
    if isinstance(error, SealdeskError):
        sentence, advice = str(error), error.advise()
    else:
        sentence, advice = _(BUG), _(BUG_ADVICE)
    problems: tuple[UserError, ...] = ()
    if isinstance(error, ProblemsError):
        problems = error.problems
    elif isinstance(error, UserError):
        problems = (error,)
    return Presentation(
        place=family.background if background else family.asked,
        tone=family.tone,
        sentence=sentence,
        advice=advice,
        details=details(error),
        retry=isinstance(error, Fault) and error.retry,
        problems=problems,
    )


def details(error: BaseException) -> str:
    """The report on an error: its code, the time, the system and the places in the program, but none of its facts."""
    code = error.code if isinstance(error, SealdeskError) else "bug"
    lines = [
        f"code: {code}",
        f"type: {type(error).__module__}.{type(error).__qualname__}",
        f"time: {stamp(SystemClock().now())}",
        f"system: {platform.system()} {platform.release()}, Python {platform.python_version()}",
    ]
    # Source lines and values may show what somebody typed: only the places are kept.
    lines += [f"  {_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    cause = error.__cause__ or error.__context__
    if cause is not None:
        lines.append(f"because of: {type(cause).__module__}.{type(cause).__qualname__}")
    return "\n".join(lines)


def _short(filename: str) -> str:
    parts = filename.replace("\\", "/").split("/")
    return "/".join(parts[parts.index("sealdesk") :]) if "sealdesk" in parts else parts[-1]
