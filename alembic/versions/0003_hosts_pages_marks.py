"""Sources with options, pace and troubles; hosts; pages of entries; marks and quarantine; sightings in their order.

Revision 0003. Sightings get numbers in the order in which they came, as far as their times tell it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# What the names mean at this revision; never changed once released.
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.BigInteger()

HOSTS = sa.text("SELECT id, url FROM feed")


def upgrade() -> None:
    feed_columns()
    op.create_table(
        "host",
        sa.Column("name", NAME, nullable=False),
        sa.Column("free_at", MOMENT, nullable=False),
        sa.Column("asked_until", MOMENT),
        sa.PrimaryKeyConstraint("name", name="pk_host"),
    )
    move_sightings(numbered)
    op.create_table(
        "mark",
        sa.Column("story", NAME, nullable=False),
        sa.Column("sighting", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("story", name="pk_mark"),
    )
    op.create_table(
        "quarantine",
        sa.Column("entry", NAME, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("restless_at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("entry", name="pk_quarantine"),
    )
    removals()
    op.add_column("entry_version", sa.Column("turns", sa.Integer, nullable=False, server_default="0"))
    op.add_column("entry_version", sa.Column("muted", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "page",
        sa.Column("entry", NAME, nullable=False),
        sa.Column("feed", NAME, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("host", NAME, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("read_at", MOMENT),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("body_hash", sa.Text),
        sa.Column("length", sa.Integer),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_error", sa.Text),
        sa.PrimaryKeyConstraint("entry", name="pk_page"),
    )
    op.create_index("ix_page_due_at", "page", ["due_at"])


def removals() -> None:
    op.create_table(
        "removal",
        sa.Column("entry", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("page", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("entry", name="pk_removal"),
    )
    op.create_index("ix_removal_at", "removal", ["at"])
    op.create_table(
        "told",
        sa.Column("entry", NAME, nullable=False),
        sa.Column("story", NAME, nullable=False),
        sa.PrimaryKeyConstraint("entry", "story", name="pk_told"),
    )


def downgrade() -> None:
    for table in ("page", "told", "removal", "quarantine", "mark", "host"):
        op.drop_table(table)
    with op.batch_alter_table("entry_version") as versions:
        versions.drop_column("muted")
        versions.drop_column("turns")
    move_sightings(plain)
    with op.batch_alter_table("feed") as feed:
        for column in more_of_a_feed():
            feed.drop_column(str(column.name))


def feed_columns() -> None:
    for column in more_of_a_feed():
        op.add_column("feed", column)
    bind = op.get_bind()
    named = [{"of": row.id, "host": host_of(row.url)} for row in bind.execute(HOSTS).all()]
    if named:
        bind.execute(sa.text("UPDATE feed SET host = :host WHERE id = :of"), named)


def more_of_a_feed() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("options", sa.Text),
        sa.Column("folder", sa.Text),
        sa.Column("checked_at", MOMENT),
        sa.Column("document_at", MOMENT),
        sa.Column("last_new_at", MOMENT),
        sa.Column("brought", sa.Integer, nullable=False, server_default="0"),
        sa.Column("interval", sa.Float),
        sa.Column("gap", sa.Float),
        sa.Column("ttl", sa.Float),
        sa.Column("criterion", NAME),
        sa.Column("trouble", NAME),
        sa.Column("silent", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("moved_to", sa.Text),
        sa.Column("moves", sa.Integer, nullable=False, server_default="0"),
        sa.Column("moved_since", MOMENT),
        sa.Column("host", NAME, nullable=False, server_default=""),
    )


def host_of(url: str) -> str:
    rest = url.partition("://")[2].lower()
    for end in "/?#":
        rest = rest.partition(end)[0]
    bracketed = rest.startswith("[")
    return rest[1:].partition("]")[0] if bracketed else rest.partition(":")[0]


def move_sightings(make: Any) -> None:
    """Put a table of another shape in the place of the old one, its rows in the order in which they came."""
    op.rename_table("sighting", "sighting_old")
    if op.get_bind().dialect.name == "postgresql":
        # There the names are known beyond their table.
        op.execute("ALTER TABLE sighting_old RENAME CONSTRAINT pk_sighting TO pk_sighting_old")
    make()
    op.drop_table("sighting_old")


def numbered() -> None:
    op.create_table(
        "sighting",
        sa.Column("number", WHOLE, nullable=False),
        *what_was_seen(),
        sa.Column("page", sa.Boolean, nullable=False),
        sa.Column("own", sa.Boolean, nullable=False),
        sa.Column("missing_at", MOMENT),
        sa.PrimaryKeyConstraint("number", name="pk_sighting"),
        sa.UniqueConstraint("entry", "version", "feed", "page", name="uq_sighting_entry_version_feed_page"),
        sqlite_autoincrement=True,
    )
    op.execute(
        "INSERT INTO sighting (entry, version, feed, page, own, first_seen, last_seen, baseline)"
        " SELECT entry, version, feed, false, true, first_seen, last_seen, baseline FROM sighting_old"
        " ORDER BY first_seen, entry, version, feed"
    )
    op.create_index("ix_sighting_feed_last_seen", "sighting", ["feed", "last_seen"])
    missing = sa.text("missing_at IS NOT NULL")
    op.create_index(
        "ix_sighting_missing_at", "sighting", ["missing_at"], sqlite_where=missing, postgresql_where=missing
    )


def plain() -> None:
    op.create_table(
        "sighting", *what_was_seen(), sa.PrimaryKeyConstraint("entry", "version", "feed", name="pk_sighting")
    )
    op.execute(
        "INSERT INTO sighting (entry, version, feed, first_seen, last_seen, baseline)"
        " SELECT entry, version, feed, min(first_seen), max(last_seen),"
        " min(CASE WHEN baseline THEN 1 ELSE 0 END) = 1 FROM sighting_old GROUP BY entry, version, feed"
    )


def what_was_seen() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("entry", NAME, nullable=False),
        sa.Column("version", NAME, nullable=False),
        sa.Column("feed", NAME, nullable=False),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        sa.Column("baseline", sa.Boolean, nullable=False),
    )
