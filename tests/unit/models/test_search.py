"""Searching: what is found by what, and that nothing has to think of the index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from sealdesk.domain.units import Person
from sealdesk.models import readings, search
from sealdesk.models.database import Store
from sealdesk.models.orders import OrderRow
from sealdesk.models.permits import PermitRow
from sealdesk.models.search import ORDER, PERMIT, SEAL, UNIT, Texts
from sealdesk.models.units import UnitRow

YIYIN = "上海亿印计算机网络（中国）有限公司"


@pytest.fixture
def names(store: Store) -> Store:
    """A store that knows a few things by hand-made texts."""
    with store.write() as session:
        search.index(session, UNIT, "yiyin", Texts(YIYIN, ("Yiyin 3M Ltd",), ("91310000MA1K35X00A",), ("021-65432100", "13812345678")))
        search.index(session, UNIT, "shan", Texts("单县人民医院"))
        search.index(session, UNIT, "rare", Texts("𬭎𰻝面馆"))
        search.index(session, UNIT, "sand", Texts("山东大行商贸"))
        search.index(session, UNIT, "two", Texts("亿印"))
        search.index(session, SEAL, "seal", Texts("亿印财务专用章", (), ("3101040012345",)))
    return store


def found(store: Store, typed: str, **more: object) -> list[str]:
    with store.read() as session:
        return [subject for _kind, subject in search.find(session, typed, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "subject"),
    [
        ("亿印", "yiyin"),  # two characters, in the middle
        ("上海亿印计算机网络（中国）有限公司", "yiyin"),  # the whole name
        ("网络中国", "yiyin"),  # brackets do not part a name
        ("上海 网络", "yiyin"),  # parts in any order of places
        ("网络 上海", "yiyin"),
        ("司", "yiyin"),  # one character, the last one
        ("上", "yiyin"),
        ("yiyin", "yiyin"),
        ("YIYIN", "yiyin"),
        ("ｙｉｙｉｎ", "yiyin"),  # full width, as an input method may leave it
        ("yi", "yiyin"),
        ("3m", "yiyin"),
        ("3M网络", "yiyin"),
        ("shyy", "yiyin"),  # pinyin initials of the name
        ("yyjs", "yiyin"),  # and of its distinctive part
        ("shyyjsjwlzgyxgs", "yiyin"),  # all of them
        ("9131", "yiyin"),  # the beginning of a code
        ("X00A", "yiyin"),  # its tail
        ("5678", "yiyin"),  # the tail of a phone number
        ("2100", "yiyin"),
        ("678", "yiyin"),
        ("02165432100", "yiyin"),
        ("sxrm", "shan"),  # 单 is read shan here, dan and chan elsewhere
        ("dxrm", "shan"),
        ("rmyy", "shan"),
        ("𬭎𰻝", "rare"),  # characters outside the basic plane
        ("𰻝", "rare"),
        ("2345", "seal"),
        ("310104", "seal"),
    ],
)
def test_thing_is_found_by(names: Store, typed: str, subject: str) -> None:
    assert subject in found(names, typed)


@pytest.mark.parametrize(
    "typed",
    [
        "印计划",
        "海印",
        "网络上海",
        "亿印 火锅",
        "34",
        "1234567890",
        "yx计算机",
        "",
        "   ",
        "（）",
        '"',
        "亿印* OR 单县",
        "NEAR(亿 印)",
        "words:亿印",
        "限公司亿",
    ],
)
def test_nothing_is_found_by(names: Store, typed: str) -> None:
    assert found(names, typed) == []


def test_phone_is_not_found_by_its_middle(names: Store) -> None:
    assert found(names, "1234") == []


def test_name_itself_comes_first_then_beginnings_then_the_newest(names: Store) -> None:
    assert found(names, "亿印") == ["two", "seal", "yiyin"]


def test_answer_is_limited_and_can_be_of_one_kind(names: Store) -> None:
    assert found(names, "亿印", limit=1) == ["two"]
    assert found(names, "亿印", kinds=(SEAL,)) == ["seal"]


def test_exact_name_is_found_among_many_newer_ones(store: Store) -> None:
    """Candidates of common words are capped; the name itself must not fall under the cap."""
    with store.write() as session:
        search.index(session, UNIT, "wanted", Texts("上海银行"))
        for number in range(search._CANDIDATES + 50):
            search.index(session, UNIT, f"other-{number}", Texts(f"甲上海银行{number}"))
    assert found(store, "上海银行", limit=5)[0] == "wanted"


def test_changed_texts_replace_the_old_ones(names: Store) -> None:
    with names.write() as session:
        search.index(session, UNIT, "yiyin", Texts("北京火锅店"))
    assert found(names, "火锅") == ["yiyin"]
    assert found(names, "网络") == found(names, "5678") == found(names, "shyy") == []


def test_forgotten_thing_is_not_found(names: Store) -> None:
    with names.write() as session:
        search.forget(session, UNIT, "yiyin")
        search.forget(session, UNIT, "never there")
    assert found(names, "网络") == []


def test_index_holds_no_texts(names: Store) -> None:
    with names.read() as session:
        assert session.execute(text("SELECT words FROM search_words")).scalars().all() == [None] * 6


# ---- rows are indexed by themselves


def test_written_rows_are_found_without_anybody_indexing_them(
    store: Store, unit: Callable[..., UnitRow], order: Callable[..., OrderRow]
) -> None:
    with store.write() as session:
        session.add(unit(YIYIN, uscc="91310000MA1K35X00A"))
        session.add(order("D20260302-001", YIYIN, "亿印合同专用章"))
        session.flush()
        session.add(
            PermitRow(number="沪准20260001", order_id="order-D20260302-001", record="{}", received_at=datetime(2026, 3, 2, tzinfo=UTC))
        )
    with store.read() as session:
        everything = set(search.find(session, "亿印"))
        assert everything == {(UNIT, f"unit-{YIYIN}"), (ORDER, "order-D20260302-001"), (SEAL, "seal-D20260302-001")}
        assert search.find(session, "欧阳") == [(UNIT, f"unit-{YIYIN}")]
        assert search.find(session, "sxx") == [(ORDER, "order-D20260302-001")]
        assert search.find(session, "D20260302") == [(ORDER, "order-D20260302-001")]
        assert search.find(session, "20260001") == [(PERMIT, "沪准20260001")]
        assert search.find(session, "11010519491231002X") == []


def test_changed_and_deleted_rows_follow(store: Store, unit: Callable[..., UnitRow], order: Callable[..., OrderRow]) -> None:
    with store.write() as session:
        session.add(unit(YIYIN))
        session.add(order("D1", YIYIN, "亿印合同专用章"))
    with store.write() as session:
        session.get_one(UnitRow, f"unit-{YIYIN}").name = "北京火锅店"
        session.get_one(OrderRow, "order-D1").seals[0].seal_code = "3101040012345"
        session.get_one(OrderRow, "order-D1").handler = Person("秦叔宝", "resident_id", "11010519491231002X", "13700007777")
    assert found(store, "火锅") == [f"unit-{YIYIN}"]
    assert found(store, "2345") == ["seal-D1"]
    assert found(store, "叔宝") == found(store, "7777") == ["order-D1"]
    assert found(store, "雄信") == []
    with store.write() as session:
        session.delete(session.get_one(OrderRow, "order-D1"))
    assert found(store, "亿印") == found(store, "2345") == []
    with store.read() as session:
        assert session.execute(text("SELECT kind FROM search_subjects")).scalars().all() == [UNIT]


def test_rolled_back_rows_are_not_found(store: Store, unit: Callable[..., UnitRow]) -> None:
    with pytest.raises(LookupError), store.write() as session:
        session.add(unit(YIYIN))
        session.flush()
        raise LookupError
    assert found(store, "亿印") == []


def test_rows_changed_elsewhere_are_not_indexed_again(store: Store, unit: Callable[..., UnitRow], monkeypatch: pytest.MonkeyPatch) -> None:
    with store.write() as session:
        session.add(unit(YIYIN))
    indexed: list[str] = []
    monkeypatch.setattr(search, "index", lambda _session, _kind, subject, _texts: indexed.append(subject))
    with store.write() as session:
        session.get_one(UnitRow, f"unit-{YIYIN}").address = "别处"
    assert indexed == []


def test_rebuilt_index_answers_the_same(store: Store, unit: Callable[..., UnitRow], order: Callable[..., OrderRow]) -> None:
    with store.write() as session:
        session.add(unit(YIYIN))
        session.add(order("D1", YIYIN, "亿印合同专用章"))
    questions = ("亿印", "shyy", "5678", "D1", "网络")
    before = [set(found(store, question)) for question in questions]
    with store.write() as session:
        session.execute(text("INSERT INTO search_words (search_words) VALUES ('delete-all')"))
    assert found(store, "网络") == []
    with store.write() as session:
        assert search.rebuild(session) == 3
    assert [set(found(store, question)) for question in questions] == before


# ---- for all names

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=CHINESE, data=st.data())
def test_every_part_of_every_name_finds_it(store: Store, name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(start + 1, len(name)))
    with store.write() as session:
        search.index(session, UNIT, "this", Texts(name))
    assert found(store, name[start:end]) == ["this"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=20))
def test_nothing_that_is_typed_breaks_the_search(names: Store, typed: str) -> None:
    found(names, typed)


@pytest.mark.parametrize("character", ["单", "重", "长", "行", "乐", "曾", "仇", "解"])
def test_every_reading_of_a_character_is_indexed(character: str) -> None:
    from pypinyin import Style, pinyin

    ((*heard,),) = pinyin(character, style=Style.FIRST_LETTER, heteronym=True)
    initials = {reading[1] for reading in readings.initials(f"李{character}")}
    assert initials >= {letter for letter in heard if letter}
    assert len(initials) > 1


def test_name_without_readings_has_no_initials() -> None:
    assert readings.initials("ᠮᠣᠩ") == ()
    assert readings.initials("上") == ()


def test_number_of_readings_is_bounded() -> None:
    assert len(readings.initials("重长行乐曾单解仇")) <= 24


def test_draft_without_unit_and_handler_can_be_written_and_found(store: Store) -> None:
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    with store.write() as session:
        session.add(OrderRow(id="o", number="D7", state="order.draft", created_at=moment, created_by="u", updated_at=moment))
    assert found(store, "D7") == ["o"]
    with store.write() as session:
        session.get_one(OrderRow, "o").unit_name = YIYIN
    assert found(store, "亿印") == ["o"]


def test_older_thing_of_the_asked_kind_is_found_behind_many_others(store: Store) -> None:
    with store.write() as session:
        search.index(session, SEAL, "wanted", Texts("甲上海印章", (), ("X1",)))
        for number in range(search._CANDIDATES + 50):
            search.index(session, ORDER, f"other-{number}", Texts(f"乙上海{number}号", (), (f"X1{number}",)))
    assert found(store, "上海", kinds=(SEAL,)) == ["wanted"]
    assert found(store, "x1", kinds=(SEAL,)) == ["wanted"]
    assert found(store, "上海 x1", kinds=(SEAL,)) == ["wanted"]
