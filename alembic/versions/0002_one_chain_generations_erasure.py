"""One hash chain through the whole log, with salted digests; generations of views; dead letters; erasures.

Revision 0002. The chain is computed anew over the events as they stand: a head that was noted before does not compare
with one noted after. Views are emptied and made again from the log.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What the names mean at this revision; never changed once released.
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.BigInteger()

Events = Iterator[dict[str, Any]]
PAGE = 1000
HEADER = (
    "position", "stream", "version", "id", "type", "schema", "actor", "causation", "published_at", "recorded_at",
)  # fmt: skip
DROP_GUARDS = {
    "sqlite": ("DROP TRIGGER event_no_update", "DROP TRIGGER event_no_delete"),
    "postgresql": (
        "DROP TRIGGER event_no_change ON event",
        "DROP TRIGGER event_no_truncate ON event",
        "DROP FUNCTION refuse_change()",
    ),
}
# An erasure changes `data` and takes the salt (two may meet in one event); nothing else ever changes.
SAME = " AND ".join(f"NEW.{name} IS {{}} OLD.{name}" for name in (*HEADER, "digest", "hash"))
ERASES = "NEW.salt IS NULL AND " + SAME
GUARDS = {
    "sqlite": (
        f"""
        CREATE TRIGGER event_no_update BEFORE UPDATE ON event WHEN NOT ({ERASES.replace("{} ", "")})
        BEGIN SELECT RAISE(ABORT, 'the log only grows'); END
        """,
        "CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the log only grows'); END",
    ),
    "postgresql": (
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the log only grows'; END $$
        """,
        f"""
        CREATE TRIGGER event_no_update BEFORE UPDATE ON event FOR EACH ROW
        WHEN (NOT ({ERASES.replace("{}", "NOT DISTINCT FROM")})) EXECUTE FUNCTION refuse_change()
        """,
        "CREATE TRIGGER event_no_delete BEFORE DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event EXECUTE FUNCTION refuse_change()",
    ),
}
OLD_GUARDS = {
    "sqlite": (
        "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the log only grows'); END",
        GUARDS["sqlite"][1],
    ),
    "postgresql": (
        GUARDS["postgresql"][0],
        "CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        GUARDS["postgresql"][3],
    ),
}
DROP_NEW_GUARDS = {
    "sqlite": DROP_GUARDS["sqlite"],
    "postgresql": (
        "DROP TRIGGER event_no_update ON event",
        "DROP TRIGGER event_no_delete ON event",
        *DROP_GUARDS["postgresql"][1:],
    ),
}
# Whoever follows the log is told at once that it has grown; a hint, which costs the writer no round trip.
WAKE = {
    "sqlite": (),
    "postgresql": (
        """
        CREATE FUNCTION tell_followers() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NOTIFY tracker_log; RETURN NULL; END $$
        """,
        "CREATE TRIGGER log_grows AFTER UPDATE ON log FOR EACH ROW EXECUTE FUNCTION tell_followers()",
    ),
}
DROP_WAKE = {"sqlite": (), "postgresql": ("DROP TRIGGER log_grows ON log", "DROP FUNCTION tell_followers()")}


def upgrade() -> None:
    run(DROP_GUARDS)
    op.drop_index("ix_event_stream_position", "event")
    op.drop_index("ix_event_recorded_at_position", "event")
    move_events(digested, sa.Column("salt", sa.Text), sa.Column("digest", sa.Text, nullable=False))
    op.drop_table("stream")
    run(GUARDS)
    run(WAKE)
    erasures()
    views_with_generations()


def downgrade() -> None:
    op.drop_table("dead_letter")
    plain_views()
    op.drop_table("erasure")
    run(DROP_WAKE)
    run(DROP_NEW_GUARDS)
    move_events(chained_by_stream)
    op.create_index("ix_event_stream_position", "event", ["stream", "position"])
    op.create_index("ix_event_recorded_at_position", "event", ["recorded_at", "position"])
    op.create_table(
        "stream",
        sa.Column("stream", NAME, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("stream", name="pk_stream"),
    )
    op.execute("INSERT INTO stream (stream, version) SELECT stream, max(version) FROM event GROUP BY stream")
    run(OLD_GUARDS)


def erasures() -> None:
    """Make the table; a log that was here before, and was taken back, may tell of erasures."""
    table = op.create_table(
        "erasure",
        sa.Column("entry", NAME, nullable=False),
        sa.Column("erased_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("entry", name="pk_erasure"),
    )
    told = sa.text("SELECT data, recorded_at FROM event WHERE type = 'entry.erased' ORDER BY position DESC")
    known = {json.loads(row.data)["entry"]: row.recorded_at for row in op.get_bind().execute(told)}
    if known:
        op.bulk_insert(table, [{"entry": entry, "erased_at": at} for entry, at in known.items()])


def run(statements: dict[str, tuple[str, ...]]) -> None:
    for statement in statements[op.get_bind().dialect.name]:
        op.execute(statement)


def move_events(change: Callable[[Events], Events], *more: sa.Column[Any]) -> None:
    """Put a table of another shape in the place of the old one, with every event changed."""
    bind = op.get_bind()
    op.rename_table("event", "event_old")
    if bind.dialect.name == "postgresql":
        # There the names are known beyond their table.
        for name in ("pk_event", "uq_event_stream_version", "uq_event_id"):
            op.execute(f"ALTER TABLE event_old RENAME CONSTRAINT {name} TO {name}_old")
    put = sa.insert(event_table(*more))
    events = change(old_events(bind))
    while page := list(islice(events, PAGE)):
        bind.execute(put, page)
    op.drop_table("event_old")


def event_table(*more: sa.Column[Any]) -> sa.Table:
    return op.create_table(
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
        *more,
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_event"),
        sa.UniqueConstraint("stream", "version", name="uq_event_stream_version"),
        sa.UniqueConstraint("id", name="uq_event_id"),
    )


def old_events(bind: sa.Connection) -> Events:
    """Yield the events in order, a page in memory at a time."""
    event, after = sa.table("event_old", *map(sa.column, (*HEADER, "data"))), -1
    page = sa.select(event).where(event.c.position > sa.bindparam("after")).order_by(event.c.position).limit(PAGE)
    while found := bind.execute(page, {"after": after}).mappings().all():
        yield from map(dict, found)
        after = found[-1]["position"]


def digested(events: Events) -> Events:
    """Give each event its salt, its digest, and its hash in the chain of the whole log."""
    previous = ""
    for row in events:
        salt = secrets.token_hex(16)
        digest = sha256(salt + row["data"])
        previous = sha256(previous + canonical({name: row[name] for name in HEADER} | {"digest": digest}))
        yield row | {"salt": salt, "digest": digest, "hash": previous}


def chained_by_stream(events: Events) -> Events:
    """Give each event the hash that revision 0001 chains within its stream."""
    tips: dict[str, str] = {}
    for row in events:
        # `data` is canonical and "data" sorts right behind "causation": put in as it is, byte for byte.
        whole = canonical({name: row[name] for name in HEADER} | {"data": 0})
        document = whole.replace('"data":0', f'"data":{row["data"]}', 1)
        tips[row["stream"]] = sha256(tips.get(row["stream"], "") + document)
        yield row | {"hash": tips[row["stream"]]}


def canonical(document: dict[str, Any]) -> str:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def views_with_generations() -> None:
    op.drop_table("view")
    op.drop_table("checkpoint")
    op.create_table(
        "checkpoint",
        sa.Column("projection", NAME, nullable=False),
        sa.Column("generation", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("folds", sa.Integer, nullable=False),
        sa.Column("begun", WHOLE, nullable=False),
        sa.Column("live", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("projection", "generation", name="pk_checkpoint"),
    )
    op.create_table(
        "dead_letter",
        sa.Column("projection", NAME, nullable=False),
        sa.Column("generation", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("position", WHOLE, autoincrement=False, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("projection", "generation", "position", name="pk_dead_letter"),
    )
    op.create_table(
        "view",
        sa.Column("projection", NAME, nullable=False),
        sa.Column("generation", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("partition", NAME, nullable=False),
        sa.Column("key", NAME, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("projection", "generation", "partition", "key", name="pk_view"),
    )


def plain_views() -> None:
    op.drop_table("view")
    op.drop_table("checkpoint")
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
