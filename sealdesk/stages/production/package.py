"""The production package (UPD) of an accepted seal, and the calibration sheet of a machine, as files in a folder that a person chose."""

from __future__ import annotations

from pathlib import Path

from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job, Task
from sealdesk.face.export import calibration, profiles
from sealdesk.face.faces import face_from
from sealdesk.face.production import package, produce
from sealdesk.stages.production import queries
from sealdesk.stages.production.artwork import written
from sealdesk.stages.production.queries import Ticket
from sealdesk.stages.production.rules import RecordExport
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.uow import MissingError

CALIBRATION_FORMATS = ("pdf", "png")


def export_package(desk: Desk, seal_id: str, folder: Path, material: str) -> Job[Path]:
    """Account for the export, then write the package into `folder`; the job's result is the file.

    Raises (in the job):
        ArtworkClosedError, WrongStateError: nothing was written. UnwritableFileError: the disk refuses.
    """

    def work(task: Task) -> Path:
        ticket = desk.tell(lambda session: queries.ticket(session, seal_id))
        if ticket is None:
            raise MissingError(what="seal", id=seal_id)
        task.report(_("Preparing the face of {name}").format(name=ticket.seal_name))
        desk.do(RecordExport(seal_id, ("upd",)))
        content = package(face_from(ticket.spec).drawing, _facts(ticket), profiles.profile(material))
        task.check()
        return written(folder / f"{ticket.seal_code or ticket.order_number}.upd", content)

    return desk.sign_in_lane.submit(work)


def export_calibration(desk: Desk, folder: Path, material: str) -> Job[tuple[Path, ...]]:
    """Write the calibration sheet as the machine of `material` takes it; the job's result are the files. It is nobody's artwork."""

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

