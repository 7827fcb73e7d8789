"""The feeds and how they fare."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, TypedDict, get_args

from tracker.errors import Trouble
from tracker.ports.feeds import FeedState
from tracker.projections.rows import stamp, stamp_or_none
from tracker.rendering.documents.kinds import SCHEMA_VERSION, Count, Time, Version, one_of
from tracker.rendering.sources import Condition, condition, trouble_words


class FeedRow(TypedDict):
    """A feed: when it was last read and is asked next, what is wrong with it (`in_words`), and how it is asked.

    `login`, `cookie` and `proxy` are references to where these are found; `headers` are their names alone.
    `gap_seconds` is the time between its entries as observed, `criterion` what they are told apart by.
    """

    id: str
    url: str
    name: str | None
    story: str | None
    folder: str | None
    failures: Count
    last_ok_at: Time | None
    due_at: Time
    last_error: str | None
    gone: bool
    condition: Annotated[str, one_of(get_args(Condition), "How it fares.")]
    trouble: Annotated[str, one_of(get_args(Trouble), "What kind of fault it is.")] | None
    in_words: str | None
    silent: bool
    checked_at: Time | None
    last_new_at: Time | None
    host_rests_until: Time | None
    interval_seconds: float | None
    gap_seconds: float | None
    criterion: str | None
    moved_to: str | None
    moves: Count
    article: bool
    user_agent: str | None
    headers: list[str]
    login: str | None
    cookie: str | None
    proxy: str | None


class Feeds(TypedDict):
    """The feeds, by id."""

    schema_version: Version
    feeds: list[FeedRow]


def feeds(states: Iterable[FeedState], resting: Mapping[str, datetime]) -> Feeds:
    """Return the feeds; `resting`: hosts that want to be left alone, each with until when."""
    return {"schema_version": SCHEMA_VERSION, "feeds": [_row(state, resting.get(state.host)) for state in states]}


def _row(state: FeedState, rests_until: datetime | None) -> FeedRow:
    options = state.options
    return {
        "id": state.id,
        "url": state.url,
        "name": state.name,
        "story": state.story,
        "folder": state.folder,
        "failures": state.failures,
        "last_ok_at": stamp_or_none(state.last_ok_at),
        "due_at": stamp(state.due_at),
        "last_error": state.last_error,
        "gone": state.gone,
        "condition": condition(state),
        "trouble": state.trouble,
        "in_words": trouble_words(state) or None,
        "silent": state.silent,
        "checked_at": stamp_or_none(state.checked_at),
        "last_new_at": stamp_or_none(state.last_new_at),
        "host_rests_until": stamp_or_none(rests_until),
        "interval_seconds": state.interval,
        "gap_seconds": state.gap,
        "criterion": state.criterion,
        "moved_to": state.moved_to,
        "moves": state.moves,
        "article": options.article,
        "user_agent": options.user_agent,
        "headers": [name for name, _ in options.headers],
        "login": options.login,
        "cookie": options.cookie,
        "proxy": options.proxy,
    }
