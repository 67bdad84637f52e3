"""The search index: own bigrams in a contentless FTS5 table, codes beside it, kept current by the write sessions themselves.

It answers with kinds and ids only; rows that people see come from the stages' queries. Readings of names are in `sealdesk.models.readings`.

Two tables, because they are asked differently. `search_words` (FTS5) holds Chinese text as overlapping pairs: FTS5's own trigrams find
nothing for two characters. `search_codes` (an ordinary index) holds Latin words, numbers, number tails and pinyin initials, asked by their
beginnings: FTS5 collects every match of a beginning before it gives the first, a B-tree stops at the limit. Nothing is ever sorted by rank
(1.9 s over a million rows): a bounded number of candidates is taken and put in order here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    event,
    exists,
    insert,
    inspect,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, UOWTransaction, aliased, mapped_column, sessionmaker

from sealdesk.models import readings
from sealdesk.models.base import Base
from sealdesk.models.orders import OrderRow, SealRow
from sealdesk.models.permits import PermitRow
from sealdesk.models.units import UnitRow

UNIT = "unit"
ORDER = "order"
SEAL = "seal"
PERMIT = "permit"

VIRTUAL_TABLES = ("search_words",)
_CANDIDATES = 200
_LOOKED_THROUGH = 4000
_SHORTEST_TAIL = 3
_LONGEST_TERM = 40
_BORDER = "ᚋ"
_TAIL = "ᚏ"  # two letters of a script that no name here is written in
_RUNS = re.compile(r"([0-9a-z]+)|([^\W0-9a-z_]+)")


class SearchSubjectRow(Base):
    """What the row numbers of the index stand for. `title` is the folded name, for hits that begin with what was typed."""

    __tablename__ = "search_subjects"
    __table_args__ = (UniqueConstraint("kind", "subject_id", name="uq_search_subjects_subject"), Index("ix_search_subjects_title", "title"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(160))


class SearchCodeRow(Base):
    """A code, word, tail or initials by which a subject is found from its beginning."""

    __tablename__ = "search_codes"
    __table_args__ = (Index("ix_search_codes_subject", "subject", "term"), {"sqlite_with_rowid": False})

    term: Mapped[str] = mapped_column(String(41), primary_key=True)
    subject: Mapped[int] = mapped_column(ForeignKey("search_subjects.id", ondelete="CASCADE"), primary_key=True)


@dataclass(frozen=True, slots=True)
class Texts:
    """What a thing is found by: its name, other names and people, and numbers, which are found by their tails too."""

    title: str
    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


def fold(typed: str) -> str:
    """Text as it is compared: full-width and compatibility forms, case, and everything that is no letter or digit folded away."""
    return "".join(character for character in unicodedata.normalize("NFKC", typed).casefold() if character.isalnum())


def index(session: Session, kind: str, subject_id: str, texts: Texts) -> None:
    """Make the thing findable by `texts` and by nothing else."""
    words, codes = terms(texts)
    title = fold(texts.title)[:160]
    connection = session.connection()
    known = connection.execute(
        select(SearchSubjectRow.id).where(SearchSubjectRow.kind == kind, SearchSubjectRow.subject_id == subject_id)
    ).scalar()
    if known is None:
        known = connection.execute(
            insert(SearchSubjectRow).values(kind=kind, subject_id=subject_id, title=title).returning(SearchSubjectRow.id)
        ).scalar_one()
    else:
        connection.execute(update(SearchSubjectRow).where(SearchSubjectRow.id == known).values(title=title))
        _delete_terms(session, known)
    connection.execute(text("INSERT INTO search_words (rowid, words) VALUES (:id, :terms)"), {"id": known, "terms": words})
    if codes:
        connection.execute(insert(SearchCodeRow), [{"term": term, "subject": known} for term in codes])


def forget(session: Session, kind: str, subject_id: str) -> None:
    """Make the thing unfindable; harmless when it is so already."""
    known = (
        session.connection()
        .execute(select(SearchSubjectRow.id).where(SearchSubjectRow.kind == kind, SearchSubjectRow.subject_id == subject_id))
        .scalar()
    )
    if known is not None:
        _delete_terms(session, known)
        session.connection().execute(delete(SearchSubjectRow).where(SearchSubjectRow.id == known))


def find(session: Session, typed: str, limit: int = 20, kinds: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Kinds and ids of what `typed` may mean, best first: the name itself, names that begin with it, then the newest others.

    Finds Chinese text anywhere in a name (two characters suffice, one finds it too), beginnings of codes, words and pinyin initials, and
    tails of numbers from three digits. Parts separated by blanks must all be found. `kinds` limits the answer; empty means all.
    """
    folded = fold(typed)
    if not folded:
        return []
    found: dict[int, tuple[str, str, str]] = {}
    columns = (SearchSubjectRow.id, SearchSubjectRow.kind, SearchSubjectRow.subject_id, SearchSubjectRow.title)
    begins = select(*columns).where(SearchSubjectRow.title >= folded, SearchSubjectRow.title < folded + "\U0010ffff")
    numbers = _candidates(session, typed, kinds)
    named = select(*columns).where(SearchSubjectRow.id.in_(numbers))
    for question in (begins.order_by(SearchSubjectRow.title).limit(limit), named):
        limited = question.where(SearchSubjectRow.kind.in_(kinds)) if kinds else question
        for number, kind, subject_id, title in session.execute(limited):
            found[number] = (kind, subject_id, title)

    def nearness(number: int) -> tuple[int, int]:
        title = found[number][2]
        return (0 if title == folded else 1 if title.startswith(folded) else 2, -number)

    return [found[number][:2] for number in sorted(found, key=nearness)[:limit]]


def terms(texts: Texts) -> tuple[str, tuple[str, ...]]:
    """The content of `search_words` (terms separated by blanks) and the terms of `search_codes` for these texts."""
    words: dict[str, None] = {}
    codes: dict[str, None] = {}
    spoken: list[str] = []
    for name in (texts.title, *texts.names):
        spoken.append(_pairs(_han(name)))
        codes.update(dict.fromkeys(_latin(name)))
        codes.update(dict.fromkeys(readings.initials(_han(name))))
    words.update(dict.fromkeys(filter(None, spoken)))
    for number in (*texts.codes, *texts.phones):
        for run in (fold(number), *_latin(number)):
            if run:
                codes.update(dict.fromkeys((run[:_LONGEST_TERM], _tail(run))))
    # A term that no text holds keeps phrases from matching across two names.
    return f" {_BORDER} ".join(words), tuple(codes)


def _candidates(session: Session, typed: str, kinds: tuple[str, ...]) -> list[int]:
    """Row numbers of at most a few hundred subjects that hold everything typed."""
    words, runs = _parts(typed)
    if not runs:
        return _with_words(session, words, (), kinds) if words else []
    with_codes = _with_codes(session, runs, kinds)
    if not words:
        return with_codes
    if len(with_codes) < _CANDIDATES:
        # All of them are known: let the words choose among them.
        among = text("SELECT rowid FROM search_words WHERE search_words MATCH :words AND rowid IN :numbers")
        answer = session.execute(among.bindparams(bindparam("numbers", expanding=True)), {"words": words, "numbers": with_codes})
        return list(answer.scalars())
    return _with_words(session, words, runs, kinds)


def _with_words(session: Session, words: str, runs: tuple[str, ...], kinds: tuple[str, ...]) -> list[int]:
    """The newest subjects that hold the words, and codes beginning like `runs` among the newest of those."""
    newest = "SELECT rowid FROM search_words WHERE search_words MATCH :words ORDER BY rowid DESC LIMIT :most"
    if not runs and not kinds:
        return list(session.execute(text(newest), {"words": words, "most": _CANDIDATES}).scalars())
    looked_through = session.execute(text(newest), {"words": words, "most": _LOOKED_THROUGH}).scalars().all()
    question = select(SearchSubjectRow.id).where(SearchSubjectRow.id.in_(looked_through), *_holds(runs, SearchSubjectRow.id))
    if kinds:
        question = question.where(SearchSubjectRow.kind.in_(kinds))
    return list(session.scalars(question.order_by(SearchSubjectRow.id.desc()).limit(_CANDIDATES)))


def _with_codes(session: Session, runs: tuple[str, ...], kinds: tuple[str, ...]) -> list[int]:
    """Subjects with codes beginning like all `runs`; the longest one, which is the rarest, leads."""
    leading, *others = sorted(runs, key=len, reverse=True)
    found: dict[int, None] = {}
    for low, high in _ranges(leading):
        question = select(SearchCodeRow.subject).where(SearchCodeRow.term >= low, SearchCodeRow.term < high)
        question = question.where(*_holds(tuple(others), SearchCodeRow.subject))
        if kinds:
            is_kind = exists().where(SearchSubjectRow.id == SearchCodeRow.subject, SearchSubjectRow.kind.in_(kinds))
            question = question.where(is_kind)
        found.update(dict.fromkeys(session.scalars(question.order_by(SearchCodeRow.term).limit(_CANDIDATES))))
    return list(found)


def _holds(runs: tuple[str, ...], subject: Any) -> Iterator[ColumnElement[bool]]:
    for run in runs:
        code = aliased(SearchCodeRow)
        begins = or_(*(and_(code.term >= low, code.term < high) for low, high in _ranges(run)))
        yield exists().where(code.subject == subject, begins)


def _parts(typed: str) -> tuple[str, tuple[str, ...]]:
    """What is asked of `search_words`, and the beginnings of codes asked for. Terms are letters and digits: none can be FTS5 syntax."""
    words: list[str] = []
    runs: list[str] = []
    for part in typed.split():
        for latin, other in _RUNS.findall(fold(part)):
            if other:
                words.append(f'"{other}" *' if len(other) == 1 else f'"{_bare_pairs(other)}"')
            else:
                runs.append(latin[:_LONGEST_TERM])
    return " AND ".join(words), tuple(runs)


def _ranges(run: str) -> Iterator[tuple[str, str]]:
    """The ranges of terms that a typed run may mean: a beginning, initials that are kept shorter than typed, the end of a number."""
    yield run, run + "\U0010ffff"
    if run.isalpha() and len(run) > readings.LONGEST:
        kept = run[: readings.LONGEST]
        yield kept, kept + "\0"
    if len(run) >= _SHORTEST_TAIL and any(character.isdigit() for character in run):
        tail = _tail(run)
        yield tail, tail + "\U0010ffff"


def _tail(run: str) -> str:
    """The term by which a number's end is found: reversed, under a letter of its own so that it meets no beginning."""
    return (_TAIL + run[::-1])[:_LONGEST_TERM]


def _han(name: str) -> str:
    """The name's letters that are neither Latin nor digits, in one run: brackets, blanks and dots do not part a name."""
    return "".join(other for _latin_run, other in _RUNS.findall(fold(name)))


def _latin(name: str) -> Iterator[str]:
    """Latin words and numbers of a name."""
    for part in re.split(r"[^\w]+", unicodedata.normalize("NFKC", name).casefold()):
        for latin, _other in _RUNS.findall(fold(part)):
            if latin:
                yield latin[:_LONGEST_TERM]


def _bare_pairs(run: str) -> str:
    return " ".join(run[place : place + 2] for place in range(len(run) - 1))


def _pairs(run: str) -> str:
    """Overlapping pairs, and the last character by itself so that one character finds it at the end of a name too."""
    return f"{_bare_pairs(run)} {run[-1]}".strip() if run else ""


def _delete_terms(session: Session, number: int) -> None:
    session.connection().execute(text("DELETE FROM search_words WHERE rowid = :id"), {"id": number})
    session.connection().execute(delete(SearchCodeRow).where(SearchCodeRow.subject == number))


# ---- what is found by what, and keeping it so


def texts_of(row: object) -> tuple[str, str, Texts] | None:
    """Kind, id and texts of a row that people search for, or None. Documents' numbers are left out: nobody is to be found by them."""
    match row:
        case UnitRow():
            names = (row.name_minority, row.name_english, row.principal.name)
            codes = (row.uscc, row.registration_number, row.code)
            return UNIT, row.id, _texts(row.name, names, codes, (row.phone, row.principal.phone))
        case OrderRow():
            handler = row.handler
            return ORDER, row.id, _texts(row.unit_name, (handler.name,), (row.number,), (handler.phone,))
        case SealRow():
            return SEAL, row.id, _texts(row.name, (), (row.seal_code,), ())
        case PermitRow():
            return PERMIT, row.number, _texts("", (), (row.number,), ())
    return None


def follow(sessions: sessionmaker[Session]) -> None:
    """Index whatever these sessions write, in the same transaction, so that no handler has to think of it.

    Deleted rows leave the index by triggers of their tables, because a CASCADE deletes without any session knowing.
    """
    event.listen(sessions, "after_flush", _after_flush)


def rebuild(session: Session) -> int:
    """Index everything anew, for instance after the terms changed; returns how many things were indexed."""
    session.execute(delete(SearchCodeRow))
    session.execute(delete(SearchSubjectRow))
    session.execute(text("INSERT INTO search_words (search_words) VALUES ('delete-all')"))
    count = 0
    for table_class in (UnitRow, OrderRow, SealRow, PermitRow):
        for row in session.scalars(select(table_class).execution_options(yield_per=500)):
            count += _index_row(session, row)
    return count


def _after_flush(session: Session, _flush: UOWTransaction) -> None:
    for row in session.new:
        _index_row(session, row)
    for row in session.dirty:
        if _searchable_changed(row):
            _index_row(session, row)


_SEARCHABLE: dict[type[Base], tuple[str, ...]] = {
    UnitRow: (
        "name", "name_minority", "name_english", "uscc", "registration_number", "code", "phone", "principal_name", "principal_phone",
    ),
    OrderRow: ("number", "unit_name", "handler_name", "handler_phone"),
    SealRow: ("name", "seal_code"),
    PermitRow: ("number",),
}  # fmt: skip


def _searchable_changed(row: object) -> bool:
    for kind, columns in _SEARCHABLE.items():
        if isinstance(row, kind):
            state = inspect(row)
            attributes = (attribute.key for attribute in state.mapper.column_attrs if attribute.columns[0].name in columns)
            return any(state.attrs[key].history.has_changes() for key in attributes)
    return False


def _index_row(session: Session, row: object) -> int:
    found = texts_of(row)
    if found is None:
        return 0
    kind, subject_id, texts = found
    index(session, kind, subject_id, texts)
    return 1


def _texts(title: str, names: Iterable[str | None], codes: Iterable[str | None], phones: Iterable[str | None]) -> Texts:
    return Texts(title or "", tuple(filter(None, names)), tuple(filter(None, codes)), tuple(filter(None, phones)))
