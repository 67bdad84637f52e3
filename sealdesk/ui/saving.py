"""Saving a paper as a file that the person chooses, and opening it for printing; what is in it is made elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job, Lane, Task
from sealdesk.crypto.vault import UnwritableFileError
from sealdesk.ui.desk import Shell
from sealdesk.ui.file_choice import choose_target


def written(target: Path, content: bytes) -> Path:
    """Write the file and return where it is; not for the window's thread.

    Raises:
        UnwritableFileError: the disk refuses.
    """
    try:
        target.write_bytes(content)
    except OSError as error:
        raise UnwritableFileError(name=target.name, reason=error.strerror or "") from error
    return target


def save_paper(
    parent: QWidget,
    shell: Shell,
    lane: Lane,
    make: Callable[[], Job[bytes]],
    name: str,
    *,
    saved: Callable[[Path], object],
    failed: Callable[[BaseException], object],
) -> QFileDialog:
    """Let the person choose a place, make the paper, write it there and open it; `saved` is called once it is on the disk."""

    def write(target: Path, content: bytes) -> None:
        path = target if target.suffix else target.with_suffix(".pdf")

        def work(_task: Task) -> Path:
            return written(path, content)

        shell.run(lane.submit(work), parent, finish, failed)

    def finish(path: Path) -> None:
        saved(path)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def chosen(target: Path) -> None:
        shell.run(make(), parent, lambda content: write(target, content), failed)

    return choose_target(parent, _("Save paper"), _("PDF (*.pdf)"), name, chosen, purpose="papers")
