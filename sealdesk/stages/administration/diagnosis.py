"""The state of this workplace in findings with advice: readers, keys, clock, disk, platform, versions. It repairs nothing, tries no PIN."""

from __future__ import annotations

import os
import platform
import shutil
import struct
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable

from sealdesk import __version__
from sealdesk.core.clock import CHINA
from sealdesk.core.errors import DeviceError, SealdeskError
from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job, Task
from sealdesk.domain.ports import ReaderState
from sealdesk.stages.administration.keys import inspect_key
from sealdesk.workflow import facts
from sealdesk.workflow.desk import Desk

OK, WARN, FAULT, IDLE = "ok", "warn", "fault", "idle"

FREE_WARN_BYTES = 2 * 1024**3
FREE_FAULT_BYTES = 200 * 1024**2
EXPIRY_WARN = timedelta(days=30)
SKEW_WARN = timedelta(minutes=5)
"""Further apart than this, signatures are made at times that others do not believe."""
EARLIEST = datetime(2026, 1, 1, tzinfo=CHINA)
"""A clock before the program was written has lost its battery."""


@runtime_checkable
class Troubled(Protocol):
    """Devices that can say why readers are missing."""

    def problems(self) -> tuple[DeviceError, ...]:
        """The reasons; empty when all is well."""
        ...


@runtime_checkable
class KnowsPlatformTime(Protocol):
    """An exchange that noticed the platform's clock."""

    def platform_ahead(self) -> timedelta | None:
        """How far the platform's clock is ahead of this one, or None when it is not known yet."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, what was found, how it stands ("ok", "warn", "fault", "idle"), and what to do."""

    name: str
    value: str
    grade: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Findings that belong together."""

    title: str
    findings: tuple[Finding, ...]


def diagnose(desk: Desk, extra: tuple[Finding, ...] = ()) -> Job[tuple[Section, ...]]:
    """Look at everything; `extra` are findings about versions that only the caller knows.

    It runs above all other lanes, because it asks readers and store in turn. Nothing that fails ends it: a failure is a finding.
    """

    def work(task: Task) -> tuple[Section, ...]:
        looks: tuple[tuple[str, Callable[[], tuple[Finding, ...]]], ...] = (
            (_("USB key and readers"), lambda: _readers(desk, task)),
            (_("Platform"), lambda: _platform(desk)),
            (_("This computer"), lambda: _computer(desk)),
            (_("Versions"), lambda: (*_versions(), *extra)),
        )
        sections = []
        for number, (title, look) in enumerate(looks):
            task.check()
            task.report(title, number, len(looks))
            sections.append(Section(title, look()))
        return tuple(sections)

    return desk.sign_in_lane.submit(work)


def report(sections: tuple[Section, ...]) -> str:
    """The findings as a text that can be copied and sent to support."""
    lines: list[str] = []
    for section in sections:
        lines += ["", section.title] if lines else [section.title]
        lines += [f"  [{finding.grade}] {finding.name}: {finding.value}" for finding in section.findings]
    return "\n".join(lines)


def _readers(desk: Desk, task: Task) -> tuple[Finding, ...]:
    devices = desk.devices
    problems = devices.problems() if isinstance(devices, Troubled) else ()
    found = [Finding(_("Smart card service"), str(problem), FAULT, problem.advise()) for problem in problems]
    if not problems:
        found.append(Finding(_("Smart card service"), _("Running"), OK))
    states = devices.readers()
    if not states:
        found.append(
            Finding(_("Readers"), _("No reader is connected."), WARN, _("Plug in the USB key or a reader, directly and not by a hub."))
        )
    for state in states:
        found.append(_reader(state))
        if state.state == "key":
            found.append(_key(desk, state, task))
    return tuple(found)


def _reader(state: ReaderState) -> Finding:
    label = "" if state.token is None else " ".join(part for part in (state.owner or state.token.label, state.token.serial) if part)
    words = {
        "empty": (_("Empty"), IDLE, ""),
        "key": (_("USB key {label}").format(label=label), OK, ""),
        "chip": (_("Seal chip {label}").format(label=label), OK, ""),
        "mute": (_("The card does not answer"), FAULT, _("Take it out, clean its contacts and insert it again.")),
        "lost": (_("The reader was lost"), FAULT, _("Unplug it, wait a moment and plug it in again.")),
    }
    other = (_("A card of another kind"), WARN, _("It is neither a USB key nor a seal's chip that this program knows."))
    value, grade, advice = words.get(state.state, other)
    return Finding(state.reader, value, grade, advice)


def _key(desk: Desk, state: ReaderState, task: Task) -> Finding:
    name = _("Certificate of the key")
    try:
        key = inspect_key(desk, state.reader).result()
    except SealdeskError as error:
        return Finding(name, str(error), WARN, error.advise())
    task.check()
    until = _day(key.valid_until)
    if key.problem:
        return Finding(name, _("{holder}, valid until {day}").format(holder=key.holder, day=until), FAULT, key.problem)
    soon = key.valid_until - desk.clock.now() < EXPIRY_WARN
    advice = _("Have it renewed by the platform's office before that day.") if soon else ""
    return Finding(name, _("{holder}, valid until {day}").format(holder=key.holder, day=until), WARN if soon else OK, advice)


def _platform(desk: Desk) -> tuple[Finding, ...]:
    address = str(desk.tell(lambda session: facts.read(session, facts.PLATFORM_ADDRESS)) or "")
    state = desk.sync.state()
    found = [Finding(_("Address"), address or _("Not set up yet"), OK if address else WARN)]
    if state.online:
        found.append(Finding(_("Connection"), _("Online"), OK))
    else:
        since = "" if state.offline_since is None else state.offline_since.astimezone(CHINA).strftime("%m-%d %H:%M")
        value = _("Offline since {time}").format(time=since) if since else _("Offline")
        advice = state.message or _("Work goes on; what you do is sent when the platform answers again.")
        found.append(Finding(_("Connection"), value, WARN, advice))
    waiting = _("{waiting} waiting to be sent, {decisions} need a decision").format(waiting=state.waiting, decisions=state.decisions)
    found.append(Finding(_("Messages"), waiting, WARN if state.decisions else OK))
    return tuple(found)


def _computer(desk: Desk) -> tuple[Finding, ...]:
    return (_clock(desk), *_disk(desk.settings.file.parent))


def _clock(desk: Desk) -> Finding:
    now = desk.clock.now()
    value = now.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
    advice = _("Set date and time of this computer, best by itself from the network.")
    if now < EARLIEST:
        return Finding(_("Clock"), value, FAULT, advice)
    ahead = desk.sync.platform_ahead() if isinstance(desk.sync, KnowsPlatformTime) else None
    if ahead is None:
        return Finding(_("Clock"), _("{time}; not compared with the platform").format(time=value), IDLE)
    seconds = round(abs(ahead.total_seconds()))
    compared = _("{time}; {seconds} s apart from the platform").format(time=value, seconds=seconds)
    return Finding(_("Clock"), compared, WARN, advice) if abs(ahead) > SKEW_WARN else Finding(_("Clock"), compared, OK)


def _disk(folder: Path) -> tuple[Finding, ...]:
    place = Finding(_("Data folder"), str(folder), OK)
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix="diagnosis-") as trial:
            trial.write(b"trial")
            trial.flush()
            os.fsync(trial.fileno())
    except OSError as error:
        advice = _("Make sure that there is space on the disk and that you may write there.")
        place = Finding(
            _("Data folder"), _("{folder}: cannot be written ({reason})").format(folder=folder, reason=error.strerror), FAULT, advice
        )
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return (place, Finding(_("Free space"), error.strerror or "", FAULT))
    grade = FAULT if free < FREE_FAULT_BYTES else WARN if free < FREE_WARN_BYTES else OK
    advice = "" if grade == OK else _("Free some space: without it nothing can be saved.")
    return (place, Finding(_("Free space"), f"{free / 1024**3:.1f} GB", grade, advice))


def _versions() -> tuple[Finding, ...]:
    bits = 8 * struct.calcsize("P")
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return (
        Finding(_("sealdesk"), __version__, IDLE),
        Finding("Python", _("{version}, {bits} bit").format(version=platform.python_version(), bits=bits), IDLE),
        Finding(_("System"), system, IDLE),
    )


def _day(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d")
