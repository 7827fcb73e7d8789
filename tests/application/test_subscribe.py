"""Subscriptions as a person makes and ends them, in a real log."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.made.alerts import NOON, STORY, by_mail, by_webhook, opening
from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import upgrade
from tracker.application.subscribe import find_subscription, subscribe, subscription_to, subscriptions, unsubscribe
from tracker.domain.events import story_stream
from tracker.domain.subscription_events import ALERTS
from tracker.errors import NotFound, UsageError

HOOK = "https://hook.example/a?b=c"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqlEventLog]:
    engine = open_engine(f"sqlite:///{tmp_path / 'tracker.db'}")
    upgrade(engine)
    made = SqlEventLog(engine, lambda: NOON)
    made.append(story_stream(STORY), 0, opening())
    yield made
    engine.dispose()


def test_adding_twice_is_adding_once(log: SqlEventLog) -> None:
    """The same wish again records nothing and says so; another secret is a change."""
    hook = by_webhook(HOOK)
    assert subscribe(log, hook, "person") == (hook, True)
    assert subscribe(log, hook, "person") == (hook, False)
    changed = replace(hook, secret="file:/run/hook")
    assert subscribe(log, changed, "person") == (changed, True)
    assert subscriptions(log).current == {"s-hook": changed}
    assert len([*log.read(stream=ALERTS)]) == 2


def test_who_left_can_come_back_but_is_not_brought_back(log: SqlEventLog) -> None:
    """A removed subscription can be added again by a person; a config file does not revive it."""
    subscribe(log, by_mail(), "person")
    assert unsubscribe(log, "reader@example.org", "person") == by_mail()
    assert subscribe(log, by_mail(), "config", again=False) == (by_mail(), False)
    assert subscriptions(log).current == {}
    assert subscribe(log, by_mail(), "person") == (by_mail(), True)
    assert subscribe(log, by_webhook(HOOK), "config", again=False) == (by_webhook(HOOK), True)


def test_a_subscription_is_found_by_id_or_by_its_only_address(log: SqlEventLog) -> None:
    """An address with two subscriptions must be named by id, an unknown one is not found."""
    two = [by_mail(), replace(by_mail(story=None), subscription="s-all")]
    for one in two:
        subscribe(log, one, "person")
    held = subscriptions(log)
    assert find_subscription(held, "s-all") == two[1]
    with pytest.raises(UsageError, match="s-reader, s-all"):
        find_subscription(held, "reader@example.org")
    with pytest.raises(NotFound):
        unsubscribe(log, "s-nobody", "person")


def test_a_story_must_be_there(log: SqlEventLog) -> None:
    """A wish for a story that nobody opened is refused."""
    with pytest.raises(NotFound, match="no story strike"):
        subscribe(log, by_mail(story="strike"), "person")


@pytest.mark.parametrize(
    "target",
    [
        "",
        "reader",
        "@example.org",
        "a@",
        "a@b@c",
        "a b@example.org",
        "a@example.org\nBcc: b@example.org",
        "a,b@example.org",
        "Reader <a@example.org>",
        "a@exa mple.org",
        "ä@example.org",
        "a@" + "b" * 260,
    ],
)
def test_what_is_no_mail_address_is_refused(log: SqlEventLog, target: str) -> None:
    """Nothing that could name two readers, a header, or nobody becomes a recipient."""
    with pytest.raises(UsageError, match="mail address"):
        subscribe(log, replace(by_mail(), target=target), "person")


@pytest.mark.parametrize(
    "target",
    [
        "",
        "example.org",
        "ftp://example.org/",
        "https://",
        "https://user:key@example.org/",
        "https://a b.org/",
        "https://[::1/",
        "https://example.org:port/",
        "https://example.org/\n",
        "https://exämple.org/",
        "https:\\\\example.org/",
        "https://e.org/" + "x" * 2000,
    ],
)
def test_what_is_no_web_address_is_refused(log: SqlEventLog, target: str) -> None:
    """Other schemes, missing hosts, passwords in the address and characters that split parsers are refused."""
    with pytest.raises(UsageError, match="https://host/path"):
        subscribe(log, by_webhook(target), "person")


def test_a_webhook_has_a_secret_by_reference(log: SqlEventLog) -> None:
    """Without secret the way to make one is told; a secret itself is refused and not repeated; a mail has none."""
    with pytest.raises(UsageError, match="openssl rand"):
        subscribe(log, replace(by_webhook(HOOK), secret=None), "person")
    with pytest.raises(UsageError, match="env:NAME or file:PATH") as caught:
        subscribe(log, by_webhook(HOOK, secret="whsec_c2VjcmV0"), "person")
    assert "c2VjcmV0" not in str(caught.value)
    with pytest.raises(UsageError, match="a mail has none"):
        subscribe(log, replace(by_mail(), secret="env:HOOK"), "person")
    assert [*log.read(stream=ALERTS)] == []


def test_an_id_of_ones_own_is_plain(log: SqlEventLog) -> None:
    """An id with blanks, slashes or control characters is refused."""
    for identity in ("", "a b", "../x", "\x1b[2J", "x" * 65):
        with pytest.raises(UsageError, match="id of a subscription"):
            subscribe(log, replace(by_mail(), subscription=identity), "person")


def test_a_wish_is_for_one_channel() -> None:
    """Exactly one of mail and webhook is named; the id comes from the wish unless it is given."""
    mail = subscription_to(email="a@example.org", webhook=None, story=None, secret=None)
    hook = subscription_to(email=None, webhook=HOOK, story=None, secret="env:HOOK", identity="desk")
    assert (mail.channel, mail.subscription[:2]) == ("email", "s-")
    assert (hook.channel, hook.subscription) == ("webhook", "desk")
    for both in ({"email": "a@example.org", "webhook": HOOK}, {"email": None, "webhook": None}):
        with pytest.raises(UsageError, match="either"):
            subscription_to(**both, story=None, secret=None)
