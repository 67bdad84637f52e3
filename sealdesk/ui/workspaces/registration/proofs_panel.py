"""The proof documents of an order: which are needed, which are there, and bringing papers into their slots.

It keeps the files and gives the commands; which papers an order needs is the stage's business.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from sealdesk.core.i18n import _
from sealdesk.domain.orders import PROOF_TITLES, ProofKind, required_proofs
from sealdesk.stages.registration.checks import needs_permit
from sealdesk.stages.registration.queries import Proof
from sealdesk.stages.registration.rules import AttachProof, Draft, RemoveProof
from sealdesk.ui.desk import Shell
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.document_slots import DocumentSlots, Paper, Slot
from sealdesk.ui.parts.layouts import column
from sealdesk.ui.workspaces.registration import papers
from sealdesk.ui.workspaces.registration.papers import IncomingPaper
from sealdesk.workflow.bus import Outcome
from sealdesk.workflow.desk import Desk


class ProofsPanel(QWidget):
    """`changed` comes when a paper was put in or taken out, `opened` with a paper to look at.

    `before` is called before a command is given: the order must be in the store by then.
    """

    changed = Signal()
    opened = Signal(object)

    def __init__(self, desk: Desk, shell: Shell, before: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._before = before
        self._draft = Draft()
        self._proofs: tuple[Proof, ...] = ()
        self._thumbnails: dict[str, tuple[bytes, str]] = {}
        self._banner = Banner()
        self._failed = shell.failing(self._banner)
        self.slots = DocumentSlots(columns=1)
        card = Card()
        card.setAccessibleName(_("Proof documents"))
        card.body.addWidget(self._banner)
        card.body.addWidget(self.slots)
        self.setLayout(column(card, None, gap=0))
        self.slots.offered.connect(self._on_offered)
        self.slots.removed.connect(self._on_removed)
        self.slots.opened.connect(self._on_opened)
        self._show()

    def proofs(self) -> tuple[Proof, ...]:
        """The papers that are there."""
        return self._proofs

    def kinds(self) -> frozenset[str]:
        """The kinds of paper that are there."""
        return frozenset(proof.kind for proof in self._proofs)

    def show_draft(self, draft: Draft) -> None:
        """The draft was changed: other papers may be needed."""
        self._draft = draft
        self._show()

    def show_proofs(self, draft: Draft, proofs: tuple[Proof, ...]) -> None:
        """Show the papers of another order."""
        self._draft, self._proofs = draft, proofs
        self._banner.hide()
        self._show()
        for proof in proofs:
            if proof.attachment_id not in self._thumbnails:
                self._fetch_thumbnail(proof)

    def go_to(self, kind: str) -> None:
        """Bring the focus to a slot."""
        self.slots.go_to(kind)

    def _show(self) -> None:
        self.slots.show_slots(tuple(self._slot(kind) for kind in self._kinds()))

    def _kinds(self) -> tuple[ProofKind, ...]:
        always = required_proofs(handler_is_principal=True)
        is_other_person = not self._draft.handler.same_as(self._draft.unit.principal) and bool(self._draft.handler.name)
        attorney = is_other_person or str(ProofKind.POWER_OF_ATTORNEY) in self.kinds()
        return (*always, *((ProofKind.POWER_OF_ATTORNEY,) if attorney else ()), ProofKind.OTHER)

    def _slot(self, kind: ProofKind) -> Slot:
        here = tuple(self._paper(proof) for proof in self._proofs if proof.kind == kind)
        same = self._draft.handler.same_as(self._draft.unit.principal)
        needed = needs_permit(self._draft) and kind in required_proofs(handler_is_principal=same)
        return Slot(str(kind), _(PROOF_TITLES[kind]), needed, here)

    def _paper(self, proof: Proof) -> Paper:
        thumbnail, warning = self._thumbnails.get(proof.attachment_id, (b"", ""))
        return Paper(proof.id, proof.file_name, thumbnail, warning)

    def _fetch_thumbnail(self, proof: Proof) -> None:
        wanted = proof.attachment_id
        self._shell.run(self._desk.fetch(wanted), self, lambda content: self._on_fetched(wanted, content), self._failed)

    def _on_fetched(self, attachment_id: str, content: bytes) -> None:
        job = self._desk.lanes.computing[-1].submit(lambda _task: (papers.thumbnail_of(content), ""))
        self._shell.run(job, self, lambda made: self._on_thumbnail(attachment_id, made), self._failed)

    def _on_thumbnail(self, attachment_id: str, made: tuple[bytes, str]) -> None:
        self._thumbnails[attachment_id] = made
        self._show()

    def _on_offered(self, kind: str, content: object) -> None:
        """The first goes into the slot it was dropped on; slots hold one paper, so further ones become other papers."""
        if isinstance(content, QImage):
            self._read(kind, lambda: papers.from_picture(content))
        elif isinstance(content, tuple):
            for place, path in enumerate(content):
                self._read_file(kind if place == 0 else str(ProofKind.OTHER), path)

    def _read_file(self, kind: str, path: Path) -> None:
        self._read(kind, lambda: papers.from_file(path))

    def _read(self, kind: str, read: Callable[[], IncomingPaper]) -> None:
        self._banner.hide()
        order_id = self._before()
        job = self._desk.lanes.computing[-1].submit(lambda _task: read())
        self._shell.run(job, self, lambda paper: self._keep(order_id, kind, paper), self._failed)

    def _keep(self, order_id: str, kind: str, paper: IncomingPaper) -> None:
        self._shell.run(self._desk.keep(paper.content), self, lambda kept: self._attach(order_id, kind, paper, kept), self._failed)

    def _attach(self, order_id: str, kind: str, paper: IncomingPaper, attachment_id: str) -> None:
        self._thumbnails[attachment_id] = (paper.thumbnail, paper.warning)
        proof = Proof("", kind, attachment_id, paper.file_name, paper.media_type, len(paper.content))
        self.attach(order_id, proof)

    def attach(self, order_id: str, proof: Proof) -> None:
        """Put a paper whose file is kept already into its slot."""
        command = AttachProof(order_id, proof.kind, proof.attachment_id, proof.file_name, proof.media_type, proof.size)
        self._shell.run(self._desk.execute(command), self, lambda outcome: self._on_attached(order_id, proof, outcome), self._failed)

    def _on_attached(self, order_id: str, proof: Proof, outcome: Outcome) -> None:
        if self._before() != order_id:
            return
        there = Proof(str(outcome.value), proof.kind, proof.attachment_id, proof.file_name, proof.media_type, proof.size)
        others = tuple(one for one in self._proofs if one.kind != proof.kind or proof.kind == ProofKind.OTHER)
        self._proofs = (*others, there)
        self._show()
        self.changed.emit()

    def _on_removed(self, _kind: str, proof_id: str) -> None:
        order_id = self._before()
        job = self._desk.execute(RemoveProof(order_id, proof_id))
        self._shell.run(job, self, lambda _outcome: self._on_gone(proof_id), self._failed)

    def _on_gone(self, proof_id: str) -> None:
        self._proofs = tuple(proof for proof in self._proofs if proof.id != proof_id)
        self._show()
        self.changed.emit()

    def _on_opened(self, _kind: str, proof_id: str) -> None:
        proof = next((one for one in self._proofs if one.id == proof_id), None)
        if proof is not None:
            self.opened.emit(proof)
