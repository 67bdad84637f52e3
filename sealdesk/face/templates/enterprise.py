"""Unit seals (法定名称章) of companies and other businesses: round, star in the middle, at most 4.5 cm."""

from __future__ import annotations

from sealdesk.core.i18n import N_
from sealdesk.face import composition, sources
from sealdesk.face.composition import RoundStyle
from sealdesk.face.plans import Form, traced
from sealdesk.face.specification import FaceSpec
from sealdesk.face.template import Template


def _unit(
    name: str, title: str, diameter_mm: float, ring_mm: float, mark_mm: float | None, example: str, *, mandated: bool = False
) -> Template:
    style = RoundStyle(
        diameter_mm, ring_mm=ring_mm, ring_source=sources.PRACTICE, mark_mm=mark_mm, size_source=sources.LAW_ENTERPRISE, high_mm=45.0
    )

    def draw(form: Form) -> FaceSpec:
        return composition.round_face(form, style)

    fields = (composition.name_field(example=example), composition.code_field())
    return Template(name, title, "01", fields, composition.figures(style), traced(draw), mandated, "unit", sources.PRACTICE)


TEMPLATES: tuple[Template, ...] = (
    _unit(
        "unit.enterprise.40", N_("Unit seal, limited company, 40 mm"), 40.0, 1.0, 14.0, "北京市海淀区青石科技有限责任公司", mandated=True
    ),
    _unit("unit.enterprise.38", N_("Unit seal, limited company, 38 mm"), 38.0, 1.0, None, "青石文化传播有限公司"),
    _unit("unit.stock.42", N_("Unit seal, company limited by shares, 42 mm"), 42.0, 1.2, 14.0, "山河重工股份有限公司"),
    _unit("unit.stateowned.42", N_("Unit seal, state-owned enterprise, 42 mm"), 42.0, 1.2, 14.0, "山河省第三建筑工程集团总公司"),
    _unit("unit.enterprise.45", N_("Unit seal, enterprise or institution, 45 mm"), 45.0, 1.5, None, "山河省地质调查研究院"),
    _unit("unit.collective.40", N_("Unit seal, collective enterprise, 40 mm"), 40.0, 1.0, 14.0, "青石镇农机修造厂"),
    _unit("unit.individual.38", N_("Unit seal, individual business, 38 mm"), 38.0, 1.0, None, "青石镇老街书店"),
    _unit("unit.private.38", N_("Unit seal, private enterprise, 38 mm"), 38.0, 1.0, None, "青石木器加工厂"),
    _unit("unit.owners.40", N_("Owners' committee, 40 mm"), 40.0, 1.0, 14.0, "青石花园小区业主委员会"),
)
