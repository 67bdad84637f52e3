"""Material profiles: what has to be done to a face before a machine gets it, and the same in words. It writes no files.

The figures are starting values from the trade, not from a law; a shop measures its own machine (see `calibration`) and keeps a copy with
its own figures. Sources for polarity and mirroring: published process descriptions for photosensitive pads, trade practice for the rest.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_, _
from sealdesk.face.drawing import Drawing, Part, transformed
from sealdesk.face.export.geometry import grown, inked, inverted
from sealdesk.face.export.numbers import written


@dataclass(frozen=True, slots=True)
class Profile:
    """How one material is worked.

    Attributes:
        key: stable name, kept in settings and packages.
        title: English name, marked for translation.
        note: one sentence on how the material is worked, marked for translation.
        mirror: left and right are exchanged.
        negative: what is not ink becomes black.
        margin_mm: border of black around a negative.
        shoulder_mm: width of the sloping flank around each stroke, for grey pictures; 0 for none.
        growth_mm: every edge is moved outwards by this much (inwards when negative), for the width of the beam, tool or spreading ink.
        x_scale: factor across the machine, from the calibration sheet.
        y_scale: factor along the machine.
        dpi: resolution of pictures.
    """

    key: str
    title: str
    note: str
    mirror: bool = False
    negative: bool = False
    margin_mm: float = 0.0
    shoulder_mm: float = 0.0
    growth_mm: float = 0.0
    x_scale: float = 1.0
    y_scale: float = 1.0
    dpi: float = 600.0


PAPER = Profile("paper", N_("Paper"), N_("Printed as it will look on paper."))

PROFILES: tuple[Profile, ...] = (
    PAPER,
    Profile("filing", N_("Filed picture"), N_("The picture for the register and the chip, true to the imprint."), dpi=400.0),
    Profile(
        "laser_rubber", N_("Rubber, laser"), N_("The laser burns away what is black; letters stay standing on sloping flanks."),
        mirror=True, negative=True, margin_mm=1.0, shoulder_mm=0.3, growth_mm=0.03, dpi=1000.0,
    ),
    Profile(
        "laser_pad", N_("Pre-inked pad, laser"), N_("The laser lowers and seals what is black; letters stay open and give ink."),
        mirror=True, negative=True, margin_mm=1.0, growth_mm=0.03, dpi=600.0,
    ),
    Profile(
        "photosensitive", N_("Photosensitive pad"),
        N_("Printed on tracing paper or film, laid face up under the pad; black shields the pad, which stays open there and gives ink."),
        dpi=1200.0,
    ),
    Profile(
        "copper", N_("Copper"), N_("The engraver takes away what is black and leaves the letters standing."),
        mirror=True, negative=True, margin_mm=0.5, growth_mm=0.02, dpi=1200.0,
    ),
    Profile(
        "steel", N_("Steel"), N_("The engraver takes away what is black and leaves the letters standing."),
        mirror=True, negative=True, margin_mm=0.5, growth_mm=0.02, dpi=1200.0,
    ),
    Profile(
        "resin", N_("Resin plate"), N_("A film laid right side up under the resin; light hardens it where the film is clear."),
        negative=True, margin_mm=3.0, dpi=1200.0,
    ),
    Profile(
        "acrylic", N_("Acrylic"), N_("The engraver takes away what is black and leaves the letters standing."),
        mirror=True, negative=True, margin_mm=0.5, growth_mm=0.03, dpi=1000.0,
    ),
    Profile(
        "horn", N_("Horn"),
        N_("The engraver takes away what is black; broad flanks keep thin strokes from breaking."),
        mirror=True, negative=True, margin_mm=0.5, shoulder_mm=0.2, growth_mm=0.03, dpi=1000.0,
    ),
)  # fmt: skip
"""The profiles that come with the program, in the order in which they are offered."""

_BOUNDS: tuple[tuple[str, str, float, float], ...] = (
    ("margin_mm", N_("Border"), 0.0, 50.0),
    ("shoulder_mm", N_("Shoulder"), 0.0, 3.0),
    ("growth_mm", N_("Stroke compensation"), -0.5, 0.5),
    ("x_scale", N_("Scale across"), 0.9, 1.1),
    ("y_scale", N_("Scale along"), 0.9, 1.1),
    ("dpi", N_("Resolution"), 72.0, 4800.0),
)


class UnknownProfileError(UserError):
    """No profile has this name."""

    code = "face.profile.unknown"
    sentence = N_("There is no material profile “{key}”.")
    advice = N_("Choose one of the list.")


class ProfileBoundsError(UserError):
    """A figure of a profile makes no sense for a seal."""

    code = "face.profile.bounds"
    sentence = N_("{title} must lie between {lowest} and {highest}, not at {value}.")

    def __str__(self) -> str:
        title = self.facts["title"]
        return _(self.sentence).format(**{**self.facts, "title": _(title)})


class StrokesLostError(UserError):
    """The compensation eats strokes completely."""

    code = "face.profile.lost"
    sentence = N_("With strokes made {narrower} mm narrower, “{part}” disappears.")
    advice = N_("Choose a smaller stroke compensation.")


def profile(key: str) -> Profile:
    """The profile of that name.

    Raises:
        UnknownProfileError: there is none.
    """
    for candidate in PROFILES:
        if candidate.key == key:
            return candidate
    raise UnknownProfileError(key=key, field="profile")


def checked(profile: Profile) -> Profile:
    """The profile itself.

    Raises:
        ProfileBoundsError: a figure is out of its bounds; `field` names it.
    """
    for name, title, lowest, highest in _BOUNDS:
        value = getattr(profile, name)
        if not (math.isfinite(value) and lowest <= value <= highest):
            raise ProfileBoundsError(title=title, lowest=written(lowest), highest=written(highest), value=f"{value:g}", field=name)
    return profile


def explained(profile: Profile) -> tuple[str, ...]:
    """What the profile does, as sentences in the person's language, for the screen and the job ticket."""
    sentences = [_(profile.note)]
    if profile.mirror:
        sentences.append(_("Mirrored: the artwork reads backwards, the imprint reads right."))
    else:
        sentences.append(_("Not mirrored: the artwork reads like the imprint."))
    if profile.negative:
        margin = written(profile.margin_mm)
        sentences.append(_("Negative: what gives no ink is black, with a border of {margin} mm.").format(margin=margin))
    else:
        sentences.append(_("Positive: what gives ink is black."))
    if profile.shoulder_mm:
        sentences.append(
            _("Shoulder: pictures are grey and slope over {shoulder} mm around every stroke; drawings of lines cannot carry it.").format(
                shoulder=written(profile.shoulder_mm)
            )
        )
    growth = written(abs(profile.growth_mm))
    if profile.growth_mm > 0:
        sentences.append(_("Every edge is moved {growth} mm outwards, because working makes strokes thinner.").format(growth=growth))
    elif profile.growth_mm < 0:
        sentences.append(_("Every edge is moved {growth} mm inwards, because ink spreads.").format(growth=growth))
    if (profile.x_scale, profile.y_scale) != (1.0, 1.0):
        sentences.append(
            _("Stretched to {x} % across and {y} % along, as measured from the calibration sheet.").format(
                x=written(profile.x_scale * 100, 2), y=written(profile.y_scale * 100, 2)
            )
        )
    sentences.append(_("Pictures have {dpi} dots an inch.").format(dpi=written(profile.dpi)))
    return tuple(sentences)


@functools.lru_cache(maxsize=8)
def applied(drawing: Drawing, profile: Profile) -> Drawing:
    """The artwork for the material: cuts taken out, then growth, polarity, mirror and at last the machine's scale.

    The shoulder is not in it: only grey pictures can carry that (`face.raster.relief`). The artwork may be larger than the face, by the
    margin of a negative or by growth.

    Raises:
        ProfileBoundsError: a figure of the profile is out of its bounds.
        StrokesLostError: the compensation leaves nothing of a part.
        OutlineError: outlines could not be combined.
    """
    checked(profile)
    if not (profile.mirror or profile.negative or profile.growth_mm or (profile.x_scale, profile.y_scale) != (1.0, 1.0)):
        return drawing
    parts: list[Part] = []
    for part in inked(drawing):
        larger = grown(part, profile.growth_mm)
        if larger is None:
            raise StrokesLostError(part=part.text or part.name, narrower=written(-profile.growth_mm), field="growth_mm")
        parts.append(larger)
    room = max(profile.growth_mm, 0.0)
    artwork = _placed(Drawing(drawing.width_mm + 2 * room, drawing.height_mm + 2 * room, tuple(parts)), 1, 1, room, room)
    if profile.negative:
        artwork = inverted(artwork, profile.margin_mm)
    x, y = profile.x_scale, profile.y_scale
    if profile.mirror:
        artwork = _placed(artwork, -1, 1, artwork.width_mm, 0)
    return replace(_placed(artwork, x, y, 0, 0), width_mm=artwork.width_mm * x, height_mm=artwork.height_mm * y)


def _placed(drawing: Drawing, x_factor: float, y_factor: float, dx: float, dy: float) -> Drawing:
    if (x_factor, y_factor, dx, dy) == (1, 1, 0, 0):
        return drawing
    moved = tuple(part.reshaped(transformed(part.contours, x_factor, 0, 0, y_factor, dx, dy)) for part in drawing.parts)
    return replace(drawing, parts=moved)
