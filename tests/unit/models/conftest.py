"""A store of its own for each test, and rows as the business writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sealdesk.domain.units import Person
from sealdesk.models.audit import AuditRow
from sealdesk.models.database import Store
from sealdesk.models.orders import OrderRow, SealRow
from sealdesk.models.units import UnitRow

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def key() -> bytes:
    return bytes(range(32))


@pytest.fixture
def store(tmp_path: Path, key: bytes) -> Iterator[Store]:
    opened = Store.open(tmp_path / "home" / "store.db", key)
    yield opened
    opened.close()


@pytest.fixture
def unit() -> Callable[..., UnitRow]:
    """A unit by its name."""

    def make(name: str, **facts: str) -> UnitRow:
        principal = Person("欧阳静", "resident_id", "11010519491231002X", "13812345678")
        values = {"id": f"unit-{name}", "kind": "02", "area_code": "310104", "address": "漕溪路 1 号", **facts}
        return UnitRow(name=name, principal=principal, updated_at=NOON, **values)

    return make


@pytest.fixture
def order() -> Callable[..., OrderRow]:
    """An order by its number, with one seal."""

    def make(number: str, unit_name: str = "", seal_name: str = "合同专用章") -> OrderRow:
        row = OrderRow(
            id=f"order-{number}",
            number=number,
            state="order.draft",
            unit_name=unit_name,
            handler=Person("单雄信", "resident_id", "110105194912310021", "13900001111"),
            created_at=NOON,
            created_by="user-1",
            updated_at=NOON,
        )
        row.seals.append(
            SealRow(
                id=f"seal-{number}",
                position=1,
                state="seal.registered",
                seal_type="04",
                name=seal_name,
                template="contract",
                face_fields={"name": seal_name},
                product_id="seal.copper",
                carrier="physical",
            )
        )
        return row

    return make


@pytest.fixture
def audit_row() -> Callable[[int], AuditRow]:
    """A row of the audit trail by its number."""

    def make(seq: int) -> AuditRow:
        return AuditRow(
            seq=seq,
            at=NOON,
            actor_id="user-1",
            actor_name="甲",
            command="SaveDraft",
            arguments={},
            subject="order-1",
            result="done",
            previous="0" * 64,
            hash=f"{seq:064x}",
        )

    return make
