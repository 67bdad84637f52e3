"""The first schema: all tables, the audit trail's triggers and the search index's virtual tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# The column types of that time, spelt out: a step must not change when the program's types do.
_MOMENT = sa.String(length=24)
_JSON = sa.Text()


def upgrade() -> None:
    """Make everything."""
    _create_audit()
    _create_facts()
    _create_outbox()
    _create_search_subjects()
    _create_units()
    _create_users()
    _create_orders()
    _create_search_codes()
    _create_user_keys()
    _create_deliveries()
    _create_goods()
    _create_permits()
    _create_proofs()
    _create_seals()
    _create_burns()
    _create_templates()
    _guard_audit()
    _create_search()


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=False),
        sa.Column("actor_name", sa.String(length=60), nullable=False),
        sa.Column("command", sa.String(length=60), nullable=False),
        sa.Column("arguments", _JSON, nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("before", sa.String(length=40), nullable=False),
        sa.Column("after", sa.String(length=40), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_hash")),
    )
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"], unique=False)


def _create_facts() -> None:
    op.create_table(
        "facts",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_facts")),
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("body", _JSON, nullable=False),
        sa.Column("attachments", _JSON, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", _MOMENT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(op.f("ix_outbox_state"), "outbox", ["state"], unique=False)
    op.create_index(op.f("ix_outbox_subject"), "outbox", ["subject"], unique=False)


def _create_search_subjects() -> None:
    op.create_table(
        "search_subjects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_subjects")),
        sa.UniqueConstraint("kind", "subject_id", name="uq_search_subjects_subject"),
    )
    op.create_index("ix_search_subjects_title", "search_subjects", ["title"], unique=False)


def _create_units() -> None:
    op.create_table(
        "units",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=17), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_minority", sa.String(length=120), nullable=False),
        sa.Column("name_english", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=2), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("registration_number", sa.String(length=15), nullable=False),
        sa.Column("area_code", sa.String(length=6), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("principal_name", sa.String(length=60), nullable=False),
        sa.Column("principal_document_kind", sa.String(length=30), nullable=False),
        sa.Column("principal_document_number", sa.String(length=30), nullable=False),
        sa.Column("principal_phone", sa.String(length=30), nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("name", name=op.f("uq_units_name")),
    )
    op.create_index(op.f("ix_units_uscc"), "units", ["uscc"], unique=False)


def _create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("display_name", sa.String(length=60), nullable=False),
        sa.Column("shop_name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("permissions", _JSON, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("last_seen_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("name", name=op.f("uq_users_name")),
    )


def _create_orders() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=True),
        sa.Column("unit_name", sa.String(length=120), nullable=False),
        sa.Column("handler_name", sa.String(length=60), nullable=False),
        sa.Column("handler_document_kind", sa.String(length=30), nullable=False),
        sa.Column("handler_document_number", sa.String(length=30), nullable=False),
        sa.Column("handler_phone", sa.String(length=30), nullable=False),
        sa.Column("draft", _JSON, nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("submitted_at", _MOMENT, nullable=True),
        sa.Column("due_on", sa.String(length=10), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_orders_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
    )
    op.create_index("ix_orders_state_updated", "orders", ["state", "updated_at"], unique=False)
    op.create_index(op.f("ix_orders_unit_id"), "orders", ["unit_id"], unique=False)


def _create_search_codes() -> None:
    op.create_table(
        "search_codes",
        sa.Column("term", sa.String(length=41), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject"], ["search_subjects.id"], name=op.f("fk_search_codes_subject_search_subjects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("term", "subject", name=op.f("pk_search_codes")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_codes_subject", "search_codes", ["subject", "term"], unique=False)


def _create_user_keys() -> None:
    op.create_table(
        "user_keys",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("bound_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_keys_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_user_keys")),
    )
    op.create_index(op.f("ix_user_keys_user_id"), "user_keys", ["user_id"], unique=False)


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("collector_name", sa.String(length=60), nullable=False),
        sa.Column("collector_document_kind", sa.String(length=30), nullable=False),
        sa.Column("collector_document_number", sa.String(length=30), nullable=False),
        sa.Column("collector_phone", sa.String(length=30), nullable=False),
        sa.Column("authorisation", sa.String(length=64), nullable=False),
        sa.Column("seal_ids", _JSON, nullable=False),
        sa.Column("burned", _JSON, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("delivered_at", _MOMENT, nullable=False),
        sa.Column("delivered_by", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_deliveries_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("number", name=op.f("uq_deliveries_number")),
    )
    op.create_index(op.f("ix_deliveries_order_id"), "deliveries", ["order_id"], unique=False)


def _create_goods() -> None:
    op.create_table(
        "goods",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.String(length=60), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_goods_order_id_orders"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods")),
    )
    op.create_index(op.f("ix_goods_order_id"), "goods", ["order_id"], unique=False)


def _create_permits() -> None:
    op.create_table(
        "permits",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("order_id", sa.String(length=36), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("countersignature", sa.Text(), nullable=False),
        sa.Column("countersigned_at", _MOMENT, nullable=True),
        sa.Column("countersigned_by", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_permits_order_id_orders")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_permits")),
        sa.UniqueConstraint("order_id", name=op.f("uq_permits_order_id")),
    )


def _create_proofs() -> None:
    op.create_table(
        "proofs",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("attachment_id", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_proofs_order_id_orders"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proofs")),
    )
    op.create_index(op.f("ix_proofs_attachment_id"), "proofs", ["attachment_id"], unique=False)
    op.create_index(op.f("ix_proofs_order_id"), "proofs", ["order_id"], unique=False)


def _create_seals() -> None:
    op.create_table(
        "seals",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("seal_type", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("template", sa.String(length=80), nullable=False),
        sa.Column("face_fields", _JSON, nullable=False),
        sa.Column("face_spec", _JSON, nullable=True),
        sa.Column("width_mm", sa.Float(), nullable=False),
        sa.Column("height_mm", sa.Float(), nullable=False),
        sa.Column("product_id", sa.String(length=60), nullable=False),
        sa.Column("carrier", sa.String(length=10), nullable=False),
        sa.Column("material", sa.String(length=30), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("seal_code", sa.String(length=19), nullable=False),
        sa.Column("exported_at", _MOMENT, nullable=True),
        sa.Column("made_at", _MOMENT, nullable=True),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("signed_at", _MOMENT, nullable=True),
        sa.Column("signed_record", sa.Text(), nullable=False),
        sa.Column("delivered_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_seals_order_id_orders"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seals")),
    )
    op.create_index(op.f("ix_seals_order_id"), "seals", ["order_id"], unique=False)
    op.create_index(op.f("ix_seals_seal_code"), "seals", ["seal_code"], unique=False)
    op.create_index("ix_seals_state_type", "seals", ["state", "seal_type"], unique=False)


def _create_burns() -> None:
    op.create_table(
        "burns",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("seal_id", sa.String(length=36), nullable=False),
        sa.Column("chip_serial", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("steps", _JSON, nullable=False),
        sa.Column("public_point", sa.String(length=130), nullable=False),
        sa.Column("certificates", _JSON, nullable=True),
        sa.Column("card_pin", sa.String(length=32), nullable=False),
        sa.Column("spoiled_reason", sa.Text(), nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("started_by", sa.String(length=36), nullable=False),
        sa.Column("finished_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["seal_id"], ["seals.id"], name=op.f("fk_burns_seal_id_seals")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_burns")),
    )
    op.create_index(op.f("ix_burns_seal_id"), "burns", ["seal_id"], unique=False)
    op.create_index("uq_burns_chip_live", "burns", ["chip_serial"], unique=True, sqlite_where=sa.text("state <> 'spoiled'"))
    op.create_index("uq_burns_seal_live", "burns", ["seal_id"], unique=True, sqlite_where=sa.text("state <> 'spoiled'"))


def _create_templates() -> None:
    op.create_table(
        "chosen_templates",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chosen_templates")),
    )
    op.create_table(
        "local_templates",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("seal_type", sa.String(length=2), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=160), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("added_by", sa.String(length=36), nullable=False),
        sa.Column("retired_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_templates")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_local_templates_name")),
    )
    op.create_index(op.f("ix_local_templates_seal_type"), "local_templates", ["seal_type"], unique=False)


def _guard_audit() -> None:
    """Refuse to change, delete or replace a row (REPLACE deletes without asking delete triggers)."""
    op.execute(
        "CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END"
    )
    op.execute(
        "CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is never shortened'); END"
    )
    op.execute(
        "CREATE TRIGGER audit_refuses_replace BEFORE INSERT ON audit"
        " WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq OR hash = NEW.hash)"
        " BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END"
    )


def _create_search() -> None:
    """A contentless table: it holds terms, not texts."""
    op.execute(
        "CREATE VIRTUAL TABLE search_words USING fts5(words, content='', contentless_delete=1,"
        " tokenize='unicode61 remove_diacritics 0', prefix='1')"
    )
    # Rows that a CASCADE deletes are seen by nobody but a trigger.
    for table, kind, key in (("units", "unit", "id"), ("orders", "order", "id"), ("seals", "seal", "id"), ("permits", "permit", "number")):
        subject = f"kind = '{kind}' AND subject_id = OLD.{key}"
        op.execute(
            f"CREATE TRIGGER {table}_leave_search AFTER DELETE ON {table} BEGIN"
            f" DELETE FROM search_words WHERE rowid = (SELECT id FROM search_subjects WHERE {subject});"
            # Not by CASCADE, which is off while a step runs.
            f" DELETE FROM search_codes WHERE subject = (SELECT id FROM search_subjects WHERE {subject});"
            f" DELETE FROM search_subjects WHERE {subject}; END"
        )
