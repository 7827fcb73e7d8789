"""Pains 3 and 4, and alerts about the alerter: what fails says so, once, to somebody who can do something about it."""

from dataclasses import replace

import pytest

from tests.made.alerts import by_mail, by_webhook, denied, entry, updated
from tests.made.command_line import Tracker
from tests.made.desk import Newsdesk, text_of
from tests.made.site import Page
from tracker.application.results import Delivered

BRIDGE = "bridge"


def test_pain_03_a_test_says_ok_where_nothing_arrived(
    desk: Newsdesk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test message to an address that answers 404 fails, with the code; to one that takes it, it is delivered."""
    monkeypatch.setenv("TRACKER_WORKER_ALLOW_PRIVATE", "loopback")
    tracker = Tracker(desk.url, capsys)
    desk.there.answers["/wrong"] = [(404, {}, b"no such hook")]
    for path, code, said in (("/wrong", 1, "404"), ("/right", 0, "delivered")):
        url = desk.there.url(path)
        tracker("subscription", "add", "--webhook", url, "--secret", "env:HOOK")
        assert said in tracker("subscription", "test", url, code=code)
    assert [hook.path for hook in desk.there.hooks] == ["/wrong", "/right"]


def test_pain_03_nobody_can_see_what_failed(desk: Newsdesk, capsys: pytest.CaptureFixture[str]) -> None:
    """Each try is kept with its end, the code and the other side's own words, and `tracker alert` shows them."""
    desk.open()
    desk.there.answers["/hook"] = [(500, {}, b"disk full"), (403, {}, b"key revoked")]
    desk.add(by_webhook(desk.there.url()))
    desk.report(updated())
    for _ in range(3):
        desk.send()
        desk.later(hours=1)
    (one,) = desk.app.outbox.search()
    tries = desk.app.outbox.attempts(one.id)
    assert [(one.outcome, one.code, one.answer) for one in tries][:2] == [
        ("transient", 500, "disk full"), ("transient", 403, "key revoked"),
    ]  # fmt: skip
    shown = Tracker(desk.url, capsys)("alert", "show", one.id)
    assert "disk full" in shown
    assert "key revoked" in shown


def test_pain_03_who_cannot_be_reached_is_told_another_way(desk: Newsdesk) -> None:
    """Once a webhook is gone its owner hears of it by mail, and nothing more is sent there."""
    desk.open()
    desk.there.answers["/gone"] = [(410, {}, b"")]
    desk.add(replace(by_mail(story=None), person="ann", only=replace(by_mail().only, kinds=("removed",))))
    desk.add(replace(by_webhook(desk.there.url("/gone")), person="ann"))
    desk.report(updated())
    desk.send()
    desk.report(denied(entry("e2")))
    desk.send()
    (mail,) = desk.box.parsed()
    assert "Alerts are no longer sent: webhook at 127.0.0.1" in text_of(mail)
    assert len(desk.there.hooks) == 1


def rounds(desk: Newsdesk, count: int) -> None:
    """Ask the feed so many times, half a day apart, and send what is due."""
    for _ in range(count):
        desk.gather()
        desk.send()
        desk.later(hours=12)


def test_pain_04_a_broken_source_is_silent(desk: Newsdesk) -> None:
    """A feed that fails again and again is told once, and once more when it is well again."""
    desk.follow()
    desk.add(replace(by_mail(story=BRIDGE), sources=True))
    desk.site.pages["/feed"] = Page("down", status=500)
    rounds(desk, 9)
    assert [mail["Subject"] for mail in desk.box.parsed()] == ["[bridge] Source failing: Hackney Post"]
    desk.show()
    rounds(desk, 3)
    assert [mail["Subject"] for mail in desk.box.parsed()][1:] == ["[bridge] Source well again: Hackney Post"]


def test_pain_04_one_blip_is_loud(desk: Newsdesk) -> None:
    """A feed that fails now and then, and works in between, is told to nobody."""
    desk.follow()
    desk.add(replace(by_mail(story=BRIDGE), sources=True))
    for _ in range(4):
        desk.site.pages["/feed"] = Page("down", status=503)
        rounds(desk, 2)
        desk.show()
        rounds(desk, 1)
    assert desk.box.mails == []


def test_pain_alerts_about_the_alerter_that_nobody_can_act_on(desk: Newsdesk) -> None:
    """A source in trouble is told with what to do; a way that fails is never told over itself, nor in circles."""
    desk.follow()
    desk.open()
    desk.add(replace(by_mail(story=BRIDGE), sources=True))
    desk.site.pages["/feed"] = Page("down", status=500)
    rounds(desk, 6)
    (mail,) = desk.box.parsed()
    assert "tracker feed check" in text_of(mail)
    both = [by_webhook(desk.there.url(f"/{name}"), f"s-{name}") for name in ("one", "two")]
    desk.there.answers = {f"/{name}": [(410, {}, b"")] * 9 for name in ("one", "two")}
    desk.add(*(replace(one, person="ann", endpoints=True) for one in both))
    for nth in range(3):
        desk.report(updated(entry(f"e{nth}")))
        desk.send()
    assert len(desk.there.hooks) <= 2 + 2


def test_pain_a_redirect_counts_as_delivered(desk: Newsdesk) -> None:
    """Only an answer of 2xx is a delivery: what is led elsewhere, or has not changed, was not taken."""
    desk.open()
    elsewhere = {"location": desk.there.url("/elsewhere")}
    desk.there.answers["/moved"] = [(302, elsewhere, b"")]
    desk.there.answers["/cached"] = [(304, {}, b"")]
    desk.add(*(by_webhook(desk.there.url(f"/{name}"), f"s-{name}") for name in ("moved", "cached")))
    desk.report(updated())
    assert desk.send() == Delivered(failed=2)
    assert {hook.path for hook in desk.there.hooks} == {"/moved", "/cached"}
