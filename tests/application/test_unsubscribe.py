"""The links that end subscriptions: whom they concern, and who can make one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.made.alerts import NOON, STORY, by_mail, opening
from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import upgrade
from tracker.application.subscribe import subscribe, subscriptions, unsubscribe
from tracker.application.unsubscribe import Links
from tracker.domain.events import story_stream
from tracker.domain.subscription_events import ALERTS
from tracker.errors import ConfigError, NotFound

LINKS = Links("https://alerts.example/desk/", b"0123456789abcdef")
READER = by_mail()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqlEventLog]:
    """A log with one reader."""
    engine = open_engine(f"sqlite:///{tmp_path / 'tracker.db'}")
    upgrade(engine)
    made = SqlEventLog(engine, lambda: NOON)
    made.append(story_stream(STORY), 0, opening())
    subscribe(made, READER, "person")
    yield made
    engine.dispose()


def followed(link: str) -> tuple[str, str]:
    """Return what a link names: the subscription, and the token."""
    head, identity, token = link.rsplit("/", 2)
    assert head == "https://alerts.example/desk/unsubscribe"
    return identity, token


def test_a_link_ends_its_subscription_once(log: SqlEventLog) -> None:
    """Whoever follows it is told whose it was, however often; the log holds one event, by the reader."""
    for _ in range(3):
        assert LINKS.end(log, *followed(LINKS.link(READER))) == READER
    *_, last = log.read(stream=ALERTS)
    assert (last.version, last.actor, subscriptions(log).current) == (2, "reader", {})


def test_looking_ends_nothing(log: SqlEventLog) -> None:
    """What a link is about can be told without ending it, before and after."""
    link = followed(LINKS.link(READER))
    assert LINKS.subscription(log, *link) == READER
    assert list(subscriptions(log).current) == ["s-reader"]
    unsubscribe(log, "s-reader", "person")
    assert LINKS.subscription(log, *link) == READER


def test_only_the_holder_of_the_key_makes_links(log: SqlEventLog) -> None:
    """A token of another key, of another subscription, a part of one, and none at all are links that we never gave."""
    subscribe(log, by_mail("other@example.org"), "person")
    identity, token = followed(LINKS.link(READER))
    others = (
        (identity, followed(replace(LINKS, key=b"another key of mine").link(READER))[1]),
        (identity, followed(LINKS.link(by_mail("other@example.org")))[1]),
        (identity, token[:-1]),
        (identity, ""),
        (identity, "ü\udc80"),
        ("s-nobody", token),
    )
    for link in others:
        with pytest.raises(NotFound):
            LINKS.end(log, *link)
    assert list(subscriptions(log).current) == ["s-reader", "s-other"]


def test_a_link_does_not_end_what_goes_to_somebody_else_now(log: SqlEventLog) -> None:
    """A subscription that keeps its id and gets another address is not ended by the link in the first one's mails."""
    moved = replace(READER, target="successor@example.org")
    subscribe(log, moved, "person")
    with pytest.raises(NotFound):
        LINKS.end(log, *followed(LINKS.link(READER)))
    assert subscriptions(log).current == {"s-reader": moved}


def test_who_left_and_came_back_can_leave_again(log: SqlEventLog) -> None:
    """The link of an older mail is good for the same reader's next subscription of that id."""
    link = followed(LINKS.link(READER))
    LINKS.end(log, *link)
    subscribe(log, replace(READER, sources=True), "person")
    assert LINKS.end(log, *link).sources
    assert subscriptions(log).current == {}


def test_a_key_that_could_be_guessed_is_refused() -> None:
    """Fewer than 16 bytes sign nothing, and the refusal does not tell them."""
    with pytest.raises(ConfigError, match="at least 16 bytes") as refused:
        Links("https://alerts.example", b"secret")
    assert "secret" not in str(refused.value)
