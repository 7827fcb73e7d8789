"""The log with its guards, the archive, the sources, the views and the outbox.

Revision 0001, the first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# What the names mean at this revision; never changed once released.
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.BigInteger()

GUARDS = {
    "sqlite": (
        "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the log only grows'); END",
        "CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the log only grows'); END",
    ),
    "postgresql": (
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the log only grows'; END $$
        """,
        "CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event EXECUTE FUNCTION refuse_change()",
    ),
}


def upgrade() -> None:
    log()
    outbox()
    archive()
    sources()
    views()


def downgrade() -> None:
    for table in (
        "view", "checkpoint", "judgement", "sighting", "entry_version", "feed", "attempt", "delivery", "event",
        "stream", "log",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def log() -> None:
    head = op.create_table(
        "log",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_log"),
    )
    op.bulk_insert(head, [{"id": 1, "position": 0, "recorded_at": 0}])
    op.create_table(
        "stream",
        sa.Column("stream", NAME, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("stream", name="pk_stream"),
    )
    op.create_table(
        "event",
        sa.Column("position", WHOLE, autoincrement=False, nullable=False),
        sa.Column("stream", NAME, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("type", NAME, nullable=False),
        sa.Column("schema", sa.Integer, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("causation", sa.Text),
        sa.Column("published_at", MOMENT),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_event"),
        sa.UniqueConstraint("stream", "version", name="uq_event_stream_version"),
        sa.UniqueConstraint("id", name="uq_event_id"),
    )
    op.create_index("ix_event_stream_position", "event", ["stream", "position"])
    op.create_index("ix_event_recorded_at_position", "event", ["recorded_at", "position"])
    for guard in GUARDS[op.get_bind().dialect.name]:
        op.execute(guard)


def outbox() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", NAME, nullable=False),
        sa.Column("subscription", NAME, nullable=False),
        sa.Column("event_id", NAME, nullable=False),
        sa.Column("story", NAME, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_error", sa.Text),
        sa.Column("delivered_at", MOMENT),
        sa.Column("token", sa.Integer, nullable=False),
        sa.Column("leased_until", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("subscription", "event_id", name="uq_delivery_subscription_event_id"),
    )
    op.create_index("ix_delivery_state_due_at", "delivery", ["state", "due_at"])
    op.create_table(
        "attempt",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("delivery", NAME, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("outcome", NAME, nullable=False),
        sa.Column("code", sa.Integer),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.id"], name="fk_attempt_delivery"),
    )
    op.create_index("ix_attempt_delivery", "attempt", ["delivery"])


def archive() -> None:
    op.create_table(
        "entry_version",
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("entry", NAME, nullable=False),
        sa.Column("version", NAME, nullable=False),
        sa.Column("place", NAME),
        sa.Column("published", MOMENT),
        sa.Column("seen", MOMENT, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_entry_version"),
        sa.UniqueConstraint("entry", "version", name="uq_entry_version_entry_version"),
    )
    op.create_index("ix_entry_version_place", "entry_version", ["place"])
    op.create_table(
        "sighting",
        sa.Column("entry", NAME, nullable=False),
        sa.Column("version", NAME, nullable=False),
        sa.Column("feed", NAME, nullable=False),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        sa.Column("baseline", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("entry", "version", "feed", name="pk_sighting"),
    )
    op.create_table(
        "judgement",
        sa.Column("story", NAME, nullable=False),
        sa.Column("entry", NAME, nullable=False),
        sa.Column("version", NAME, nullable=False),
        sa.Column("relevant", sa.Boolean, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("judge", sa.Text, nullable=False),
        sa.Column("judged_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("story", "entry", "version", name="pk_judgement"),
    )


def sources() -> None:
    op.create_table(
        "feed",
        sa.Column("id", NAME, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("story", NAME),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("body_hash", sa.Text),
        sa.Column("imported", sa.Boolean, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_ok_at", MOMENT),
        sa.Column("last_error", sa.Text),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.Column("removed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
    )
    op.create_index("ix_feed_due_at", "feed", ["due_at"])


def views() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("projection", NAME, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("projection", name="pk_checkpoint"),
    )
    op.create_table(
        "view",
        sa.Column("projection", NAME, nullable=False),
        sa.Column("partition", NAME, nullable=False),
        sa.Column("key", NAME, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("projection", "partition", "key", name="pk_view"),
    )
