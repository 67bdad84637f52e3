"""Seals of the state, of parties and unions: diameter and centre mark by 国发〔1999〕25号, the rest trade practice."""

from __future__ import annotations

from sealdesk.core.i18n import N_
from sealdesk.face import composition, sources
from sealdesk.face.composition import RoundStyle
from sealdesk.face.plans import Form, traced
from sealdesk.face.specification import FaceSpec
from sealdesk.face.template import Template


def _state(name: str, title: str, diameter_mm: float, mark: str, example: str, source: str) -> Template:
    """A diameter that the law fixes."""
    style = RoundStyle(diameter_mm, mark=mark, size_source=source, low_mm=diameter_mm, high_mm=diameter_mm)
    return _template(name, title, style, example, source)


def _template(name: str, title: str, style: RoundStyle, example: str, source: str) -> Template:
    def draw(form: Form) -> FaceSpec:
        return composition.round_face(form, style)

    fields = (composition.name_field(example=example), composition.code_field())
    return Template(name, title, "01", fields, composition.figures(style), traced(draw), family="state", note=source)


TEMPLATES: tuple[Template, ...] = (
    _state("state.council.60", N_("State Council, 60 mm"), 60.0, "national", "中华人民共和国国务院", sources.LAW_COUNCIL),
    _state("state.province.50", N_("Provincial government, ministry, 50 mm"), 50.0, "national", "山河省人民政府", sources.LAW_PROVINCE),
    _state(
        "state.agency.50",
        N_("Agency directly under the State Council, ministerial rank, 50 mm"),
        50.0,
        "national",
        "国家青石总局",
        sources.LAW_AGENCY,
    ),
    _state(
        "state.agency.45",
        N_("Agency directly under the State Council, vice-ministerial rank, 45 mm"),
        45.0,
        "national",
        "国家青石局",
        sources.LAW_AGENCY,
    ),
    _state(
        "state.institution.national.50",
        N_("Institution under the State Council with administrative functions, 50 mm"),
        50.0,
        "national",
        "国家青石监督管理委员会",
        sources.LAW_INSTITUTION,
    ),
    _state(
        "state.institution.national.45",
        N_("Institution under the State Council with administrative functions, 45 mm"),
        45.0,
        "national",
        "国家青石监督管理局",
        sources.LAW_INSTITUTION,
    ),
    _state(
        "state.institution.star.50",
        N_("Institution under the State Council, 50 mm"),
        50.0,
        "star",
        "国家青石科学院",
        sources.LAW_INSTITUTION,
    ),
    _state(
        "state.institution.star.45",
        N_("Institution under the State Council, 45 mm"),
        45.0,
        "star",
        "国家青石研究中心",
        sources.LAW_INSTITUTION,
    ),
    _state(
        "state.coordination.50",
        N_("Coordinating or temporary body of the State Council, 50 mm"),
        50.0,
        "star",
        "国务院青石工作领导小组",
        sources.LAW_COORDINATION,
    ),
    _state("state.bureau.45", N_("National bureau under a ministry, 45 mm"), 45.0, "national", "国家青石资源局", sources.LAW_BUREAU),
    _state(
        "state.named.42",
        N_("Department whose name begins with the state's name, 42 mm"),
        42.0,
        "national",
        "中华人民共和国青石海事局",
        sources.LAW_FOREIGN,
    ),
    _state(
        "state.county.45",
        N_("Government of a prefecture, city, county or district, 45 mm"),
        45.0,
        "national",
        "青石县人民政府",
        sources.LAW_COUNTY,
    ),
    _state("state.office.45", N_("Administrative office of a region, 45 mm"), 45.0, "star", "山河省青石地区行政公署", sources.LAW_REGION),
    _state("state.township.42", N_("Township government, 42 mm"), 42.0, "star", "青石县白水镇人民政府", sources.LAW_TOWNSHIP),
    _state("state.embassy.42", N_("Embassy or consulate, 42 mm"), 42.0, "national", "中华人民共和国驻青石国大使馆", sources.LAW_EMBASSY),
    _state(
        "state.foreign.42",
        N_("Foreign affairs department of a ministry, 42 mm"),
        42.0,
        "national",
        "中华人民共和国青石部国际合作司",
        sources.LAW_FOREIGN,
    ),
    _template(
        "state.internal.45",
        N_("Internal department of a state organ, whole name in the ring, 45 mm"),
        RoundStyle(45.0, size_source=sources.LAW_INTERNAL, high_mm=45.0),
        "青石县人民政府办公室",
        sources.LAW_INTERNAL,
    ),
    _template(
        "state.internal.42",
        N_("Internal department of a state organ, whole name in the ring, 42 mm"),
        RoundStyle(42.0, size_source=sources.LAW_INTERNAL, high_mm=45.0),
        "青石县农业局",
        sources.LAW_INTERNAL,
    ),
    _template(
        "state.court.42",
        N_("Government organ, court or procuratorate by trade practice, 42 mm"),
        RoundStyle(42.0, mark="national", ring_mm=1.0, ring_source=sources.PRACTICE, high_mm=45.0),
        "青石县人民法院",
        sources.PRACTICE,
    ),
    _state("state.wax.42", N_("Wax seal, 42 mm"), 42.0, "national", "中华人民共和国青石部", sources.LAW_WAX),
    _template(
        "party.42",
        N_("Party organisation, 42 mm"),
        RoundStyle(42.0, mark="party", ring_mm=1.0, ring_source=sources.PRACTICE, high_mm=45.0),
        "中国共产党青石镇委员会",
        sources.PRACTICE,
    ),
    _template(
        "party.40",
        N_("Party organisation, 40 mm"),
        RoundStyle(40.0, mark="party", ring_mm=1.0, ring_source=sources.PRACTICE, size_source=sources.TIANJIN, high_mm=45.0),
        "中国共产党青石科技有限公司支部委员会",
        sources.TIANJIN,
    ),
    _template(
        "league.40",
        N_("Youth league, 40 mm"),
        RoundStyle(40.0, mark="league", ring_mm=1.0, ring_source=sources.PRACTICE, high_mm=45.0),
        "共青团青石县委员会",
        sources.PRACTICE,
    ),
    _template(
        "union.42",
        N_("Trade union, double ring, 42 mm"),
        RoundStyle(42.0, mark="union", ring_mm=1.0, inner_ring_mm=0.4, mark_mm=13.0, ring_source=sources.PRACTICE, high_mm=45.0),
        "青石科技有限公司工会委员会",
        sources.PRACTICE,
    ),
    _template(
        "union.40",
        N_("Trade union, double ring, 40 mm"),
        RoundStyle(
            40.0,
            mark="union",
            ring_mm=1.0,
            inner_ring_mm=0.4,
            mark_mm=12.5,
            ring_source=sources.PRACTICE,
            size_source=sources.TIANJIN,
            high_mm=45.0,
        ),
        "青石镇总工会",
        sources.TIANJIN,
    ),
)
