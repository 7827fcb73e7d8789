"""Pains 7 and 10, formats and identities: what an alert says, and what it never says."""

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser
import pytest

from tests.made.alerts import NOON, STORY, TITLE, by_mail, by_webhook, entry, updated
from tests.made.command_line import Tracker
from tests.made.desk import Newsdesk, newsdesk, text_of
from tracker.application.results import Delivered
from tracker.domain.events import EntryRevised

PASSWORD = "p%40@ss;w/ord#1"
LONG = "The first group leaves next week. " * 400


def test_pain_07_an_alert_does_not_say_what_changed(desk: Newsdesk) -> None:
    """Mail and webhook give the claim, its old and its new value, and the sentence that says so."""
    desk.open()
    desk.add(by_mail(), by_webhook(desk.there.url()))
    desk.report(updated())
    assert desk.send() == Delivered(sent=2)
    (mail,), (hook,) = desk.box.parsed(), desk.there.hooks
    for form in ("plain", "html"):
        told = text_of(mail, form)
        assert all(one in told for one in ("100", "300", "Paris will send 300 instructors, the minister said."))
    told = json.loads(hook.body)["data"]
    assert (told["development"]["old"], told["development"]["new"], told["claim"]["id"]) == ("100", "300", "S01")


def test_pain_07_an_alert_says_too_much(desk: Newsdesk) -> None:
    """Of an entry of 13,600 characters and an edit of as many an alert holds what is new, and links to the rest."""
    desk.open()
    desk.add(by_mail(), by_webhook(desk.there.url()))
    desk.report(updated(entry(summary=LONG)))
    desk.report(EntryRevised(entry("e2", summary=LONG), LONG, LONG.replace("next", "this")))
    assert desk.send() == Delivered(sent=4)
    assert all(len(hook.body) < 20_000 for hook in desk.there.hooks)
    first, second = (text_of(mail) for mail in desk.box.parsed())
    assert "leaves next week. The first" not in first
    assert "https://news.example/e1" in first
    assert len(second) < 4_000


def test_pain_10_credentials_in_notification_addresses(
    sqlite_url: str, desk: Newsdesk, capsys: pytest.CaptureFixture[str]
) -> None:
    """An address with a password in it is refused without repeating the password; nothing of it is kept."""
    tracker = Tracker(sqlite_url, capsys)
    said = tracker("subscription", "add", "--webhook", "https://ann:hunter2@h.example/", "--secret", "env:HOOK", code=2)
    assert "hunter2" not in said
    assert tracker("subscription", "list", "--json").count("hunter2") == 0
    assert desk.app.log.head() == 0


def test_pain_10_odd_characters_break_the_way_in(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password with %, @, ; and # works as it is, by reference, and stands in no event, message, try or setting."""
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    with newsdesk(sqlite_url, username="alice", password="env:MAIL_PASSWORD") as desk:
        desk.box.password = PASSWORD.encode()
        desk.open()
        desk.add(by_mail())
        desk.report(updated())
        desk.send()
        (one,) = desk.app.outbox.search()
        kept = [repr(desk.settings), *map(repr, desk.app.log.read()), *map(repr, desk.app.outbox.attempts(one.id))]
        assert desk.box.logins == [(b"alice", PASSWORD.encode())]
        assert not any("ss;w" in text for text in [*kept, *map(bytes.decode, desk.box.mails)])


ODD = "AT&T <b>wins</b>\r\nBcc: all@example.org\x1b[31m *soon*"


def test_pain_converted_formats_break_subject_and_text(desk: Newsdesk) -> None:
    """A title with markup, a line break and a control character is one plain subject, plain text and escaped HTML."""
    desk.open()
    desk.add(by_mail())
    desk.report(updated(entry(title=ODD)))
    assert desk.send() == Delivered(sent=1)
    (mail,) = desk.box.parsed()
    assert mail["Subject"].startswith(f"[{TITLE}] Update: AT&T <b>wins</b>")
    assert mail["Bcc"] is None
    assert "AT&T <b>wins</b>" in text_of(mail)
    assert "AT&amp;T &lt;b&gt;wins&lt;/b&gt;" in text_of(mail, "html")
    assert all("\x1b" not in text_of(mail, form) for form in ("plain", "html"))


def shown_feeds(desk: Newsdesk, capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """Yield the story as the feed of the page, and as the one that a command prints, each as a feed reader takes it."""
    desk.project()
    tracker = Tracker(desk.url, capsys)
    for asked in (("serve", "--get", f"/story/{STORY}/export.atom"), ("status", STORY, "--format", "atom")):
        feed = feedparser.parse(tracker(*asked))
        assert not feed.bozo
        yield feed


def test_pain_readers_ignore_what_was_updated(desk: Newsdesk, capsys: pytest.CaptureFixture[str]) -> None:
    """Two changes of one entry are two messages, and two entries of the feed, with an id and a position of their own.

    What the feed held already stays as it was, to the letter: there is nothing in it for a reader to ignore.
    """
    desk.open()
    desk.add(by_mail(), by_webhook(desk.there.url()))
    desk.report(updated())
    before = [feed.entries for feed in shown_feeds(desk, capsys)]
    desk.later(minutes=5)
    desk.report(updated(entry(version="v-2"), old="300", new="400"))
    assert desk.send() == Delivered(sent=4)
    assert len({hook.headers["webhook-id"] for hook in desk.there.hooks}) == 2
    assert len({json.loads(hook.body)["data"]["development"]["position"] for hook in desk.there.hooks}) == 2
    assert len({mail["Message-ID"] for mail in desk.box.parsed()}) == 2
    for feed, held in zip(shown_feeds(desk, capsys), before, strict=True):
        newest, *rest = feed.entries
        assert (len(held), rest) == (1, held)
        assert newest.id != rest[0].id
        assert (newest.title, newest.updated) == ("update: quantity: 300 → 400", "2024-06-01T12:05:00Z")


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the machine stand in New York."""
    with monkeypatch.context() as there:
        there.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("far_away")
def test_pain_local_times_are_called_utc(desk: Newsdesk, capsys: pytest.CaptureFixture[str]) -> None:
    """Wherever machine and publisher stand, a time goes out with its zone, and is the moment that it was."""
    desk.open()
    desk.add(by_mail(), by_webhook(desk.there.url()))
    desk.report(updated(entry(published=datetime(2024, 6, 1, 13, 30, tzinfo=timezone(timedelta(hours=2))))))
    desk.send()
    (mail,), (hook,) = desk.box.parsed(), desk.there.hooks
    told = json.loads(hook.body)
    assert told["timestamp"] == "2024-06-01T12:00:00Z"
    assert told["data"]["sources"][0]["published"] == "2024-06-01T11:30:00Z"
    assert abs(parsedate_to_datetime(mail["Date"]) - NOON) <= timedelta(seconds=1)
    assert mail["Date"].endswith(("+0000", "-0000"))
    for feed in shown_feeds(desk, capsys):
        (shown,) = feed.entries
        assert (shown.updated, shown.published) == ("2024-06-01T12:00:00Z", "2024-06-01T11:30:00Z")


def test_pain_recipients_for_each_thing_watched(desk: Newsdesk) -> None:
    """Who follows one story is not told of another, and who follows all is told of each."""
    desk.open()
    desk.follow()
    desk.add(by_mail("one@example.org", story=STORY), by_mail("other@example.org", story="bridge"))
    desk.add(by_mail("all@example.org", story=None))
    desk.report(updated())
    desk.send()
    assert sorted(desk.box.recipients) == [["all@example.org"], ["one@example.org"]]
