"""Seals of departments and for a purpose: the unit along the edge, the department or purpose below the star."""

from __future__ import annotations

from sealdesk.core.i18n import N_
from sealdesk.face import composition, sources
from sealdesk.face.composition import RoundStyle
from sealdesk.face.plans import Form, traced
from sealdesk.face.specification import FaceSpec
from sealdesk.face.template import Field, Template


def _department(
    name: str, title: str, diameter_mm: float, source: str, label: str, example: str, *, mark: str = "star", ring_mm: float | None = None
) -> Template:
    style = RoundStyle(diameter_mm, mark=mark, row=True, ring_mm=ring_mm, size_source=source, high_mm=45.0)

    def draw(form: Form) -> FaceSpec:
        return composition.round_face(form, style, form.text("row"), composition.SEQUENCE)

    fields = (
        composition.name_field(),
        Field("row", label, True, 14, "text", example),
        composition.sequence_field(),
        composition.code_field(),
    )
    return Template(name, title, "99", fields, composition.figures(style), traced(draw), family="department", note=source)


_DEPARTMENT = N_("department")
_PURPOSE = N_("purpose of the seal")

TEMPLATES: tuple[Template, ...] = (
    _department(
        "department.enterprise.38", N_("Department of a limited company, 38 mm"), 38.0, sources.PRACTICE, _DEPARTMENT, "人力资源部"
    ),
    _department(
        "department.stock.40", N_("Department of a company limited by shares, 40 mm"), 40.0, sources.PRACTICE, _DEPARTMENT, "工程管理部"
    ),
    _department(
        "department.stateowned.42", N_("Department of a state-owned enterprise, 42 mm"), 42.0, sources.PRACTICE, _DEPARTMENT, "安全生产部"
    ),
    _department(
        "department.organ.42", N_("Internal department of a state organ, 42 mm"), 42.0, sources.LAW_INTERNAL, _DEPARTMENT, "办公室"
    ),
    _department(
        "department.organ.45", N_("Internal department of a state organ, 45 mm"), 45.0, sources.LAW_INTERNAL, _DEPARTMENT, "政策法规处"
    ),
    _department("purpose.star.38", N_("Seal for a purpose, star, 38 mm"), 38.0, sources.PRACTICE, _PURPOSE, "业务专用章"),
    _department("purpose.star.40", N_("Seal for a purpose, star, 40 mm"), 40.0, sources.PRACTICE, _PURPOSE, "质检专用章"),
    _department(
        "purpose.blank.40",
        N_("Seal for a purpose without star (old rule), 40 mm"),
        40.0,
        sources.PRACTICE,
        _PURPOSE,
        "检验专用章",
        mark="",
        ring_mm=1.0,
    ),
)
