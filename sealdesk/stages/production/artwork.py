"""Production artwork of an accepted seal: the face under a material profile, in the formats that engravers take, and the UPD package.

An export is accounted for before a byte leaves (不准留样; design, decision 5).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job, Task
from sealdesk.face.drawing import Drawing
from sealdesk.face.export import bitmap as pictures
from sealdesk.face.export import dxf, pdf, plt, profiles, svg
from sealdesk.face.faces import face_from
from sealdesk.face.raster import bitmap
from sealdesk.stages.production import queries
from sealdesk.stages.production.rules import RecordExport
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.uow import MissingError

FORMATS: Mapping[str, Callable[[Drawing, float], bytes]] = {
    "svg": lambda drawing, _dpi: svg.svg(drawing),
    "pdf": lambda drawing, _dpi: pdf.pdf(drawing),
    "dxf": lambda drawing, _dpi: dxf.dxf(drawing),
    "plt": lambda drawing, _dpi: plt.plt(drawing),
    "png": lambda drawing, dpi: pictures.png(bitmap(drawing, dpi)),
    "tif": lambda drawing, dpi: pictures.tiff(bitmap(drawing, dpi)),
    "bmp": lambda drawing, dpi: pictures.bmp(bitmap(drawing, dpi)),
}
"""What can be exported, by file ending."""


@dataclass(frozen=True, slots=True)
class Artwork:
    """The files of one export, by name, and what the profile does to the face, in words."""

    files: Mapping[str, bytes]
    explained: tuple[str, ...]


def artwork(spec: object, material: str, formats: tuple[str, ...], dpi: float, stem: str) -> Artwork:
    """The files of a face under the profile of `material` (an empty one leaves the face as it is)."""
    drawing = face_from(spec).drawing
    explained: tuple[str, ...] = ()
    if material:
        profile = profiles.profile(material)
        explained = profiles.explained(profile)
        drawing = profiles.applied(drawing, profile)
    return Artwork({f"{stem}.{ending}": FORMATS[ending](drawing, dpi) for ending in formats}, explained)


def export(
    desk: Desk, seal_id: str, folder: Path, formats: tuple[str, ...], dpi: float = 1200.0, material: str | None = None
) -> Job[Artwork]:
    """Account for the export, then write the files into `folder`; `material` overrides the product's.

    Raises (in the job):
        ArtworkClosedError, WrongStateError: nothing was written.
    """

    def work(task: Task) -> Artwork:
        ticket = desk.tell(lambda session: queries.ticket(session, seal_id))
        if ticket is None:
            raise MissingError(what="seal", id=seal_id)
        task.report(_("Preparing the face of {name}").format(name=ticket.seal_name))
        desk.do(RecordExport(seal_id, formats))
        chosen = ticket.material if material is None else material
        made = artwork(ticket.spec, chosen, formats, dpi, ticket.seal_code or ticket.order_number)
        for index, (name, content) in enumerate(made.files.items()):
            task.check()
            task.report(name, index, len(made.files))
            (folder / name).write_bytes(content)
        return made

    return desk.sign_in_lane.submit(work)
