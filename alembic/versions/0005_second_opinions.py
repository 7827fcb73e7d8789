"""How many second opinions were asked for on each day.

Revision 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# What the name means at this revision; never changed once released.
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "opinion_day",
        sa.Column("day", NAME, nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_opinion_day"),
    )


def downgrade() -> None:
    op.drop_table("opinion_day")
