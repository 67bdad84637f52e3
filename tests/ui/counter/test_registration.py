"""Registration at the counter, by keyboard: typing, completing, checking, saving, submitting, returning, going on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from sealdesk.core import paths
from sealdesk.domain.access import Actor
from sealdesk.domain.orders import CANCELLED, DRAFT, READY, RETURNED, SUBMITTED, ProofKind
from sealdesk.stages.registration.rules import EDIT, CancelOrder, SubmitOrder
from sealdesk.ui.workspaces.registration.problem_panel import in_order

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
WAIT_MS = 10_000
CLICK_MS = 150
Press = Callable[..., None]


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


@pytest.fixture
def press(qtbot: QtBot) -> Press:
    """Keys as they come: a text is typed (Chinese through the input method), a key is pressed."""

    def press_keys(*keys: Any, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            if not isinstance(key, str):
                qtbot.keyClick(focused(), key, modifier)
                if modifier != Qt.KeyboardModifier.NoModifier:
                    qtbot.wait(CLICK_MS)  # a button pressed by its shortcut shows it before it acts
            elif key.isascii():
                qtbot.keyClicks(focused(), key)
            else:
                event = QInputMethodEvent()
                event.setCommitString(key)
                QApplication.sendEvent(focused(), event)

    return press_keys


@pytest.fixture
def page(open_stage: Callable[..., Any]) -> Any:
    return open_stage("registration")[1]


def type_unit(press: Press, counter: Any) -> None:
    """The whole form from the unit's name on, with Tab only; the cursor ends at the handler's name."""
    unit, principal, tab = counter.unit, counter.principal, KEY.Key_Tab
    press(unit.name, tab, unit.uscc, tab, tab, unit.area_code, tab, unit.phone, tab, unit.address, tab)
    press(principal.name, tab, principal.phone, tab, tab, principal.document_number, tab)


def type_handler(press: Press, counter: Any) -> None:
    handler, tab = counter.handler, KEY.Key_Tab
    press(handler.name, tab, handler.phone, tab, tab, handler.document_number, tab)


def give_papers(page: Any, *kinds: ProofKind) -> None:
    sample = paths.resources() / "sample"
    names = {
        ProofKind.UNIT_CERTIFICATE: "business_licence.jpg",
        ProofKind.PRINCIPAL_ID: "principal_id.jpg",
        ProofKind.HANDLER_ID: "handler_id.jpg",
        ProofKind.POWER_OF_ATTORNEY: "power_of_attorney.jpg",
    }
    for kind in kinds:
        page.proofs.slots.offered.emit(str(kind), (sample / names[kind],))


def field(page: Any, name: str) -> Any:
    found = page.problems.field(name)
    assert found is not None, name
    return found


def saved_id(counter: Any) -> str:
    return str(counter.orders()[-1])


def test_typing_begins_at_the_name_and_everything_can_be_typed_with_tab_alone(qtbot: QtBot, page: Any, press: Press, counter: Any) -> None:
    qtbot.waitUntil(lambda: field(page, "unit.name").editor.hasFocus())
    type_unit(press, counter)
    assert focused() is page.unit.same_button
    press(KEY.Key_Tab)
    type_handler(press, counter)
    assert page.unit.unit() == counter.unit
    assert page.unit.handler.person() == counter.handler


def test_what_is_typed_is_saved_without_being_asked(qtbot: QtBot, page: Any, press: Press, counter: Any) -> None:
    qtbot.waitUntil(lambda: field(page, "unit.name").editor.hasFocus())
    press(counter.unit.name)
    qtbot.waitUntil(lambda: len(counter.orders()) == 1, timeout=WAIT_MS)
    assert counter.order(saved_id(counter)).unit_name == counter.unit.name
    assert counter.order(saved_id(counter)).state == DRAFT
    qtbot.waitUntil(lambda: bool(page.list.shown()), timeout=WAIT_MS)
    assert page.list.shown()[0].unit_name == counter.unit.name


@pytest.mark.long
def test_saving_comes_within_two_seconds_even_while_typing_goes_on(qtbot: QtBot, page: Any, counter: Any) -> None:
    from sealdesk.ui.workspaces.registration.autosave import LATEST_MS, Autosave

    assert LATEST_MS < 2000
    autosave = Autosave(page)
    dues: list[int] = []
    autosave.due.connect(lambda: dues.append(1))
    for _number in range(8):
        autosave.note()
        qtbot.wait(LATEST_MS // 6)
    assert dues


def test_nothing_is_saved_while_nothing_was_typed(qtbot: QtBot, page: Any, counter: Any) -> None:
    page.save_draft()
    page.new()
    assert counter.orders() == []


def test_full_name_of_a_known_unit_fills_in_the_rest(qtbot: QtBot, counter: Any, open_stage: Any, press: Press) -> None:
    known = counter.submitted()
    _window, page = open_stage("registration")
    qtbot.waitUntil(lambda: field(page, "unit.name").editor.hasFocus())
    press(counter.unit.name, KEY.Key_Tab)
    qtbot.waitUntil(lambda: page.unit.unit() == counter.unit, timeout=WAIT_MS)
    assert page.editing.order.id != known


@pytest.mark.long
def test_known_unit_never_overwrites_what_was_typed(qtbot: QtBot, counter: Any, open_stage: Any, press: Press) -> None:
    counter.submitted()
    _window, page = open_stage("registration")
    qtbot.waitUntil(lambda: field(page, "unit.name").editor.hasFocus())
    field(page, "unit.address").editor.setFocus()
    press("别的地址")
    field(page, "unit.name").editor.setFocus()
    press(counter.unit.name, KEY.Key_Tab)
    qtbot.wait(400)
    assert page.unit.unit().address == "别的地址"
    assert page.unit.unit().uscc == ""


def test_wrong_check_digit_stands_beside_its_field_as_soon_as_the_code_is_whole(
    qtbot: QtBot, page: Any, press: Press, counter: Any
) -> None:
    uscc = field(page, "unit.uscc")
    uscc.editor.setFocus()
    press(counter.unit.uscc[:10])
    qtbot.wait(900)
    assert uscc.problem is None, "nobody likes to be corrected while still typing"
    press(counter.unit.uscc[10:17] + "0")
    qtbot.waitUntil(lambda: uscc.problem is not None, timeout=WAIT_MS)
    assert uscc.problem.code.startswith("identifier") or uscc.problem.field == "unit.uscc"
    press(KEY.Key_Backspace, counter.unit.uscc[-1])
    qtbot.waitUntil(lambda: uscc.problem is None, timeout=WAIT_MS)


@pytest.mark.long
def test_only_fields_that_were_left_show_what_is_wrong_before_submitting(qtbot: QtBot, page: Any, press: Press) -> None:
    phone = field(page, "unit.principal.phone")
    phone.editor.setFocus()
    press("123", KEY.Key_Tab)
    qtbot.waitUntil(lambda: phone.problem is not None, timeout=WAIT_MS)
    assert field(page, "unit.name").problem is None
    assert field(page, "handler.name").problem is None


def test_area_follows_the_credit_code_and_is_named(qtbot: QtBot, page: Any, press: Press, counter: Any) -> None:
    field(page, "unit.uscc").editor.setFocus()
    press("91220681MA0YB00167")
    qtbot.waitUntil(lambda: field(page, "unit.area_code").value() == "220681", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "临江市" in field(page, "unit.area_code").editor.accessibleDescription(), timeout=WAIT_MS)


@pytest.mark.long
def test_old_registration_number_is_taken_in_the_same_field(qtbot: QtBot, page: Any, press: Press) -> None:
    field(page, "unit.uscc").editor.setFocus()
    press("220681000000018", KEY.Key_Tab)
    assert page.unit.unit().registration_number == "220681000000018"
    assert page.unit.unit().uscc == ""
    qtbot.waitUntil(lambda: field(page, "unit.uscc").problem is not None, timeout=WAIT_MS)


def test_same_person_needs_no_power_of_attorney(qtbot: QtBot, page: Any, press: Press, counter: Any) -> None:
    qtbot.waitUntil(lambda: field(page, "unit.name").editor.hasFocus())
    type_unit(press, counter)
    field(page, "handler.name").editor.setFocus()
    press("林知夏")
    assert str(ProofKind.POWER_OF_ATTORNEY) in {slot.name for slot in slots(page)}
    press(KEY.Key_G, modifier=CTRL)
    assert page.unit.handler.person() == counter.principal
    assert str(ProofKind.POWER_OF_ATTORNEY) not in {slot.name for slot in slots(page)}


def slots(page: Any) -> list[Any]:
    return [page.proofs.slots.card(str(kind)).slot for kind in page.proofs._kinds()]


def test_face_follows_the_typing(qtbot: QtBot, page: Any, press: Press, counter: Any) -> None:
    qtbot.waitUntil(lambda: field(page, "unit.name").editor.hasFocus())
    press(counter.unit.name)
    press(KEY.Key_J, modifier=CTRL)
    assert page.seals.current.fields["name"] == counter.unit.name
    qtbot.waitUntil(lambda: letters(page) == counter.unit.name, timeout=WAIT_MS)
    field(page, "unit.name").editor.setFocus()
    press(KEY.Key_End, "分部")
    qtbot.waitUntil(lambda: letters(page) == counter.unit.name + "分部", timeout=WAIT_MS)
    assert page.seals.current.fields["name"] == counter.unit.name + "分部"


def letters(page: Any) -> str:
    drawing = page.face.canvas.drawing
    return "".join(part.text for part in drawing.parts if part.kind == "text") if drawing else ""


def test_second_seal_is_the_next_of_the_usual_set_with_its_own_template(qtbot: QtBot, page: Any, press: Press, counter: Any) -> None:
    qtbot.waitUntil(lambda: field(page, "unit.name").editor.hasFocus())
    press(KEY.Key_J, modifier=CTRL)
    press(KEY.Key_J, modifier=CTRL)
    assert [seal.seal_type for seal in page.seals.seals()] == ["01", "02"]
    assert page.seals.current.template.startswith("finance.")
    assert page.seals.editor.gallery.template_name() == page.seals.current.template


@pytest.mark.long
def test_another_type_offers_its_templates_and_keeps_the_name(qtbot: QtBot, page: Any, press: Press, counter: Any) -> None:
    qtbot.waitUntil(lambda: field(page, "unit.name").editor.hasFocus())
    press(counter.unit.name)
    press(KEY.Key_J, modifier=CTRL)
    press(KEY.Key_Down, KEY.Key_Down, KEY.Key_Down)
    assert page.seals.current.seal_type == "04"
    assert page.seals.current.template == "contract.40"
    assert page.seals.current.fields["name"] == counter.unit.name
    page.seals.editor.gallery.setFocus()
    press(KEY.Key_Right)
    assert page.seals.current.template == "contract.38"


@pytest.mark.long
def test_removed_seal_can_be_put_back(qtbot: QtBot, page: Any, press: Press) -> None:
    qtbot.waitUntil(lambda: field(page, "unit.name").editor.hasFocus())
    press(KEY.Key_J, modifier=CTRL)
    press(KEY.Key_J, modifier=CTRL)
    before = page.seals.seals()
    page.seals.list.setCurrentRow(0)
    page.seals.list.setFocus()
    press(KEY.Key_Delete)
    assert page.seals.seals() == before[1:]
    page._put_back(before[0], 0)
    assert page.seals.seals() == before


def test_submitting_an_unfinished_one_lists_every_problem_and_leads_there(qtbot: QtBot, page: Any, press: Press, counter: Any) -> None:
    qtbot.waitUntil(lambda: field(page, "unit.name").editor.hasFocus())
    press(counter.unit.name)
    press(KEY.Key_J, modifier=CTRL)
    press(KEY.Key_Return, modifier=CTRL)
    qtbot.waitUntil(lambda: not page.problem_panel.isHidden(), timeout=WAIT_MS)
    places = [problem.field for problem in page.problem_panel.problems]
    assert {"unit.uscc", "handler.name", "proofs.unit_certificate"} <= set(places)
    qtbot.waitUntil(lambda: field(page, "unit.uscc").editor.hasFocus())
    assert places == [problem.field for problem in in_order(page.problem_panel.problems)]
    assert field(page, "handler.name").problem is not None
    while page.problem_panel.problems[page.problem_panel.list.currentRow()].field != "proofs.unit_certificate":
        press(KEY.Key_F8)
    assert page.proofs.isVisible()
    assert page.proofs.slots.card("unit_certificate").hasFocus()
    assert counter.order(saved_id(counter)).state == DRAFT


@pytest.fixture
def complete(qtbot: QtBot, page: Any, press: Press, counter: Any) -> Any:
    """A registration that is complete on the screen."""
    qtbot.waitUntil(lambda: field(page, "unit.name").editor.hasFocus())
    type_unit(press, counter)
    field(page, "handler.name").editor.setFocus()
    type_handler(press, counter)
    press(KEY.Key_J, modifier=CTRL)
    give_papers(page, *list(ProofKind)[:4])
    qtbot.waitUntil(lambda: len(page.proofs.proofs()) == 4, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: page.problem_panel.problems == () and page.problem_button.text() == "可以提交", timeout=WAIT_MS)
    return page


def test_complete_registration_goes_out_and_waits(qtbot: QtBot, complete: Any, press: Press, counter: Any) -> None:
    press(KEY.Key_Return, modifier=CTRL)
    qtbot.waitUntil(lambda: complete.editing.order.state == SUBMITTED, timeout=WAIT_MS)
    order = counter.order(saved_id(counter))
    assert order.state == SUBMITTED
    assert {proof.kind for proof in order.proofs} == {str(kind) for kind in list(ProofKind)[:4]}
    assert [seal.seal_type for seal in order.seals] == ["01"]
    assert counter.desk.sync.nudges
    assert not complete.unit.isEnabled()
    assert not complete.submit_button.isVisible()
    assert order.number in complete.banner.sentence


@pytest.mark.long
def test_going_on_keeps_unit_and_papers_for_the_next_seal(qtbot: QtBot, complete: Any, press: Press, counter: Any) -> None:
    press(KEY.Key_Return, modifier=CTRL)
    qtbot.waitUntil(lambda: complete.more_button.hasFocus(), timeout=WAIT_MS)
    press(KEY.Key_Space)
    qtbot.waitUntil(lambda: len(complete.proofs.proofs()) == 4, timeout=WAIT_MS)
    assert complete.unit.unit() == counter.unit
    assert [seal.seal_type for seal in complete.seals.seals()] == ["02"]
    press(KEY.Key_Return, modifier=CTRL)
    qtbot.waitUntil(lambda: complete.editing.order.state == SUBMITTED, timeout=WAIT_MS)
    first, second = (counter.order(order_id) for order_id in counter.orders())
    assert (first.state, second.state) == (SUBMITTED, SUBMITTED)
    assert first.unit_id == second.unit_id


def test_returned_registration_shows_its_reason_and_can_be_resubmitted(qtbot: QtBot, counter: Any, open_stage: Any, press: Press) -> None:
    order_id = counter.returned("经办人身份证照片不清")
    _window, page = open_stage("registration")
    qtbot.waitUntil(lambda: len(page.list.shown()) == 1, timeout=WAIT_MS)
    page.list.list.setFocus()
    press(KEY.Key_Down)
    qtbot.waitUntil(lambda: page.editing.order.id == order_id, timeout=WAIT_MS)
    assert page.editing.order.state == RETURNED
    assert "经办人身份证照片不清" in page.banner.sentence
    press(KEY.Key_Return)
    qtbot.waitUntil(lambda: field(page, "unit.name").editor.hasFocus())
    give_papers(page, ProofKind.HANDLER_ID)
    qtbot.waitUntil(lambda: "handler_id.jpg" in {proof.file_name for proof in page.proofs.proofs()}, timeout=WAIT_MS)
    press(KEY.Key_Return, modifier=CTRL)
    qtbot.waitUntil(lambda: page.editing.order.state == SUBMITTED, timeout=WAIT_MS)
    assert counter.order(order_id).state == SUBMITTED
    assert "handler_id.jpg" in {proof.file_name for proof in counter.order(order_id).proofs}


@pytest.mark.long
def test_second_unit_seal_is_refused_where_its_type_is_chosen(qtbot: QtBot, counter: Any, open_stage: Any, press: Press) -> None:
    counter.submitted()
    second = counter.draft()
    _window, page = open_stage("registration")
    page.open(second)
    qtbot.waitUntil(lambda: page.editing.order.id == second, timeout=WAIT_MS)
    press(KEY.Key_Return, modifier=CTRL)
    qtbot.waitUntil(lambda: not page.problem_panel.isHidden(), timeout=WAIT_MS)
    kind = field(page, "seals.0.seal_type")
    assert kind.problem is not None
    assert kind.editor.hasFocus()


def test_order_without_permit_goes_straight_to_acceptance(qtbot: QtBot, counter: Any, open_stage: Any, press: Press) -> None:
    _window, page = open_stage("registration")
    qtbot.waitUntil(lambda: field(page, "unit.name").editor.hasFocus())
    type_unit(press, counter)
    press(KEY.Key_G, modifier=CTRL)
    page.tabs.go(2)
    page.goods.add()
    press(KEY.Key_Return, modifier=CTRL)
    qtbot.waitUntil(lambda: page.editing.order.state == READY, timeout=WAIT_MS)
    assert [goods.quantity for goods in counter.order(saved_id(counter)).goods] == [1]


@pytest.mark.long
def test_pasted_picture_becomes_a_paper(qtbot: QtBot, page: Any, counter: Any) -> None:
    picture = QImage(900, 700, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    data = QMimeData()
    data.setImageData(picture)
    QGuiApplication.clipboard().setMimeData(data)
    page.tabs.go(1)
    page.proofs.go_to("principal_id")
    qtbot.keyClick(focused(), KEY.Key_V, CTRL)
    qtbot.waitUntil(lambda: len(page.proofs.proofs()) == 1, timeout=WAIT_MS)
    [proof] = counter.order(saved_id(counter)).proofs
    assert (proof.kind, proof.media_type) == ("principal_id", "image/png")
    assert counter.desk.fetch(proof.attachment_id).result(10).startswith(b"\x89PNG")
    assert slots(page)[1].papers[0].warning, "a white sheet shows nothing"


def test_file_that_is_no_paper_is_refused_in_place(qtbot: QtBot, page: Any, counter: Any, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("hello")
    page.tabs.go(1)
    page.proofs.slots.offered.emit("principal_id", (file,))
    qtbot.waitUntil(lambda: not page.proofs._banner.isHidden(), timeout=WAIT_MS)
    assert "notes.txt" in page.proofs._banner.sentence
    assert page.proofs.proofs() == ()


@pytest.mark.long
def test_paper_can_be_looked_at_and_removed(qtbot: QtBot, page: Any, counter: Any, press: Press) -> None:
    give_papers(page, ProofKind.UNIT_CERTIFICATE)
    qtbot.waitUntil(lambda: len(page.proofs.proofs()) == 1, timeout=WAIT_MS)
    proof = page.proofs.proofs()[0]
    page.proofs.slots.opened.emit("unit_certificate", proof.id)
    qtbot.waitUntil(lambda: not page.paper._picture.pixmap().isNull(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: page.paper.close_button.hasFocus())
    press(KEY.Key_Escape)
    assert page.right.currentWidget() is page.face
    page.proofs.slots.removed.emit("unit_certificate", proof.id)
    qtbot.waitUntil(lambda: page.proofs.proofs() == (), timeout=WAIT_MS)
    assert counter.order(saved_id(counter)).proofs == []


def test_closing_the_window_saves_what_was_typed_last(qtbot: QtBot, counter: Any, open_stage: Any, press: Press) -> None:
    window, page = open_stage("registration")
    qtbot.waitUntil(lambda: field(page, "unit.name").editor.hasFocus())
    press("临江市北山")
    with qtbot.waitSignal(window.closed):
        window.close()
    assert counter.order(saved_id(counter)).unit_name == "临江市北山"


def test_new_one_is_begun_by_key_and_the_one_before_is_kept(qtbot: QtBot, page: Any, press: Press, counter: Any) -> None:
    qtbot.waitUntil(lambda: field(page, "unit.name").editor.hasFocus())
    press("临江市北山")
    press(KEY.Key_N, modifier=CTRL)
    assert page.unit.unit().name == ""
    qtbot.waitUntil(lambda: [line.unit_name for line in page.list.shown()] == ["临江市北山"], timeout=WAIT_MS)


@pytest.mark.long
def test_list_is_filtered_by_words_and_state(qtbot: QtBot, counter: Any, open_stage: Any) -> None:
    counter.returned()
    counter.draft(unit=counter.other_unit(1))
    _window, page = open_stage("registration")
    qtbot.waitUntil(lambda: len(page.list.shown()) == 2, timeout=WAIT_MS)
    assert page.list.shown()[0].state == RETURNED
    page.list.search.setText("松涛")
    page.list.search.asked.emit("松涛")
    assert [line.unit_name for line in page.list.shown()] == [counter.other_unit(1).name]


@pytest.mark.long
def test_order_that_is_changed_elsewhere_is_shown_as_it_is_now(qtbot: QtBot, counter: Any, open_stage: Any) -> None:
    order_id = counter.draft()
    _window, page = open_stage("registration")
    page.open(order_id)
    qtbot.waitUntil(lambda: page.editing.order.id == order_id, timeout=WAIT_MS)
    counter.do(CancelOrder(order_id))
    qtbot.waitUntil(lambda: page.editing.order.state == CANCELLED, timeout=WAIT_MS)
    assert not page.unit.isEnabled()


def test_button_that_is_not_allowed_says_why(qtbot: QtBot, counter: Any, open_stage: Any) -> None:
    counter.desk.actor = Actor("u2", "王小姐", frozenset({EDIT.name}))
    _window, page = open_stage("registration")
    assert not page.submit_button.isEnabled()
    assert page.submit_button.toolTip() == " ".join((str(counter.desk.may(SubmitOrder)), counter.desk.may(SubmitOrder).advise()))
    assert page.save_button.isEnabled()


@pytest.mark.long
def test_registration_looks_finished(qtbot: QtBot, counter: Any, open_stage: Any, shoot: Callable[..., None]) -> None:
    returned = counter.returned()
    draft = counter.draft(counter.seal(), counter.seal("04", "contract.40", "seal.chip"), unit=counter.other_unit(1))
    window, page = open_stage("registration")
    qtbot.waitUntil(lambda: len(page.list.shown()) == 2, timeout=WAIT_MS)
    shoot(window, "registration-1-empty")
    page.open(draft)
    qtbot.waitUntil(lambda: page.face.canvas.drawing is not None and page.problem_button.text() == "可以提交", timeout=WAIT_MS)
    shoot(window, "registration-2-draft")
    page.open(returned)
    qtbot.waitUntil(lambda: page.editing.order.id == returned, timeout=WAIT_MS)
    page.tabs.go(1)
    give_papers(page, ProofKind.HANDLER_ID)
    qtbot.waitUntil(lambda: "handler_id.jpg" in {proof.file_name for proof in page.proofs.proofs()}, timeout=WAIT_MS)
    shoot(window, "registration-3-returned")
    page.new()
    page.seals.add()
    page.submit()
    qtbot.waitUntil(lambda: not page.problem_panel.isHidden(), timeout=WAIT_MS)
    shoot(window, "registration-4-problems")
    assert page.problem_panel.isVisible()


def test_other_tab_takes_the_cursor_and_shows_the_face_again(page: Any) -> None:
    page.seals.add()
    page.tabs.go(1)
    page.proofs.go_to("principal_id")
    page.right.setCurrentWidget(page.paper)
    page.tabs.go(0)
    assert page.tabs.bar.hasFocus(), "not the face text, which would be selected and typed over"
    assert page.right.currentWidget() is page.face
