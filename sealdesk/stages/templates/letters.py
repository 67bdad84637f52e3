"""Files of the shop's own letters on their way into the store: examined on a computing lane, kept, then told to the store by a command."""

from __future__ import annotations

from pathlib import Path

from sealdesk.core.lanes import Job, Task
from sealdesk.face import svgfile
from sealdesk.face.fontfiles import LARGEST_BYTES, FontFacts, examine
from sealdesk.stages.templates.files import load
from sealdesk.stages.templates.rules import AddFont, ImportOutline, SameFontError
from sealdesk.workflow.desk import Desk


def take_font(desk: Desk, path: Path) -> Job[tuple[FontFacts, ...]]:
    """Add the fonts of a file to the shop's; the result says which.

    The job runs above all other lanes, and refuses with UnusableFontError, UnreadableFileError or what the command is refused with. Of a
    collection whose fonts are partly here the others are added.
    """

    def work(task: Task) -> tuple[FontFacts, ...]:
        found, digest = desk.lanes.computing[-1].call(lambda: _examined(desk, path))
        task.check()
        same: list[SameFontError] = []
        for facts in found:
            font = facts.font
            try:
                desk.do(AddFont(path.name, digest, font.index, font.name, facts.ideographs + facts.others))
            except SameFontError as error:
                same.append(error)
        if len(same) == len(found):
            raise same[0]
        return found

    return desk.lanes.front.submit(work)


def take_outline(desk: Desk, character: str, path: Path) -> Job[str]:
    """Have a character drawn by the outline in an SVG file; the result is the character.

    The job refuses with SvgFileError, UnreadableFileError or what the command is refused with.
    """

    def work(task: Task) -> str:
        outline = desk.lanes.computing[-1].call(lambda: svgfile.path_data(load(path, svgfile.MAX_BYTES)))
        task.check()
        desk.do(ImportOutline(character, path.name, outline))
        return character

    return desk.lanes.front.submit(work)


def _examined(desk: Desk, path: Path) -> tuple[tuple[FontFacts, ...], str]:
    content = load(path, LARGEST_BYTES)
    found = examine(path.name, content)
    return found, desk.attachments.put(content, LARGEST_BYTES)
