"""Pains 5 and 6: false alarms, and what is new since the last look."""

import json
from dataclasses import replace

import pytest

from tests.made.alerts import STORY, by_mail, corroborated, denied, discovered, entry, updated
from tests.made.command_line import Tracker
from tests.made.desk import STARTED, Newsdesk
from tracker.application.results import Delivered
from tracker.domain.events import story_stream
from tracker.domain.story import KnownEntry, fold
from tracker.domain.subscription_events import Filter

BRIDGE = "bridge"


def known_of(desk: Newsdesk) -> list[KnownEntry]:
    """Return the entries that belong to the story of the bridge."""
    story = fold(desk.app.log.read(stream=story_stream(BRIDGE)))
    return [*story.entries.values()] if story else []


def test_pain_05_false_alerts_on_what_is_no_news(desk: Newsdesk) -> None:
    """Counters, times and blanks that change around a told entry, and an entry without a word, alert nobody."""
    desk.follow()
    desk.add(by_mail(story=BRIDGE))
    desk.publish(*STARTED)
    desk.gather()
    assert desk.send() == Delivered(sent=1)
    for noise in ("  ", " | 12 comments", " · 5 minutes ago", " | 13 comments · 6 minutes ago"):
        desk.show(noise)
        desk.gather()
    desk.publish("", "")
    desk.gather()
    assert desk.send() == Delivered()
    assert len(desk.box.mails) == 1


def test_pain_05_a_first_import_alerts_on_all_that_is_there(desk: Newsdesk) -> None:
    """What a feed shows when it is added is known from then on, and told to nobody."""
    desk.publish(*STARTED)
    desk.add(by_mail(story=None))
    desk.follow()
    desk.gather()
    assert [known.news for known in known_of(desk)] == [True]
    assert desk.send() == Delivered()


def test_pain_05_thresholds(desk: Newsdesk) -> None:
    """Who waits for a second source hears nothing of the first report, and of the second once."""
    desk.open()
    desk.add(by_mail("first@example.org"))
    desk.add(replace(by_mail("second@example.org"), only=Filter(standing="corroborated")))
    desk.report(discovered())
    desk.send()
    assert desk.box.recipients == [["first@example.org"]]
    for nth, source in enumerate(("Reuters", "Der Spiegel")):
        desk.report(corroborated(entry(f"r{nth}", source=source), claim="N-1", news=False))
        desk.send()
    assert desk.box.recipients[1:] == [["second@example.org"]]


def test_pain_06_since_i_last_looked_is_wrong(desk: Newsdesk, capsys: pytest.CaptureFixture[str]) -> None:
    """News are all those since the last look, whatever else was read; a correction of what was seen is one."""
    desk.open()
    tracker = Tracker(desk.url, capsys)

    def look(*options: str) -> int:
        """Return how many developments are new."""
        desk.project()
        told = json.loads(tracker("status", STORY, "--format", "json", *options))
        return int(told["counts"]["new"])

    look("--since", "last")
    seen = desk.report(updated())
    desk.report(denied(entry("e2")))
    for _ in range(2):
        look("--since", "2024-06-01T11:00:00Z")
    assert [look("--since", "last") for _ in range(2)] == [2, 0]
    desk.report(corroborated(entry("e3")))
    assert [look("--since", "last") for _ in range(2)] == [1, 0]
    tracker("review", "reject", str(seen))
    assert [look("--since", "last") for _ in range(2)] == [1, 0]


def test_pain_06_no_alert_until_the_last_one_was_looked_at(desk: Newsdesk) -> None:
    """Three developments nobody looked at are three alerts."""
    desk.open()
    desk.add(by_mail())
    for nth in range(3):
        desk.report(updated(entry(f"e{nth}")))
        assert desk.send() == Delivered(sent=1)
