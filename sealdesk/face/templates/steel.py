"""Steel seals (钢印): round, 3.5 to 4.2 cm, star in the middle; they carry no seal code."""

from __future__ import annotations

from sealdesk.core.i18n import N_
from sealdesk.face import composition, sources
from sealdesk.face.composition import RoundStyle
from sealdesk.face.plans import Form, traced
from sealdesk.face.specification import FaceSpec
from sealdesk.face.template import Template


def _steel(name: str, title: str, diameter_mm: float, mark: str, source: str, low_mm: float, example: str) -> Template:
    style = RoundStyle(diameter_mm, mark=mark, code=False, size_source=source, low_mm=low_mm, high_mm=42.0)

    def draw(form: Form) -> FaceSpec:
        return composition.round_face(form, style)

    fields = (composition.name_field(example=example),)
    return Template(name, title, "99", fields, composition.figures(style), traced(draw), family="steel", note=source)


TEMPLATES: tuple[Template, ...] = (
    _steel("steel.42", N_("Steel seal, 42 mm"), 42.0, "star", sources.LAW_STEEL, 35.0, "青石县白水镇中心学校"),
    _steel("steel.38", N_("Steel seal, 38 mm"), 38.0, "star", sources.LAW_STEEL, 35.0, "青石县白水镇中心学校"),
    _steel("steel.35", N_("Steel seal, 35 mm"), 35.0, "star", sources.LAW_STEEL, 35.0, "青石县白水镇中心学校"),
    _steel(
        "steel.social.42",
        N_("Steel seal of a social organisation, 42 mm"),
        42.0,
        "star",
        sources.SOCIAL_STEEL,
        35.0,
        "山河省青石文化研究会",
    ),
    _steel(
        "steel.council.42",
        N_("Steel seal of the State Council, 42 mm"),
        42.0,
        "national",
        sources.LAW_STEEL_COUNCIL,
        42.0,
        "中华人民共和国国务院",
    ),
)
