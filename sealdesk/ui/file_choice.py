"""Choosing files and folders with the system's own dialogs; each remembers the folder used last for its purpose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from sealdesk.core.i18n import N_, _

_WORDS = {QFileDialog.DialogLabel.LookIn: N_("Folder:"), QFileDialog.DialogLabel.FileType: N_("Files shown:")}
_last_folders: dict[str, Path] = {}


def _start(purpose: str) -> str:
    """The folder of the last time, else the person's documents, else his home: one that is there."""
    documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    candidates = (_last_folders.get(purpose, documents), documents, Path.home())
    return str(next((folder for folder in candidates if folder.is_dir()), Path.home()))


def _opened(dialog: QFileDialog, purpose: str, chosen: Callable[[tuple[Path, ...]], object]) -> QFileDialog:
    def on_selected(names: list[str]) -> None:
        paths = tuple(Path(name) for name in names)
        if paths:
            _last_folders[purpose] = paths[0].parent
            chosen(paths)

    for label, words in _WORDS.items():  # Qt's Chinese catalogue leaves these two in English
        dialog.setLabelText(label, _(words))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.filesSelected.connect(on_selected)
    dialog.open()
    return dialog


def choose_files(
    parent: QWidget, title: str, filters: str, chosen: Callable[[tuple[Path, ...]], object], *, purpose: str = "", several: bool = True
) -> QFileDialog:
    """Let the person choose files to read; `chosen` is not called when he gives up."""
    dialog = QFileDialog(parent, title, _start(purpose), filters)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles if several else QFileDialog.FileMode.ExistingFile)
    return _opened(dialog, purpose, chosen)


def choose_target(
    parent: QWidget, title: str, filters: str, name: str, chosen: Callable[[Path], object], *, purpose: str = ""
) -> QFileDialog:
    """Let the person choose where a file is written; `name` is proposed, and an existing file is asked about."""
    dialog = QFileDialog(parent, title, _start(purpose), filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(name)
    return _opened(dialog, purpose, lambda paths: chosen(paths[0]))


def choose_folder(parent: QWidget, title: str, chosen: Callable[[Path], object], *, purpose: str = "") -> QFileDialog:
    """Let the person choose a folder."""
    dialog = QFileDialog(parent, title, _start(purpose))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    return _opened(dialog, purpose, lambda paths: chosen(paths[0]))
