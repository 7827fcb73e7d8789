"""An outlet that is muted or not asked for, and then another that says the same: by the command line, to a mailbox."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.made.alerts import corroborated, entry, updated
from tests.made.command_line import Tracker
from tests.made.desk import Newsdesk, newsdesk, text_of
from tracker.application.results import Delivered
from tracker.bootstrap import utc_now
from tracker.domain.events import FindingEvent


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Newsdesk]:
    """Return a whole tracker, the story open, at the time of the command line's own clock."""
    with newsdesk(sqlite_url) as made:
        made.open()
        made.clock.advance(utc_now())
        yield made


@pytest.fixture
def tracker(desk: Newsdesk, capsys: pytest.CaptureFixture[str]) -> Tracker:
    return Tracker(desk.url, capsys)


def by(outlet: str, nth: int, **changes: str) -> FindingEvent:
    """Return the update as its first bearer reports it, and as one that says the same."""
    ref = entry(f"e{nth}", publisher=outlet, source=outlet, title=f"Report {nth}", **changes)
    return replace(corroborated(ref), finding=replace(corroborated(ref).finding, news=False)) if nth else updated(ref)


def test_another_outlet_tells_what_the_muted_one_reported_first(desk: Newsdesk, tracker: Tracker) -> None:
    """Who muted it, asked for others or reads another language gets one mail, whoever repeats it; and can ask why."""
    for name, *wish in (("ann",), ("gaz", "--outlet", "Lea Gazette"), ("eng", "--language", "en"), ("all",)):
        tracker("subscription", "add", "--email", f"{name}@example.org", "--id", name, *wish)
    tracker("mute", "outlet", "Hackney Post", "--for", "1h", "--subscription", "ann")
    first = desk.report(by("Hackney Post", 0, language="fr"))
    assert desk.send() == Delivered(sent=1)
    desk.restart()
    desk.later(minutes=1)
    second = desk.report(by("Lea Gazette", 1))
    assert desk.send() == Delivered(sent=3)
    desk.later(minutes=1)
    third = desk.report(by("Lea Gazette", 2))
    desk.later(minutes=1)
    fourth = desk.report(by("Morning Post", 3))
    assert desk.send() == Delivered()
    mails = {str(mail["To"]).partition("@")[0]: text_of(mail) for mail in desk.box.parsed()}
    assert {name: "Report 0" in text for name, text in mails.items()} == {
        "all": True, "ann": False, "gaz": False, "eng": False
    }  # fmt: skip
    said = tracker("alert", "route", str(second))
    for why in ("muted: outlet Hackney Post for ann", "outlet Hackney Post: wants only Lea", "language fr: wants only"):
        assert f"the first report of it that they let through; before it: {why}" in said
    assert said.count("told at once") == 3
    assert "told at once" not in tracker("alert", "route", str(third)) + tracker("alert", "route", str(fourth))
    assert tracker("alert", "route", str(first)).count("not told") == 3
