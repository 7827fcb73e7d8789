"""Events of every type, drawn from their own annotations, and a few plain ones."""

from dataclasses import is_dataclass
from datetime import UTC, datetime, timedelta
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from sqlalchemy import Engine, text

from tracker.adapters.sql.engine import writing
from tracker.domain.entry import Entry
from tracker.domain.events import Event, NewEvent, StoryRenamed
from tracker.ports.outbox import Attempt, Delivery, Tried

NOON = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)
moments = st.integers(0, 2 * 10**9).map(lambda late: NOON + timedelta(milliseconds=late))
texts = st.text(st.characters(codec="utf-8"), max_size=12)
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    datetime: moments,
}


def drawn(hint: Any) -> st.SearchStrategy[Any]:
    """Return values of an annotation."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return st.sampled_from(args)
    if origin in (Union, UnionType):
        return st.one_of(*map(drawn, args))
    if origin is tuple and args[-1] is not Ellipsis:
        return st.tuples(*map(drawn, args))
    if origin is tuple:
        return st.lists(drawn(args[0]), max_size=2).map(tuple)
    if isinstance(hint, type) and is_dataclass(hint):
        return st.deferred(lambda: st.builds(hint, **{name: drawn(of) for name, of in get_type_hints(hint).items()}))
    return st.from_type(hint)


events: st.SearchStrategy[Event] = st.one_of(*map(drawn, get_args(Event)))


def renamed(identity: str, title: str = "Title") -> NewEvent:
    """Return a plain event of an id."""
    return NewEvent(identity, StoryRenamed("s", title), "person", "command-1", NOON)


def entry(identity: str = "e-1", **changes: Any) -> Entry:
    """Return an entry of an id."""
    values: dict[str, Any] = {
        "title": f"Title of {identity}",
        "summary": "The first group leaves next week.",
        "seen": NOON,
        "url": f"https://news.example/{identity}",
        "publisher": "Le Quotidien",
        "published": NOON - timedelta(minutes=30),
        "language": "en",
        "feed": "f-1",
    }
    return Entry(identity, **{**values, **changes})


GUARDS = {
    "sqlite": ("event_no_update", "event_no_delete"),
    "postgresql": ("event_no_update ON event", "event_no_delete ON event"),
}


def unguard(engine: Engine) -> None:
    """Take away the triggers that keep events from being changed."""
    for guard in GUARDS[engine.dialect.name]:
        tamper(engine, f"DROP TRIGGER {guard}")


def tamper(engine: Engine, statement: str, **values: Any) -> None:
    """Change the tables as somebody with access to the database could."""
    with writing(engine) as connection:
        connection.execute(text(statement), values)


def tried(delivery: Delivery, attempt: Attempt, ended_at: datetime = NOON, **changes: Any) -> Tried:
    """Return a try that took a second."""
    return Tried(delivery, attempt, ended_at - timedelta(seconds=1), ended_at, **changes)


class Clock:
    """A clock that says what it is told."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.now


def later(**by: float) -> datetime:
    """Return a moment after noon."""
    return NOON + timedelta(**by)
