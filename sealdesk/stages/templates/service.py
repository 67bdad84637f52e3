"""Handlers of the templates: choosing the system's, taking in, saving, retiring and restoring the shop's own."""

from __future__ import annotations

import dataclasses
from uuid import uuid4

from sqlalchemy import select

from sealdesk.core.errors import ProblemsError, UserError
from sealdesk.core.i18n import N_, _
from sealdesk.crypto.digests import sm3
from sealdesk.domain.events import Touched
from sealdesk.face import cells, codec, stp, svgpath
from sealdesk.face.fonts import ForeignFontError
from sealdesk.face.specification import CharacterOutline, FaceFont
from sealdesk.face.stp import TemplateFile
from sealdesk.face.template import Template
from sealdesk.face.templates import template
from sealdesk.models.templates import ChosenTemplateRow, LocalTemplateRow
from sealdesk.stages.templates.files import read_file
from sealdesk.stages.templates.rules import (
    MANAGE,
    AddFont,
    AlreadyRetiredError,
    ChooseTemplates,
    FontRetiredError,
    ImportOutline,
    ImportTemplate,
    MandatedTemplateError,
    NotRetiredError,
    OneCharacterError,
    RemoveOutline,
    RestoreFont,
    RestoreTemplate,
    RetireFont,
    RetireTemplate,
    SameFontError,
    SameTemplateError,
    SaveTemplate,
    TakeOutTemplates,
)
from sealdesk.workflow import letters
from sealdesk.workflow.commands import Handling, Stage
from sealdesk.workflow.letters import ShopFont, ShopOutline
from sealdesk.workflow.templates import newest_local, reference
from sealdesk.workflow.uow import MissingError, UnitOfWork

LONGEST_FILE_NAME = 160
OWN_NAME = "own"
"""What the names begin with that templates from the editor get."""


def choose_templates(command: ChooseTemplates, uow: UnitOfWork) -> None:
    """Offer templates of the system from now on."""
    _decide(command.names, uow, chosen=True)


def take_out_templates(command: TakeOutTemplates, uow: UnitOfWork) -> None:
    """No longer offer templates of the system."""
    _decide(command.names, uow, chosen=False)


def import_template(command: ImportTemplate, uow: UnitOfWork) -> str:
    """Take a file in; returns the name by which orders know this version.

    Raises:
        UserError: the file is not usable, with a sentence for every problem; nothing was changed.
    """
    return _add(read_file(command.content), command.file_name[-LONGEST_FILE_NAME:], uow)


def save_template(command: SaveTemplate, uow: UnitOfWork) -> str:
    """Keep what the editor made; returns the name by which orders know this version.

    Raises:
        UserError: it is not usable, with a sentence for every problem; nothing was changed.
    """
    file, title = stp.read(command.content), command.title.strip()
    # Here and not in the window, whose list may be older than the store.
    renamed = dataclasses.replace(file, name=_name_for(title, uow), title=title)
    return _add(read_file(stp.write(renamed)), "", uow)


def retire_template(command: RetireTemplate, uow: UnitOfWork) -> None:
    """No longer offer a template of the shop."""
    row = _newest(command.name, uow)
    if row.retired_at is not None:
        raise AlreadyRetiredError(title=row.title)
    row.retired_at = uow.now
    uow.touched |= Touched.TEMPLATES


def restore_template(command: RestoreTemplate, uow: UnitOfWork) -> None:
    """Offer a retired template of the shop again."""
    row = _newest(command.name, uow)
    if row.retired_at is None:
        raise NotRetiredError(title=row.title)
    row.retired_at = None
    uow.touched |= Touched.TEMPLATES


def add_font(command: AddFont, uow: UnitOfWork) -> str:
    """Offer a font from now on, a retired one again; returns its key.

    Raises:
        SameFontError: it is offered already.
    """
    made = ShopFont(
        FaceFont(command.digest, command.index, command.name), command.file_name[-LONGEST_FILE_NAME:], command.characters, uow.now
    )
    before = letters.shop_font(uow.session, made.key)
    if before is not None and not before.retired:
        raise SameFontError(name=before.font.name)
    letters.write_font(uow.session, made if before is None else dataclasses.replace(before, retired=False))
    uow.touched |= Touched.TEMPLATES
    return made.key


def retire_font(command: RetireFont, uow: UnitOfWork) -> None:
    """No longer offer a font of the shop."""
    _turn(command.key, uow, retired=True)


def restore_font(command: RestoreFont, uow: UnitOfWork) -> None:
    """Offer a retired font of the shop again."""
    _turn(command.key, uow, retired=False)


def _turn(key: str, uow: UnitOfWork, *, retired: bool) -> None:
    font = letters.shop_font(uow.session, key)
    if font is None:
        raise MissingError(what="font", id=key)
    if font.retired is retired:
        raise FontRetiredError(name=font.font.name)
    letters.write_font(uow.session, dataclasses.replace(font, retired=retired))
    uow.touched |= Touched.TEMPLATES


def import_outline(command: ImportOutline, uow: UnitOfWork) -> None:
    """Draw a character by an outline from now on.

    Raises:
        OneCharacterError, PathDataError: what was given is not one character or no outline.
    """
    if len(cells.split(command.character)) != 1 or command.character.isspace() or len(command.character) > 2:
        raise OneCharacterError(field="character", character=command.character)
    problems = codec.check(CharacterOutline(command.character, command.outline))
    if problems:
        raise ProblemsError(problems)
    svgpath.contours(command.outline)
    outline = ShopOutline(command.character, command.outline, command.file_name[-LONGEST_FILE_NAME:], uow.now)
    letters.write_outline(uow.session, outline)
    uow.touched |= Touched.TEMPLATES


def remove_outline(command: RemoveOutline, uow: UnitOfWork) -> None:
    """Forget the outline of a character."""
    if not letters.remove_outline(uow.session, command.character):
        raise MissingError(what="outline", id=command.character)
    uow.touched |= Touched.TEMPLATES


def _decide(names: tuple[str, ...], uow: UnitOfWork, *, chosen: bool) -> None:
    templates = _selectable(names)
    for one in templates:
        row = uow.session.get(ChosenTemplateRow, one.name)
        if row is None:
            row = ChosenTemplateRow(name=one.name)
            uow.session.add(row)
        row.chosen, row.changed_at, row.changed_by = chosen, uow.now, uow.actor.id
    uow.touched |= Touched.TEMPLATES


def _selectable(names: tuple[str, ...]) -> list[Template]:
    problems: list[UserError] = []
    found = []
    for name in dict.fromkeys(names):
        try:
            one = template(name)
        except UserError as error:
            problems.append(error)
            continue
        if one.mandated:
            problems.append(MandatedTemplateError(title=_(one.title)))
        found.append(one)
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise ProblemsError(tuple(problems))
    return found


def _add(file: TemplateFile, file_name: str, uow: UnitOfWork) -> str:
    for font in file.face.fonts:
        if letters.shop_font(uow.session, letters.font_key(font.digest, font.index)) is None:
            raise ForeignFontError(field="face.fonts", name=font.name)
    content = stp.write(file)
    digest = sm3(content).hex()
    last = _last(file.name, uow)
    if last is not None and last.digest == digest and last.retired_at is None:
        raise SameTemplateError(title=last.title, version=last.version)
    row = LocalTemplateRow(
        id=str(uuid4()),
        name=file.name,
        version=1 if last is None else last.version + 1,
        title=file.title,
        seal_type=file.seal_type,
        content=content.decode(),
        digest=digest,
        file_name=file_name,
        added_at=uow.now,
        added_by=uow.actor.id,
    )
    uow.session.add(row)
    uow.touched |= Touched.TEMPLATES
    return reference(row.name, row.version)


def _name_for(title: str, uow: UnitOfWork) -> str:
    """The own name of the shop's template with this title, otherwise one that is free."""
    known = newest_local(uow.session)
    taken = {row.name for row in known}
    free = next(name for number in range(1, len(taken) + 2) if (name := f"{OWN_NAME}.{number}") not in taken)
    return next((row.name for row in known if row.title == title), free)


def _last(name: str, uow: UnitOfWork) -> LocalTemplateRow | None:
    question = select(LocalTemplateRow).where(LocalTemplateRow.name == name).order_by(LocalTemplateRow.version.desc()).limit(1)
    return uow.session.execute(question).scalar_one_or_none()


def _newest(name: str, uow: UnitOfWork) -> LocalTemplateRow:
    row = _last(name, uow)
    if row is None:
        raise MissingError(what="template", id=name)
    return row


STAGE = Stage(
    name="templates",
    title=N_("Templates"),
    permissions=(MANAGE,),
    handlings=(
        Handling(ChooseTemplates, MANAGE.name, choose_templates, lambda _c: "templates", N_("{actor} chose templates of the system")),
        Handling(TakeOutTemplates, MANAGE.name, take_out_templates, lambda _c: "templates", N_("{actor} took templates of the system out")),
        Handling(
            ImportTemplate, MANAGE.name, import_template, lambda _c: "templates", N_("{actor} took the template file “{file_name}” in")
        ),
        Handling(SaveTemplate, MANAGE.name, save_template, lambda c: c.title.strip(), N_("{actor} saved the template “{title}”")),
        Handling(RetireTemplate, MANAGE.name, retire_template, lambda c: c.name, N_("{actor} retired the template “{name}”")),
        Handling(RestoreTemplate, MANAGE.name, restore_template, lambda c: c.name, N_("{actor} restored the template “{name}”")),
        Handling(AddFont, MANAGE.name, add_font, lambda c: c.digest, N_("{actor} added the font “{name}” from the file “{file_name}”")),
        Handling(RetireFont, MANAGE.name, retire_font, lambda c: c.key, N_("{actor} retired the font {key}")),
        Handling(RestoreFont, MANAGE.name, restore_font, lambda c: c.key, N_("{actor} restored the font {key}")),
        Handling(
            ImportOutline,
            MANAGE.name,
            import_outline,
            lambda c: c.character,
            N_("{actor} imported the outline of “{character}” from the file “{file_name}”"),
        ),
        Handling(RemoveOutline, MANAGE.name, remove_outline, lambda c: c.character, N_("{actor} removed the outline of “{character}”")),
    ),
)
