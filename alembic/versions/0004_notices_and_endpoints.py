"""What is owed apart from the messages in which it travels; digests; more of each try; ways and how they fare.

Revision 0004. Every delivery so far was of one event: it gets the notice that it stands for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What the names mean at this revision; never changed once released.
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.BigInteger()
TRAVELS = sa.text("delivery IS NOT NULL")
WAITING = sa.text("delivery IS NULL AND dropped IS NULL")
PENDING = sa.text("state = 'pending'")
LEASED = sa.text("leased_until IS NOT NULL")

OF_DELIVERIES = (
    "INSERT INTO notice (subscription, event_id, story, position, kind, created_at, due_at, delivery)"
    " SELECT subscription, event_id, story, position, '', created_at, created_at, id FROM delivery"
)


def upgrade() -> None:
    notices()
    for column in (
        sa.Column("kind", NAME, nullable=False, server_default="alert"),
        sa.Column("upto", WHOLE, nullable=False, server_default="0"),
        sa.Column("period_start", MOMENT),
        sa.Column("period_end", MOMENT),
        sa.Column("corrects", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("leased_at", MOMENT),
    ):
        op.add_column("delivery", column)
    op.create_index("ix_delivery_subscription_period_end", "delivery", ["subscription", "period_end"], unique=True)
    op.create_index("ix_delivery_subscription_created_at", "delivery", ["subscription", "created_at"])
    op.create_index(
        "ix_delivery_leased_until", "delivery", ["leased_until"], sqlite_where=LEASED, postgresql_where=LEASED
    )
    op.create_index("ix_delivery_position", "delivery", ["position"])
    op.create_index(
        "ix_delivery_subscription_story_upto", "delivery", ["subscription", "story", "upto"],
        sqlite_where=PENDING, postgresql_where=PENDING,
    )  # fmt: skip
    op.execute("UPDATE delivery SET upto = position")
    op.execute(OF_DELIVERIES)
    for column in (sa.Column("started_at", MOMENT), sa.Column("target", sa.Text), sa.Column("answer", sa.Text)):
        op.add_column("attempt", column)
    op.create_table(
        "endpoint",
        sa.Column("id", NAME, nullable=False),
        sa.Column("channel", NAME, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("since", MOMENT),
        sa.Column("last_ok_at", MOMENT),
        sa.Column("last_error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_endpoint"),
    )


def downgrade() -> None:
    op.drop_table("endpoint")
    for column in ("answer", "target", "started_at"):
        op.drop_column("attempt", column)
    for name in ("subscription_story_upto", "position"):
        op.drop_index(f"ix_delivery_{name}", "delivery")
    op.drop_index("ix_delivery_leased_until", "delivery")
    op.drop_index("ix_delivery_subscription_created_at", "delivery")
    op.drop_index("ix_delivery_subscription_period_end", "delivery")
    for column in ("leased_at", "corrects", "period_end", "period_start", "upto", "kind"):
        op.drop_column("delivery", column)
    op.drop_table("notice")


def notices() -> None:
    op.create_table(
        "notice",
        sa.Column("subscription", NAME, nullable=False),
        sa.Column("event_id", NAME, nullable=False),
        sa.Column("story", NAME, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("entry", NAME),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("held", NAME),
        sa.Column("delivery", NAME),
        sa.Column("dropped", sa.Text),
        sa.PrimaryKeyConstraint("subscription", "event_id", name="pk_notice"),
    )
    op.create_index("ix_notice_event_id", "notice", ["event_id"])
    op.create_index("ix_notice_delivery", "notice", ["delivery"], sqlite_where=TRAVELS, postgresql_where=TRAVELS)
    for column in ("due_at", "subscription"):
        op.create_index(f"ix_notice_{column}", "notice", [column], sqlite_where=WAITING, postgresql_where=WAITING)
