"""The tables of what is owed to whom, and how it was sent."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from tracker.adapters.sql.columns import NAME, WHOLE, Moment, Words
from tracker.adapters.sql.metadata import metadata, where

# That a subscription is owed an event; written in the transaction of the event. It travels in the message `delivery`,
# which is null while it waits: until `due_at` somebody wants to be left alone (`held`: group, quiet or digest).
# `dropped`: why it is never sent.
notice = Table(
    "notice",
    metadata,
    Column("subscription", NAME, primary_key=True),
    Column("event_id", NAME, primary_key=True),
    Column("story", NAME, nullable=False),
    Column("position", WHOLE, nullable=False),
    Column("entry", NAME),
    Column("kind", NAME, nullable=False, default=""),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("held", NAME),
    Column("delivery", NAME),
    Column("dropped", Words),
    Index(None, "event_id"),
    Index(None, "delivery", **where("delivery IS NOT NULL")),
    Index(None, "due_at", **where("delivery IS NULL AND dropped IS NULL")),
    Index(None, "subscription", **where("delivery IS NULL AND dropped IS NULL")),
)

# A message: the first notice in it gives it its id, event and position. `upto`: the position of the log as of which it
# is written. A digest is of one period, and there is one of it. One that `corrects` goes after those before it.
delivery = Table(
    "delivery",
    metadata,
    Column("id", NAME, primary_key=True),
    Column("subscription", NAME, nullable=False),
    Column("event_id", NAME, nullable=False),
    Column("story", NAME, nullable=False),
    Column("position", WHOLE, nullable=False),
    Column("kind", NAME, nullable=False, default="alert"),
    Column("upto", WHOLE, nullable=False, default=0),
    Column("period_start", Moment),
    Column("period_end", Moment),
    Column("corrects", Boolean, nullable=False, default=False),
    Column("state", NAME, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_error", Words),
    Column("delivered_at", Moment),
    Column("token", Integer, nullable=False),
    Column("leased_at", Moment),
    Column("leased_until", Moment),
    UniqueConstraint("subscription", "event_id"),
    Index(None, "state", "due_at"),
    Index(None, "position"),
    Index(None, "subscription", "story", "upto", **where("state = 'pending'")),
    Index(None, "leased_until", **where("leased_until IS NOT NULL")),
    Index("ix_delivery_subscription_period_end", "subscription", "period_end", unique=True),
    Index("ix_delivery_subscription_created_at", "subscription", "created_at"),
)

# How a try ended. `answer`: what the other side said, its first 20 kB; `started_at` is null in rows of old.
attempt = Table(
    "attempt",
    metadata,
    Column("id", WHOLE, primary_key=True),
    Column("delivery", NAME, ForeignKey("delivery.id"), nullable=False),
    Column("started_at", Moment),
    Column("ended_at", Moment, nullable=False),
    Column("outcome", NAME, nullable=False),
    Column("code", Integer),
    Column("detail", Words, nullable=False),
    Column("target", Words),
    Column("answer", Words),
    Index(None, "delivery"),
)

# A way to somebody: the mail server is one, and so is each webhook's address. `since`: the first of the failures in a
# row.
endpoint = Table(
    "endpoint",
    metadata,
    Column("id", NAME, primary_key=True),
    Column("channel", NAME, nullable=False),
    Column("target", Words, nullable=False),
    Column("state", NAME, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("since", Moment),
    Column("last_ok_at", Moment),
    Column("last_error", Words),
)
