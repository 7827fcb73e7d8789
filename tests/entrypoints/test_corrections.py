"""From what a person says on the command line to whoever was told otherwise: real mail server, real receiver."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from standardwebhooks import Webhook

from tests.made.alerts import (
    STORY,
    TEST_SECRET,
    by_mail,
    by_webhook,
    corroborated,
    denied,
    entry,
    taken_back,
    updated,
)
from tests.made.command_line import Tracker
from tests.made.desk import Newsdesk, newsdesk, text_of
from tracker.application.results import Delivered
from tracker.bootstrap import utc_now
from tracker.domain.events import EntryRemoved
from tracker.domain.subscription_events import Filter, Timing


@pytest.fixture
def desk(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsdesk]:
    """Return a whole tracker, the story open."""
    monkeypatch.setenv("HOOK", TEST_SECRET)
    with newsdesk(sqlite_url) as made:
        made.open()
        yield made


@pytest.fixture
def tracker(desk: Newsdesk, capsys: pytest.CaptureFixture[str]) -> Tracker:
    return Tracker(desk.url, capsys)


def send(desk: Newsdesk) -> Delivered:
    """Send what is due by now, as the command line's own clock says it."""
    desk.clock.advance(utc_now())
    return desk.send()


def test_a_correction_goes_the_way_of_what_it_corrects(desk: Newsdesk, tracker: Tracker) -> None:
    """Mail and webhook that were told are corrected once each: a signed one, and an answer in the story's thread."""
    desk.add(by_mail(), by_webhook(desk.there.url()), by_mail("other@example.org", story=None))
    at = desk.report(updated())
    send(desk)
    said = [tracker("review", "reject", str(at)).partition(";")[0] for _ in range(2)]
    assert said == [f"#{at} rejected", f"#{at} already rejected"]
    assert send(desk) == Delivered(sent=3)
    assert send(desk) == Delivered()
    mine = [mail for mail in desk.box.parsed() if mail["To"] == "reader@example.org"]
    first, second = mine
    assert second["In-Reply-To"] == first["Message-ID"]
    assert first["References"].split()[0] == second["References"].split()[0]
    assert second["Message-ID"] != first["Message-ID"]
    assert "300" in text_of(second)
    told, corrected = desk.there.hooks
    document = Webhook(TEST_SECRET).verify(corrected.body, {**corrected.headers})
    assert document["type"] == "development.corrected"
    assert [one["webhook_id"] for one in document["data"]["corrects"]] == [told.headers["webhook-id"]]


def test_a_correction_goes_to_the_address_that_was_told(desk: Newsdesk, tracker: Tracker) -> None:
    """Where the subscription goes to another address by now, that one hears nothing of what it was never told."""
    desk.add(by_mail())
    at = desk.report(updated())
    send(desk)
    tracker("subscription", "add", "--email", "new@example.org", "--id", "s-reader", "--story", STORY)
    tracker("review", "reject", str(at))
    assert send(desk) == Delivered(sent=1)
    first, second = desk.box.parsed()
    assert (first["To"], second["To"]) == ("reader@example.org", "reader@example.org")
    assert second["In-Reply-To"] == first["Message-ID"]
    assert "the same way, to reader@example.org" in tracker("alert", "route", str(desk.app.log.head()))


def test_what_another_source_holds_is_in_the_digest_though_its_first_bearer_is_gone(
    desk: Newsdesk, tracker: Tracker
) -> None:
    """The digest tells what still stands, that its first article was taken away, and who says it; so does `route`."""
    desk.add(replace(by_mail(), timing=Timing(every="daily", at="08:00")))
    first = entry("a1", title="France to send 300", publisher="Le Quotidien", source="Le Quotidien")
    at = desk.report(updated(first))
    desk.report(corroborated(entry("b1", publisher="Lea Gazette", source="Lea Gazette"), news=False))
    gone = desk.report(EntryRemoved(first, "its page is gone (HTTP 404)", ("S01",)))
    assert "told, held for its digest" in tracker("alert", "route", str(at))
    desk.later(days=1)
    assert desk.send() == Delivered(sent=1)
    for position in (at, gone):
        assert re.search(r"told, .*\n.*; message d-", tracker("alert", "route", str(position)))
    text = text_of(desk.box.parsed()[0])
    assert "1 new, 1 corrected" in text
    for words in ("Update: France to send 300", "Taken away by its publisher: France to send 300", "its page is gone"):
        assert words in text
    assert "Lea Gazette" in text
    desk.later(days=1)
    assert desk.send() == Delivered()


def test_what_its_source_takes_back_is_corrected_in_the_thread(desk: Newsdesk, tracker: Tracker) -> None:
    """Who asked for updates alone is told that one was taken back by who said it, as an answer; `route` says so too."""
    desk.add(replace(by_mail(), only=Filter(kinds=("updated",))))
    desk.report(updated())
    send(desk)
    back = desk.report(taken_back(reason="it was withdrawn by Paris"))
    assert send(desk) == Delivered(sent=1)
    first, second = desk.box.parsed()
    assert second["In-Reply-To"] == first["Message-ID"]
    assert "Correction: taken back by who said it" in second["Subject"]
    assert "Why: it was withdrawn by Paris" in text_of(second)
    assert "was told of what it corrects" in tracker("alert", "route", str(back))


def test_a_withdrawn_claim_is_corrected(desk: Newsdesk, tracker: Tracker) -> None:
    """The reason goes to whoever was told of the claim, and to nobody who was told of another one."""
    desk.add(by_mail())
    desk.report(updated())
    send(desk)
    desk.add(by_webhook(desk.there.url()))
    desk.report(denied(entry("e2")))
    send(desk)
    said = tracker("story", "withdraw", STORY, "S01", "--reason", "The paper took its figure back.")
    assert said == f"withdrawn S01 of {STORY}; see it:  tracker status {STORY}\n"
    assert send(desk) == Delivered(sent=1)
    assert "The paper took its figure back." in text_of(desk.box.parsed()[-1])
    assert tracker("story", "withdraw", STORY, "S01", "--reason", "again") == ""
    assert send(desk) == Delivered()
    assert "withdrawn" in tracker("status", STORY)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nothing", "S01", "--reason", "a hoax"), 3, "no story nothing"),
        ((STORY, "S99", "--reason", "a hoax"), 3, "no claim S99"),
        ((STORY, "S01", "--reason", " "), 2, "for a reason"),
        ((STORY, "S01"), 2, "--reason"),
    ],
)
def test_what_cannot_be_withdrawn_is_said(
    desk: Newsdesk, tracker: Tracker, words: tuple[str, ...], code: int, said: str
) -> None:
    """An unknown story or claim is not found, a missing reason is a fault of usage; nothing is recorded."""
    head = desk.app.log.head()
    assert said in tracker("story", "withdraw", *words, code=code)
    assert desk.app.log.head() == head


def test_a_doubt_is_told_once_it_is_confirmed(desk: Newsdesk, tracker: Tracker) -> None:
    """Confirmed on the command line, a doubtful finding goes out as the development that it is."""
    desk.add(by_mail(), by_webhook(desk.there.url()))
    at = desk.report(denied(needs_review=True))
    assert send(desk) == Delivered()
    tracker("review", "confirm", str(at))
    assert send(desk) == Delivered(sent=2)
    assert json.loads(desk.there.hooks[0].body)["type"] == "development.denied"
    (mail,) = desk.box.parsed()
    assert "Denial" in mail["Subject"]
