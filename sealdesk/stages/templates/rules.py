"""Commands, permission, standings and errors of the templates. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.domain.access import Permission
from sealdesk.workflow.commands import BULKY

MANAGE = Permission("templates.manage", N_("Choose and edit templates"))

MOST_LETTERS = 400
"""Letters that a template may set with its example texts. The longest of the system's own sets 120; beyond this a picture takes minutes."""


class Standing(StrEnum):
    """How a template stands with the shop."""

    MANDATED = "mandated"
    CHOSEN = "chosen"
    OPTIONAL = "optional"
    LOCAL = "local"
    RETIRED = "retired"

    @property
    def is_offered(self) -> bool:
        """Whether registration offers it for new seals."""
        return self in (Standing.MANDATED, Standing.CHOSEN, Standing.LOCAL)


STANDING_TITLES: dict[Standing, str] = {
    Standing.MANDATED: N_("Mandatory"),
    Standing.CHOSEN: N_("In use"),
    Standing.OPTIONAL: N_("Can be chosen"),
    Standing.LOCAL: N_("Own"),
    Standing.RETIRED: N_("Retired"),
}


@dataclass(frozen=True, slots=True)
class ChooseTemplates:
    """选入: offer these templates of the system at registration."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakeOutTemplates:
    """移出: no longer offer these templates of the system; orders that have them keep them."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportTemplate:
    """本地提交: take a `.stp` file in; one of a name that is there becomes its next version."""

    file_name: str
    content: bytes = field(metadata=BULKY)


@dataclass(frozen=True, slots=True)
class SaveTemplate:
    """Keep what the editor made as a template of the shop: as the next version of the one with this title, otherwise as a new one."""

    title: str
    content: bytes = field(metadata=BULKY)


@dataclass(frozen=True, slots=True)
class RetireTemplate:
    """No longer offer a template of the shop; orders that have it keep it."""

    name: str


@dataclass(frozen=True, slots=True)
class RestoreTemplate:
    """Offer a retired template of the shop again."""

    name: str


@dataclass(frozen=True, slots=True)
class AddFont:
    """Take a font file of the shop in. Its content lies among the attachments already, examined, under `digest`."""

    file_name: str
    digest: str
    index: int
    name: str
    characters: int


@dataclass(frozen=True, slots=True)
class RetireFont:
    """No longer offer a font of the shop; faces that name it keep it, for its file stays."""

    key: str


@dataclass(frozen=True, slots=True)
class RestoreFont:
    """Offer a retired font of the shop again."""

    key: str


@dataclass(frozen=True, slots=True)
class ImportOutline:
    """Draw a character by this outline (SVG path data) from now on; faces that were made before stay as they are."""

    character: str
    file_name: str
    outline: str = field(metadata=BULKY)


@dataclass(frozen=True, slots=True)
class RemoveOutline:
    """Forget the outline of a character; faces that were made with it keep it."""

    character: str


class MandatedTemplateError(UserError):
    """A mandated template is always offered."""

    code = "templates.mandated"
    sentence = N_("“{title}” is mandatory; it can be neither chosen nor taken out.")


class SameTemplateError(UserError):
    """The newest version has exactly this content."""

    code = "templates.same"
    sentence = N_("“{title}” is already here as version {version}, exactly the same.")


class TemplateTitleError(UserError):
    """A template without a title."""

    code = "templates.title"
    sentence = N_("The template needs a title.")


class TooManyLettersError(UserError):
    """A face with so many letters that its picture would take minutes."""

    code = "templates.letters"
    sentence = N_("The template sets {count} letters; at most {limit} are possible.")


class AlreadyRetiredError(UserError):
    """The template is not offered any more."""

    code = "templates.retired"
    sentence = N_("“{title}” is retired already.")


class NotRetiredError(UserError):
    """The template is in use."""

    code = "templates.not_retired"
    sentence = N_("“{title}” is not retired.")


class SameFontError(UserError):
    """The font is here already."""

    code = "templates.font.same"
    sentence = N_("The font “{name}” is here already.")


class FontRetiredError(UserError):
    """The font is offered no more, or still."""

    code = "templates.font.retired"
    sentence = N_("The font “{name}” cannot be changed that way: it is like that already.")


class OneCharacterError(UserError):
    """An outline stands for one character, not for several and not for none."""

    code = "templates.outline.character"
    sentence = N_("“{character}” is not one character.")
    advice = N_("Give the one character that the outline shows.")
