"""Templates: what registration is offered, what is refused and why, versions that never change, and files that mean harm."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealdesk.core import i18n
from sealdesk.core.errors import PermissionDeniedError, ProblemsError, UserError
from sealdesk.domain.access import Actor
from sealdesk.face import checks, stp
from sealdesk.face.faces import face_of
from sealdesk.face.stp import CadFileError, FileField, TemplateFile
from sealdesk.face.template import UnknownTemplateError
from sealdesk.face.templates import TEMPLATES, template
from sealdesk.models.templates import ChosenTemplateRow, LocalTemplateRow
from sealdesk.stages.registration.checks import template_of
from sealdesk.stages.registration.rules import SubmitOrder, decode_draft, encode_draft
from sealdesk.stages.templates.files import Edited, read_file, saved
from sealdesk.stages.templates.queries import template_lines
from sealdesk.stages.templates.rules import (
    MOST_LETTERS,
    AlreadyRetiredError,
    ChooseTemplates,
    ImportTemplate,
    MandatedTemplateError,
    NotRetiredError,
    RestoreTemplate,
    RetireTemplate,
    SameTemplateError,
    SaveTemplate,
    Standing,
    TakeOutTemplates,
)
from sealdesk.workflow.history import tell
from sealdesk.workflow.templates import USUAL, available_templates
from sealdesk.workflow.uow import MissingError

BASE = template("unit.enterprise.40")


@lru_cache
def file_of(name: str = "shop.round", title: str = "本店圆章", **figures: float) -> bytes:
    """A template file as our own editor writes it."""
    return stp.write(saved(BASE, "", Edited(BASE.examples(), figures), name, title))


def value_of(**changes: Any) -> dict[str, Any]:
    """The same as JSON, with top-level members replaced."""
    value: dict[str, Any] = json.loads(file_of())
    return {**value, **changes}


def standings(counter) -> dict[str, Standing]:
    return {line.name: line.standing for line in counter.ask(template_lines)}


def offered(counter) -> list[str]:
    return [one.template.name for one in counter.ask(available_templates)]


def rows(counter) -> list[tuple[Any, ...]]:
    """Everything the stage wrote, to be compared before and after a refusal."""

    def read(session) -> list[tuple[Any, ...]]:
        chosen = [(row.name, row.chosen) for row in session.query(ChosenTemplateRow).order_by(ChosenTemplateRow.name)]
        local = [
            (row.name, row.version, row.content, row.retired_at)
            for row in session.query(LocalTemplateRow).order_by(LocalTemplateRow.name, LocalTemplateRow.version)
        ]
        return [*chosen, *local]

    return list(counter.ask(read))


def refuse(counter, command: object, error: type[Exception], actor: Actor | None = None) -> Any:
    before = rows(counter)
    with counter.refused(error) as refused:
        counter.do(command, actor)
    assert rows(counter) == before
    return refused.value


# ---- the system's


def test_a_new_shop_is_offered_the_mandated_and_the_usual_ones(counter):
    assert set(offered(counter)) == {one.name for one in TEMPLATES if one.mandated} | USUAL
    assert {one.name for one in TEMPLATES} >= USUAL


def test_every_type_of_seal_has_something_to_begin_with(counter):
    assert {one.template.seal_type for one in counter.ask(available_templates)} == {one.seal_type for one in TEMPLATES}


def test_a_chosen_template_is_offered_and_one_taken_out_is_not(counter):
    counter.do(ChooseTemplates(("union.42", "party.42")))
    counter.do(TakeOutTemplates(("contract.38",)))
    names = offered(counter)
    assert {"union.42", "party.42"} <= set(names)
    assert "contract.38" not in names
    assert standings(counter)["contract.38"] is Standing.OPTIONAL
    counter.do(TakeOutTemplates(("union.42",)))
    assert "union.42" not in offered(counter)


def test_choosing_again_changes_nothing(counter):
    for _ in range(2):
        counter.do(ChooseTemplates(("union.42", "union.42")))
    assert rows(counter) == [("union.42", True)]


@pytest.mark.parametrize("command", [ChooseTemplates, TakeOutTemplates])
def test_a_mandated_template_can_be_neither_chosen_nor_taken_out(counter, command):
    refuse(counter, command(("union.42", "contract.40")), MandatedTemplateError)
    assert standings(counter)["contract.40"] is Standing.MANDATED


@pytest.mark.parametrize("command", [ChooseTemplates, TakeOutTemplates])
def test_a_template_that_is_not_there_is_refused(counter, command):
    refuse(counter, command(("no.such",)), UnknownTemplateError)


def test_several_wrong_names_are_said_together(counter):
    error = refuse(counter, ChooseTemplates(("no.such", "contract.40", "union.42")), ProblemsError)
    assert [problem.code for problem in error.problems] == ["face.template.unknown", "templates.mandated"]


# ---- the shop's own


def test_an_imported_file_is_offered_under_its_version(counter):
    called = counter.do(ImportTemplate("圆章.stp", file_of()))
    assert called == "local.shop.round@1"
    [line] = [line for line in counter.ask(template_lines) if line.standing is Standing.LOCAL]
    assert (line.name, line.title, line.version, line.file_name, line.own_name) == (called, "本店圆章", 1, "圆章.stp", "shop.round")
    assert offered(counter)[-1] == called
    ours = face_of(line.template, BASE.examples()).drawing
    assert ours.parts == face_of(BASE, BASE.examples()).drawing.parts


def test_a_new_import_of_the_name_is_the_next_version_and_the_first_stays_as_it_was(counter):
    counter.do(ImportTemplate("a.stp", file_of()))
    [first] = [one for one in counter.ask(available_templates) if one.file]
    assert counter.do(ImportTemplate("b.stp", file_of(mark=12.0))) == "local.shop.round@2"
    [second] = [one for one in counter.ask(available_templates) if one.file]
    assert second.template.name == "local.shop.round@2"
    assert [row[:2] for row in rows(counter)] == [("shop.round", 1), ("shop.round", 2)]
    assert rows(counter)[0][2] == first.file


def test_the_same_file_twice_is_refused_with_its_version(counter):
    counter.do(ImportTemplate("a.stp", file_of()))
    spaced = json.dumps(json.loads(file_of()), indent=3).encode()
    assert refuse(counter, ImportTemplate("b.stp", spaced), SameTemplateError).version == 1


def test_a_retired_template_is_not_offered_until_it_is_restored(counter):
    counter.do(ImportTemplate("a.stp", file_of()))
    counter.do(RetireTemplate("shop.round"))
    assert "local.shop.round@1" not in offered(counter)
    assert standings(counter)["local.shop.round@1"] is Standing.RETIRED
    refuse(counter, RetireTemplate("shop.round"), AlreadyRetiredError)
    counter.do(RestoreTemplate("shop.round"))
    assert "local.shop.round@1" in offered(counter)
    refuse(counter, RestoreTemplate("shop.round"), NotRetiredError)


def test_a_retired_template_can_be_taken_in_again(counter):
    counter.do(ImportTemplate("a.stp", file_of()))
    counter.do(RetireTemplate("shop.round"))
    assert counter.do(ImportTemplate("a.stp", file_of())) == "local.shop.round@2"
    assert "local.shop.round@2" in offered(counter)


@pytest.mark.parametrize("command", [RetireTemplate, RestoreTemplate])
def test_a_template_of_the_shop_that_is_not_there_is_refused(counter, command):
    refuse(counter, command("no.such"), MissingError)


def test_the_editor_saves_under_its_own_name_and_title(counter):
    assert counter.do(SaveTemplate("  新圆章 ", file_of())) == "local.own.1@1"
    [line] = [line for line in counter.ask(template_lines) if line.standing is Standing.LOCAL]
    assert (line.title, line.file_name) == ("新圆章", "")


def test_the_editor_saves_a_version_under_the_same_title_and_a_template_under_another(counter):
    counter.do(ImportTemplate("a.stp", file_of()))
    assert counter.do(SaveTemplate("本店圆章", file_of(mark=12.0))) == "local.shop.round@2"
    names = [counter.do(SaveTemplate(title, file_of(mark=mark))) for title, mark in (("甲", 12.0), ("乙", 12.0), ("甲", 13.0))]
    assert names == ["local.own.1@1", "local.own.2@1", "local.own.1@2"]


def test_an_empty_title_is_refused_beside_it(counter):
    error = refuse(counter, SaveTemplate(" ", file_of()), ProblemsError)
    assert [problem.field for problem in error.problems] == ["title"]


@pytest.mark.parametrize(
    "command",
    [
        ChooseTemplates(("union.42",)),
        TakeOutTemplates(("contract.38",)),
        ImportTemplate("a.stp", file_of()),
        SaveTemplate("章", file_of()),
        RetireTemplate("shop.round"),
        RestoreTemplate("shop.round"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_nobody_changes_templates_without_the_permission(counter, command):
    clerk = Actor("clerk", "何小满", frozenset({"registration.edit"}))
    refuse(counter, command, PermissionDeniedError, clerk)


def test_the_history_is_told_in_sentences(counter):
    i18n.use_language("zh_CN")
    sentence = counter.bus.sentence("ImportTemplate")
    assert tell("ImportTemplate", sentence, "李师傅", {"file_name": "圆章.stp"}) == "李师傅 导入了模板文件“圆章.stp”"


# ---- files that mean harm


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "face.description.json"),
        (b"\x00\xff\xfe", "face.description.json"),
        (b"ISO-10303-21;\nHEADER;", "face.stp.cad"),
        (b"[" * 100_000, "face.description.json"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "face.description.json"),
        (b" " * 4_000_001, "face.description.large"),
        (json.dumps("text").encode(), None),
        (json.dumps({"name": "x"}).encode(), None),
        (json.dumps(value_of(version=99)).encode(), None),
        (json.dumps(value_of(format="something")).encode(), None),
        (json.dumps(value_of(evil="../../etc")).encode(), None),
        (json.dumps(value_of(name="../../shop")).encode(), "face.stp.file"),
        (json.dumps(value_of(seal_type="77")).encode(), None),
        (json.dumps(value_of(title="行\n行\x07")).encode(), None),
        (json.dumps(value_of(title="   ")).encode(), "templates.title"),
        (file_of().replace(b'"value_mm":40', b'"value_mm":NaN'), "face.description.json"),
        (file_of().replace(b'"value_mm":40', b'"value_mm":1e999'), None),
        (file_of().replace(b'"value_mm":40', b'"value_mm":' + b"9" * 5000), "face.description.json"),
        (json.dumps(value_of(figures=[{"name": "f", "label": "f", "value_mm": 1, "paths": ["__class__.x"]}])).encode(), "face.stp.file"),
        (
            json.dumps(value_of(figures=[{"name": "f", "label": "f", "value_mm": 1, "paths": ["rings[99].width_mm"]}])).encode(),
            "face.stp.file",
        ),
        (json.dumps(value_of(fields=[])).encode(), "face.stp.file"),
        (json.dumps(value_of(fields=[{"name": "name", "label": "名", "max_length": 2, "example": "太长的例子"}])).encode(), None),
    ],
)
def test_a_hostile_file_is_refused_with_a_sentence_for_every_problem(counter, content, code):
    error = refuse(counter, ImportTemplate("x.stp", content), UserError)
    problems = error.problems if isinstance(error, ProblemsError) else (error,)
    assert problems
    assert all(str(problem).strip() for problem in problems)
    if code is not None:
        assert code in {problem.code for problem in problems}


def test_a_cad_file_is_known_by_its_head(counter):
    refuse(counter, ImportTemplate("part.stp", b"\xef\xbb\xbf ISO-10303-21;"), CadFileError)


def test_a_face_with_letters_without_end_is_refused(counter):
    micro = [{"text": "字" * 120, "repeats": 40}]
    face = {**json.loads(file_of())["face"], "microtexts": micro}
    error = refuse(counter, ImportTemplate("x.stp", json.dumps(value_of(face=face)).encode()), ProblemsError)
    assert [(problem.code, problem.count, problem.limit) for problem in error.problems] == [("templates.letters", 4829, MOST_LETTERS)]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.integers(0, 4000), st.binary(max_size=12))
def test_a_damaged_file_gives_a_sentence_or_a_template_but_never_a_crash(place, junk):
    whole = file_of()
    damaged = whole[:place] + junk + whole[place + len(junk) :]
    said = ""
    try:
        read = read_file(damaged)
    except UserError as error:
        said = str(error)
    assert said or isinstance(read, TemplateFile)


# ---- what the editor makes of a template


@pytest.mark.parametrize("one", TEMPLATES, ids=lambda one: one.name)
def test_a_saved_template_of_the_system_draws_the_same_face(one):
    file = saved(one, "", Edited(one.examples(), {}), "shop.same", "同")
    again = stp.template(read_file(stp.write(file)))
    assert face_of(again, one.examples()).drawing == face_of(one, one.examples()).drawing
    kept = {figure.name: (figure.low, figure.high) for figure in again.figures}
    assert kept.items() >= {figure.name: (figure.low, figure.high) for figure in one.figures}.items()


def test_figures_font_emblem_and_examples_are_saved_and_can_be_changed_again():
    emblem = "M0 0L10 0L10 10L0 10Z"
    texts = {**BASE.examples(), "name": "临江市云帆文化传播有限公司"}
    edited = Edited(texts, {"mark": 12.0, "name_height": 5.0}, "kai", emblem)
    file = read_file(stp.write(saved(BASE, "", edited, "shop.kai", "楷体圆章")))
    made = stp.template(file)
    assert made.examples()["name"] == texts["name"]
    assert face_of(made, texts).drawing.parts == face_of(BASE, texts, edited.options()).drawing.parts
    figures = {figure.name: (figure.value_mm, figure.source) for figure in made.figures}
    assert figures["mark"][0] == 12.0 and figures["mark"][1]
    second = Edited(texts, {"mark": 11.0}, "song")
    again = saved(made, stp.write(file).decode(), second, "shop.song", "宋体圆章")
    assert again.face.marks[0].outline == emblem
    assert face_of(stp.template(again), texts).drawing.parts == face_of(made, texts, second.options()).drawing.parts


def test_a_figure_outside_its_bounds_is_not_saved():
    with pytest.raises(ProblemsError):
        saved(BASE, "", Edited(BASE.examples(), {"ring": 99.0}), "shop.x", "x")


def test_a_field_that_no_place_names_is_no_harm():
    file = read_file(json.dumps(value_of(fields=[*value_of()["fields"], {"name": "extra", "label": "另"}])).encode())
    assert FileField("extra", "另") in file.fields


# ---- orders keep theirs


def local_seal(counter, draft, content: bytes = b""):
    """The draft with its unit seal made from the shop's own template."""
    called = counter.do(ImportTemplate("a.stp", content or file_of()))
    [own] = [one for one in counter.ask(available_templates) if one.template.name == called]
    seal = replace(draft.seals[0], template=called, template_file=own.file)
    return replace(draft, seals=(seal, *draft.seals[1:]))


def test_an_order_is_submitted_with_the_version_it_was_begun_with(counter, draft):
    own = local_seal(counter, draft)
    assert decode_draft(encode_draft(own)) == own
    order_id = counter.draft(own)
    counter.do(ImportTemplate("b.stp", file_of(mark=12.0)))
    counter.do(RetireTemplate("shop.round"))
    counter.do(SubmitOrder(order_id))
    seal_id = counter.seal_of(order_id)
    assert counter.row(seal_id, "template") == "local.shop.round@1"
    spec = counter.row(seal_id, "face_spec")
    assert (spec["template"], spec["marks"][0]["diameter_mm"]) == ("local.shop.round@1", 14.0)
    [line] = [line for line in counter.ask(template_lines) if line.own_name == "shop.round"]
    assert (line.version, line.seals) == (2, 1)


def test_a_draft_from_before_the_shop_had_templates_is_still_read(draft):
    kept = encode_draft(draft)
    for seal in kept["seals"]:
        del seal["template_file"]
    assert decode_draft(kept) == draft


@pytest.mark.parametrize(
    "changes",
    [
        {"template_file": ""},
        {"template_file": "{}"},
        {"template": "no.such", "template_file": "x"},
        {"template": "local.other@1", "template_file": "["},
    ],
)
def test_a_template_without_its_own_file_is_no_choice(counter, draft, changes):
    own = local_seal(counter, draft)
    wrong = replace(own, seals=(replace(own.seals[0], **changes), *own.seals[1:]))
    order_id = counter.draft(wrong)
    with counter.refused(ProblemsError) as refused:
        counter.do(SubmitOrder(order_id))
    assert {problem.field: problem.code for problem in refused.value.problems} == {"seals.0.template": "registration.choice"}


def test_a_file_does_not_stand_in_for_a_template_of_the_system(draft):
    other = replace(draft.seals[0], template_file=file_of().decode())
    assert template_of(other) is template("unit.enterprise.40")


@pytest.mark.long
def test_a_face_whose_letters_all_lie_over_each_other_is_told_soon():
    face = {**value_of()["face"], "rows": [{"text": "鑫" * 20, "height_mm": 4.0, "top_mm": 0.0}] * 18}
    one = stp.template(read_file(json.dumps(value_of(face=face)).encode()))
    overlaps = [finding for finding in face_of(one, one.examples()).findings if finding.code == "face.overlap"]
    assert 0 < len(overlaps) <= checks.MOST_PAIRS
