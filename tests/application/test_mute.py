"""Mutes as a person sets and lifts them, in a real log."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.made.alerts import NOON, STORY, by_mail, opening
from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.application.audience import Audience, audience_at
from tracker.application.mute import lift, mute, mute_of, mutes
from tracker.application.subscribe import subscribe, subscriptions
from tracker.domain.events import NewEvent, StoryClosed, story_stream
from tracker.domain.subscription_events import ALERTS
from tracker.errors import NotFound, UsageError

TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
def log(sqlite_url: str) -> Iterator[SqlEventLog]:
    engine = open_engine(sqlite_url)
    made = SqlEventLog(engine, lambda: NOON)
    made.append(story_stream(STORY), 0, opening())
    yield made
    engine.dispose()


def test_a_mute_is_set_replaced_and_lifted(log: SqlEventLog) -> None:
    """The same mute again changes nothing, with another end it has that end, and once lifted it is gone."""
    first = mute_of(story=STORY, until=TOMORROW)
    assert mute(log, first, NOON, "person")
    assert not mute(log, first, NOON, "person")
    longer = mute_of(story=STORY)
    assert longer.mute == first.mute
    assert mute(log, longer, NOON, "person")
    assert mutes(log, NOON + timedelta(days=9)) == (longer,)
    assert lift(log, longer.mute, NOON, "person") == longer
    assert mutes(log, NOON) == ()
    with pytest.raises(NotFound, match="no mute"):
        lift(log, longer.mute, NOON, "person")
    assert len([*log.read(stream=ALERTS)]) == 3


def test_a_mute_that_ran_out_is_not_listed_and_can_be_set_again(log: SqlEventLog) -> None:
    """After its end a mute is none any more: nothing to lift, and set with a new end it holds."""
    wanted = mute_of(outlet="AFP", until=TOMORROW)
    assert mute(log, wanted, NOON, "person")
    assert mutes(log, TOMORROW) == ()
    with pytest.raises(NotFound):
        lift(log, wanted.mute, TOMORROW, "person")
    again = mute_of(outlet="afp", until=TOMORROW + timedelta(days=1))
    assert again.mute == wanted.mute
    assert mute(log, again, TOMORROW, "person")
    assert mutes(log, TOMORROW) == (again,)


@pytest.mark.parametrize(
    ("what", "kind", "words"),
    [
        ({"story": "strike"}, NotFound, "no story strike"),
        ({"story": STORY, "claim": "S99"}, NotFound, "has no claim S99"),
        ({"story": STORY, "outlet": "AFP", "subscription": "s-nobody"}, NotFound, "no subscription s-nobody"),
        ({"outlet": "AFP", "story": "strike"}, NotFound, "no story strike"),
        ({"story": STORY, "until": NOON}, UsageError, "is past"),
    ],
)
def test_what_is_not_there_cannot_be_muted(
    log: SqlEventLog, what: dict[str, str | datetime], kind: type[Exception], words: str
) -> None:
    """A story, claim or subscription that is not there, and an end that is past, are refused; nothing is recorded."""
    with pytest.raises(kind, match=words):
        mute(log, mute_of(**what), NOON, "person")  # type: ignore[arg-type]
    assert [*log.read(stream=ALERTS)] == []


@pytest.mark.parametrize("what", [{}, {"claim": "S01"}, {"outlet": " "}, {"outlet": "a\nb"}, {"outlet": "x" * 201}])
def test_a_mute_names_what_it_silences(what: dict[str, str]) -> None:
    """A mute of nothing, of a claim of no story, or of an outlet without a name is refused."""
    with pytest.raises(UsageError):
        mute_of(**what)  # type: ignore[arg-type]


def test_an_audience_is_never_stale_and_reads_nothing_twice(log: SqlEventLog) -> None:
    """A look shows all that was recorded until then; the same fold is handed out again until there is more of it."""
    audience = Audience(log)
    assert audience.now().current == {}
    subscribe(log, by_mail(), "person")
    first = audience.now()
    assert first == subscriptions(log)
    assert audience.now() is first
    log.append(story_stream(STORY), 3, [NewEvent("closed", StoryClosed(STORY), "person")])
    assert audience.now() is first
    mute(log, mute_of(story=STORY), NOON, "person")
    second = audience.now()
    assert second == subscriptions(log)
    assert list(second.mutes) == [mute_of(story=STORY).mute]
    assert (first.mutes, audience_at(log, log.head() - 1)) == ({}, first)
