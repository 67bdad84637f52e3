"""Production artwork of an accepted seal: the face under a material profile, in the formats that engravers take, UPD among them.

An export is accounted for before a byte leaves (不准留样; design, decision 5). The calibration sheet of a machine is nobody's artwork.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job, Task
from sealdesk.crypto.vault import UnwritableFileError
from sealdesk.face.export import calibration, profiles
from sealdesk.face.faces import face_from
from sealdesk.face.production import package, produce
from sealdesk.stages.production import queries
from sealdesk.stages.production.queries import Ticket
from sealdesk.stages.production.rules import RecordExport
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.uow import MissingError

PACKAGE = "upd"
"""The ending of the production package, which holds the face in several formats."""
CALIBRATION_FORMATS = ("pdf", "png")


@dataclass(frozen=True, slots=True)
class Artwork:
    """The files of one export, by name, and what the profile does to the face, in words."""

    files: Mapping[str, bytes]
    explained: tuple[str, ...]


def artwork(
    spec: object,
    material: str,
    formats: tuple[str, ...],
    dpi: float | None,
    stem: str,
    seal_code: str,
    facts: Mapping[str, object] | None = None,
) -> Artwork:
    """The files of a face under the profile of `material` (an empty one means paper); `dpi` None takes the profile's.

    `facts` stand in the manifest of the package (UPD).
    """
    drawing = face_from(spec).drawing
    chosen = profiles.profile(material) if material else profiles.PAPER

    def made(ending: str) -> bytes:
        return package(drawing, facts or {}, chosen, dpi) if ending == PACKAGE else produce(drawing, ending, chosen, dpi, seal_code)

    return Artwork({f"{stem}.{ending}": made(ending) for ending in formats}, profiles.explained(chosen))


def export(
    desk: Desk, seal_id: str, folder: Path, formats: tuple[str, ...], dpi: float | None = None, material: str | None = None
) -> Job[Artwork]:
    """Account for the export, then write the files into `folder`; `material` overrides the product's.

    Raises (in the job):
        ArtworkClosedError, WrongStateError: nothing was written. UnwritableFileError: the disk refuses.
    """

    def work(task: Task) -> Artwork:
        ticket = desk.tell(lambda session: queries.ticket(session, seal_id))
        if ticket is None:
            raise MissingError(what="seal", id=seal_id)
        task.report(_("Preparing the face of {name}").format(name=ticket.seal_name))
        desk.do(RecordExport(seal_id, formats))
        chosen = ticket.material if material is None else material
        stem = ticket.seal_code or ticket.order_number
        made = artwork(ticket.spec, chosen, formats, dpi, stem, ticket.seal_code, _facts(ticket))
        for index, (name, content) in enumerate(made.files.items()):
            task.check()
            task.report(name, index, len(made.files))
            written(folder / name, content)
        return made

    return desk.sign_in_lane.submit(work)


def export_calibration(desk: Desk, folder: Path, material: str) -> Job[tuple[Path, ...]]:
    """Write the calibration sheet as the machine of `material` takes it; the job's result are the files."""

    def work(task: Task) -> tuple[Path, ...]:
        profile = profiles.profile(material)
        done = []
        for index, ending in enumerate(CALIBRATION_FORMATS):
            task.check()
            task.report(_("Preparing the calibration sheet"), index, len(CALIBRATION_FORMATS))
            content = produce(calibration.sheet(), ending, profile)
            done.append(written(folder / f"calibration-{material}.{ending}", content))
        return tuple(done)

    return desk.sign_in_lane.submit(work)


def _facts(ticket: Ticket) -> dict[str, object]:
    return {
        "order": {"id": ticket.order_id, "number": ticket.order_number},
        "seal": {"id": ticket.seal_id, "name": ticket.seal_name, "type": ticket.seal_type, "code": ticket.seal_code},
        "face": ticket.spec,
    }


def written(path: Path, content: bytes) -> Path:
    """Write a file that a person asked for.

    Raises:
        UnwritableFileError: the disk or the folder refuses.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UnwritableFileError(name=path.name, reason=error.strerror or "") from error
    return path
