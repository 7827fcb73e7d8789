"""Pain 9, schedules and digests: when somebody is told, and never twice of the same."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.made.alerts import NOON, by_mail, by_webhook, entry, updated
from tests.made.desk import Newsdesk, text_of
from tracker.application.results import Delivered
from tracker.domain.subscription_events import Timing

GROUPED = Timing(group_wait=60, group_interval=600)
DAILY = Timing(every="daily", at="08:00", zone="Europe/London")


def titled(nth: int) -> str:
    return f"Report number {nth}"


def three_reports(desk: Newsdesk) -> None:
    for nth in range(3):
        desk.report(updated(entry(f"e{nth}", title=titled(nth))))


def test_pain_09_grouping_is_never_right_for_both_camps(desk: Newsdesk) -> None:
    """Of three entries one reader gets three mails at once, and another, who asked for it, one that holds all."""
    desk.open()
    desk.add(by_mail("each@example.org"), replace(by_mail("group@example.org"), timing=GROUPED))
    three_reports(desk)
    assert desk.send() == Delivered(sent=3)
    assert {*map(tuple, desk.box.recipients)} == {("each@example.org",)}
    desk.later(minutes=2)
    assert desk.send() == Delivered(sent=1)
    assert desk.box.recipients[-1] == ["group@example.org"]
    told = text_of(desk.box.parsed()[-1])
    assert all(titled(nth) in told for nth in range(3))


def test_pain_09_roll_ups_by_time(desk: Newsdesk) -> None:
    """What a day brings comes in one digest; a day that brings nothing sends nothing."""
    desk.open()
    desk.add(replace(by_mail(), timing=DAILY))
    for _ in range(2):
        three_reports_of_today = desk.clock().day
        desk.report(updated(entry(f"d{three_reports_of_today}a", title=titled(1))))
        desk.report(updated(entry(f"d{three_reports_of_today}b", title=titled(2))))
        for _ in range(2):
            desk.later(days=1)
            desk.send()
    assert len(desk.box.mails) == 2
    assert all(titled(1) in text_of(mail) and titled(2) in text_of(mail) for mail in desk.box.parsed())


def test_pain_schedules_stop_the_watching(desk: Newsdesk) -> None:
    """In quiet hours nothing is sent and everything is watched: the morning brings one message on all of the night."""
    desk.open()
    desk.add(replace(by_mail(), timing=Timing(quiet=("22:00", "07:00"), zone="Europe/London")))
    desk.later(hours=11)
    for nth in range(2):
        desk.report(updated(entry(f"e{nth}", title=titled(nth))))
        desk.later(hours=1)
        assert desk.send() == Delivered()
    desk.clock.advance(datetime(2024, 6, 2, 6, 1, tzinfo=UTC))
    assert desk.send() == Delivered(sent=1)
    (mail,) = desk.box.parsed()
    assert all(titled(nth) in text_of(mail) for nth in range(2))


def test_pain_schedules_drift_when_clocks_change(desk: Newsdesk) -> None:
    """A digest at eight in London is due at eight there before and after the clocks change, an hour apart in UTC."""
    desk.open()
    desk.add(replace(by_mail(), timing=DAILY))
    hours = []
    for day in (datetime(2024, 10, 25, 12, tzinfo=UTC), datetime(2024, 10, 27, 12, tzinfo=UTC)):
        desk.clock.advance(day)
        desk.report(updated(entry(f"e{day.day}")))
        hours.append(desk.owed()[-1].due_at)
    assert hours == [datetime(2024, 10, 26, 7, tzinfo=UTC), datetime(2024, 10, 28, 8, tzinfo=UTC)]


def test_pain_a_digest_that_fails_for_one_repeats_for_the_others(desk: Newsdesk) -> None:
    """Of three readers of a digest the second is refused for now: tried again, they get it, and nobody else twice."""
    desk.open()
    readers = [f"{name}@example.org" for name in ("ann", "ben", "cleo")]
    desk.add(*(replace(by_mail(reader), timing=DAILY) for reader in readers))
    three_reports(desk)
    desk.later(days=1)
    desk.box.rcpt = ["250 ok", "451 try later"]
    assert desk.send() == Delivered(sent=2, failed=1)
    desk.later(minutes=10)
    assert desk.send() == Delivered(sent=1)
    assert sorted(map(tuple, desk.box.recipients)) == [(reader,) for reader in readers]


def test_pain_events_expire_before_their_digest(desk: Newsdesk) -> None:
    """However long the worker was away, what waited is in the digest that it makes then: nothing runs out."""
    desk.open()
    desk.add(replace(by_webhook(desk.there.url()), timing=DAILY))
    three_reports(desk)
    desk.restart()
    desk.later(days=400)
    assert desk.send() == Delivered(sent=1)
    assert {f"e{nth}" in desk.there.hooks[0].body.decode() for nth in range(3)} == {True}
    assert json.loads(desk.there.hooks[0].body)["type"]
    assert desk.clock() - NOON > timedelta(days=399)
