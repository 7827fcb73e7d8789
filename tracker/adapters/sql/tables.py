"""The tables. Times are microseconds in UTC, documents are canonical JSON in TEXT (jsonb would change their bytes)."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, Table, Text, UniqueConstraint

from tracker.adapters.sql.columns import NAME, WHOLE, Moment, Words
from tracker.adapters.sql.metadata import metadata, where
from tracker.adapters.sql.outbox_tables import attempt, delivery, endpoint, notice

__all__ = [
    "attempt", "checkpoint", "dead_letter", "delivery", "endpoint", "entry_version", "erasure", "event", "feed", "host",
    "judgement", "log", "mark", "metadata", "notice", "opinion_day", "page", "quarantine", "removal", "sighting",
    "told", "view",
]  # fmt: skip

# One row. Its lock is held until the commit, so positions have no gaps and follow the order of the commits.
log = Table(
    "log",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", WHOLE, nullable=False),
    Column("recorded_at", Moment, nullable=False),
)

# Append-only: triggers refuse DELETE, and every UPDATE but the erasure of a text, which takes the salt away.
# `digest` is of salt and data, `hash` chains header and digest to the event before: see `chain`. A stream is read in
# the order of its versions, which is that of its positions; times follow positions, too. Neither needs an index.
event = Table(
    "event",
    metadata,
    Column("position", WHOLE, primary_key=True, autoincrement=False),
    Column("stream", NAME, nullable=False),
    Column("version", Integer, nullable=False),
    Column("id", NAME, nullable=False),
    Column("type", NAME, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("actor", Text, nullable=False),
    Column("causation", Text),
    Column("published_at", Moment),
    Column("recorded_at", Moment, nullable=False),
    Column("data", Text, nullable=False),
    Column("salt", Text),
    Column("digest", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("stream", "version"),
    UniqueConstraint("id"),
)

# A removed source keeps its row, since the entries that it brought still belong to its story.
feed = Table(
    "feed",
    metadata,
    Column("id", NAME, primary_key=True),
    Column("url", Text, nullable=False),
    Column("name", Words),
    Column("story", NAME),
    Column("added_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", Text),
    Column("imported", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("last_ok_at", Moment),
    Column("last_error", Words),
    Column("gone", Boolean, nullable=False),
    Column("options", Text),
    Column("folder", Words),
    Column("checked_at", Moment),
    Column("document_at", Moment),
    Column("last_new_at", Moment),
    Column("brought", Integer, nullable=False, default=0),
    Column("interval", Float),
    Column("gap", Float),
    Column("ttl", Float),
    Column("criterion", NAME),
    Column("trouble", NAME),
    Column("silent", Boolean, nullable=False, default=False),
    Column("moved_to", Text),
    Column("moves", Integer, nullable=False, default=0),
    Column("moved_since", Moment),
    Column("host", NAME, nullable=False, default=""),
    Column("removed", Boolean, nullable=False),
    Index(None, "due_at"),
)

# From when a host may be asked again. `asked_until`: somebody asks it now, and is given up for dead at that moment.
host = Table(
    "host",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("free_at", Moment, nullable=False),
    Column("asked_until", Moment),
)

# `place` digests the canonical address and the title: ids that share one may be the same item. `turns` counts how often
# the version came back after another had taken its place; one that is `muted` came back in quarantine, and what was
# judged of it before stands until the quarantine ends.
entry_version = Table(
    "entry_version",
    metadata,
    Column("number", WHOLE, primary_key=True),
    Column("entry", NAME, nullable=False),
    Column("version", NAME, nullable=False),
    Column("place", NAME),
    Column("published", Moment),
    Column("seen", Moment, nullable=False),
    Column("turns", Integer, nullable=False, default=0),
    Column("muted", Boolean, nullable=False, default=False),
    Column("data", Text, nullable=False),
    UniqueConstraint("entry", "version"),
    Index(None, "place"),
)

# `page`: the version was read off the entry's own page, to which the feed led. `own`: it came under the entry's own id,
# and not as a twin of another's. `missing_at`: since when the feed shows
# the entry no more although it shows older ones. A story's mark tells up to which number it has judged what it hears:
# so no number is given twice, and they are given in the order of the commits.
sighting = Table(
    "sighting",
    metadata,
    Column("number", WHOLE, primary_key=True),
    Column("entry", NAME, nullable=False),
    Column("version", NAME, nullable=False),
    Column("feed", NAME, nullable=False),
    Column("page", Boolean, nullable=False, default=False),
    Column("own", Boolean, nullable=False, default=True),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("baseline", Boolean, nullable=False),
    Column("missing_at", Moment),
    UniqueConstraint("entry", "version", "feed", "page"),
    Index(None, "feed", "last_seen"),
    Index(None, "missing_at", **where("missing_at IS NOT NULL")),
    sqlite_autoincrement=True,
)

mark = Table(
    "mark",
    metadata,
    Column("story", NAME, primary_key=True),
    Column("sighting", WHOLE, nullable=False),
)

# An entry whose words change again and again: its versions are kept, and judged no more until some time after
# `restless_at`, when the last change came.
quarantine = Table(
    "quarantine",
    metadata,
    Column("entry", NAME, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("restless_at", Moment, nullable=False),
    Column("reason", Words, nullable=False),
)

# An entry that its publisher took away; `page`: since its page is gone, else since its feeds show it no more.
removal = Table(
    "removal",
    metadata,
    Column("entry", NAME, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("page", Boolean, nullable=False),
    Column("reason", Words, nullable=False),
    Index(None, "at"),
)

# Which story has recorded a removal already.
told = Table(
    "told",
    metadata,
    Column("entry", NAME, primary_key=True),
    Column("story", NAME, primary_key=True),
)

# The page of an entry, read for its text where a feed asks for it. `due_at` is null once it is looked at no more.
page = Table(
    "page",
    metadata,
    Column("entry", NAME, primary_key=True),
    Column("feed", NAME, nullable=False),
    Column("url", Text, nullable=False),
    Column("host", NAME, nullable=False),
    Column("state", NAME, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("read_at", Moment),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", Text),
    Column("length", Integer),
    Column("failures", Integer, nullable=False),
    Column("last_error", Words),
    Index(None, "due_at"),
)

judgement = Table(
    "judgement",
    metadata,
    Column("story", NAME, primary_key=True),
    Column("entry", NAME, primary_key=True),
    Column("version", NAME, primary_key=True),
    Column("relevant", Boolean, nullable=False),
    Column("score", Float, nullable=False),
    Column("reason", Words, nullable=False),
    Column("judge", Text, nullable=False),
    Column("judged_at", Moment, nullable=False),
)

# How many second opinions were asked for on a day of UTC, which has a budget of them.
opinion_day = Table(
    "opinion_day",
    metadata,
    Column("day", NAME, primary_key=True),
    Column("asked", Integer, nullable=False),
)

# An entry whose text had to go: what a publisher goes on serving under its id is not taken in again.
erasure = Table(
    "erasure",
    metadata,
    Column("entry", NAME, primary_key=True),
    Column("erased_at", Moment, nullable=False),
)

# One generation of a projection is live; another one is filled beside it and takes its place once it is level.
# `folds` is the version of the projection's code that made the rows, `begun` the log's head when it set out: what was
# erased from the log later is still in them.
checkpoint = Table(
    "checkpoint",
    metadata,
    Column("projection", NAME, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("position", WHOLE, nullable=False),
    Column("folds", Integer, nullable=False),
    Column("begun", WHOLE, nullable=False),
    Column("live", Boolean, nullable=False),
)

# An event that a projection could not fold: left out of its rows, and told.
dead_letter = Table(
    "dead_letter",
    metadata,
    Column("projection", NAME, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("position", WHOLE, primary_key=True, autoincrement=False),
    Column("error", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

view = Table(
    "view",
    metadata,
    Column("projection", NAME, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("partition", NAME, primary_key=True),
    Column("key", NAME, primary_key=True),
    Column("data", Text, nullable=False),
)
