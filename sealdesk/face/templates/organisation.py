"""Seals of social organisations and of private non-enterprise units."""

from __future__ import annotations

from sealdesk.core.i18n import N_
from sealdesk.face import composition, sources
from sealdesk.face.composition import RoundStyle
from sealdesk.face.plans import Form, traced
from sealdesk.face.specification import FaceSpec
from sealdesk.face.template import Field, Template


def _organisation(
    name: str, title: str, diameter_mm: float, source: str, example: str, *, row: str = "", low_mm: float = 3.0, high_mm: float = 45.0
) -> Template:
    style = RoundStyle(diameter_mm, row=bool(row), size_source=source, low_mm=low_mm, high_mm=high_mm)

    def draw(form: Form) -> FaceSpec:
        return composition.round_face(form, style, form.text("row") if row else "")

    fields = [composition.name_field(example=example), composition.code_field()]
    if row:
        fields.insert(1, Field("row", N_("office or purpose"), True, 14, "text", row))
    seal_type = "99" if row else "01"
    return Template(name, title, seal_type, tuple(fields), composition.figures(style), traced(draw), family="organisation", note=source)


_UNIT = sources.NON_ENTERPRISE

TEMPLATES: tuple[Template, ...] = (
    _organisation(
        "social.national.45", N_("National social organisation, 45 mm"), 45.0, sources.SOCIAL_NATIONAL, "中国青石文化研究会", low_mm=45.0
    ),
    _organisation(
        "social.local.42",
        N_("Local social organisation, 42 mm"),
        42.0,
        sources.SOCIAL_LOCAL,
        "山河省青石文化研究会",
        low_mm=42.0,
        high_mm=42.0,
    ),
    _organisation(
        "social.office.45",
        N_("Office or branch of a national social organisation, 45 mm"),
        45.0,
        sources.SOCIAL_OFFICE,
        "中国青石文化研究会",
        row="办公室",
        low_mm=45.0,
    ),
    _organisation(
        "social.office.42",
        N_("Office or branch of a local social organisation, 42 mm"),
        42.0,
        sources.SOCIAL_OFFICE,
        "山河省青石文化研究会",
        row="青石分会",
        low_mm=42.0,
        high_mm=42.0,
    ),
    _organisation(
        "social.purpose.38",
        N_("Social organisation, seal for a purpose, 38 mm"),
        38.0,
        sources.SOCIAL_PURPOSE,
        "山河省青石文化研究会",
        row="财务专用",
        high_mm=42.0,
    ),
    _organisation(
        "nonenterprise.national.45",
        N_("Private non-enterprise unit registered at the ministry, 45 mm"),
        45.0,
        _UNIT,
        "青石公益研究院",
        low_mm=45.0,
    ),
    _organisation(
        "nonenterprise.local.42", N_("Local private non-enterprise unit, 42 mm"), 42.0, _UNIT, "青石县白水幼儿园", low_mm=42.0, high_mm=42.0
    ),
    _organisation(
        "nonenterprise.office.42",
        N_("Office of a private non-enterprise unit (ministry), 42 mm"),
        42.0,
        _UNIT,
        "青石公益研究院",
        row="办公室",
        low_mm=42.0,
        high_mm=42.0,
    ),
    _organisation(
        "nonenterprise.office.40",
        N_("Office of a local private non-enterprise unit, 40 mm"),
        40.0,
        _UNIT,
        "青石县白水幼儿园",
        row="办公室",
        low_mm=40.0,
        high_mm=40.0,
    ),
    _organisation(
        "nonenterprise.purpose.38",
        N_("Private non-enterprise unit, seal for a purpose, 38 mm"),
        38.0,
        sources.NON_ENTERPRISE_PURPOSE,
        "青石县白水幼儿园",
        row="合同专用",
        low_mm=30.0,
        high_mm=42.0,
    ),
)
