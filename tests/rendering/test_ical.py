"""The calendar of a story's announced dates, read back by a reader of calendars."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as drawn
from icalendar import Calendar

from tests.made import bridge, tunnel
from tests.made.exports import SITE, brief, given, hostile
from tracker.domain.announced import Announced, Fate
from tracker.domain.claims import Standing, Status
from tracker.domain.when import Bound, When
from tracker.rendering.formats import Material
from tracker.rendering.ical import calendar
from tracker.rendering.plain import line

EVENTS = tunnel.events()
WHOLE = given(EVENTS, tunnel.STORY, site=SITE)


def read(told: Material) -> Any:
    """Return a calendar as the reader takes it, which must complain of nothing."""
    text = calendar(told.view, told.announced, site=told.site)
    assert all(len(row.encode()) <= 75 for row in text.split("\r\n"))
    found = Calendar.from_ical(text)
    assert not [part.errors for part in found.walk() if part.errors]
    return found


def text(unknown: object) -> str:
    """Return the words of a property that the reader does not know, and so leaves as they are written."""
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), str(unknown))


def event(told: Material, claim: str = "T01") -> Any:
    """Return the first date of a claim."""
    return next(one for one in read(told).walk("VEVENT") if f"/{claim}/1@" in one["uid"])


def test_an_announced_date_is_an_event() -> None:
    """A day is an all-day event of one day, named by its claim, with who says so and how sure, and where to read on."""
    found = event(given(EVENTS[:8], tunnel.STORY, site=SITE))
    assert (found["dtstart"].dt, "dtend" in found, found["sequence"]) == (date(2031, 5, 12), False, 0)
    assert found["summary"] == "The harbour tunnel opens on 12 May 2031."
    assert found["status"] == "TENTATIVE"
    assert found["url"] == f"{SITE}/story/tunnel/claim/T01"
    assert found["dtstamp"].dt == found["created"].dt == tunnel.OPENED
    told = found["description"].split("\n")
    assert told[0] == "Said by: the operator; Tunnel, Ltd"
    assert told[2] == "Date: 2031-05-12, as it was said: 12 May 2031"
    assert told[3].startswith("How sure: unconfirmed; one source: the seed")


def test_a_date_that_slips_is_the_same_event_moved() -> None:
    """The event keeps its name, its sequence rises, and its stamp is that of the event in the log that moved it."""
    before, after = event(given(EVENTS[:9], tunnel.STORY)), event(given(EVENTS[:10], tunnel.STORY))
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert (before["dtstart"].dt, after["dtstart"].dt) == (date(2031, 5, 12), date(2031, 5, 26))
    assert after["dtstamp"].dt == EVENTS[9].recorded_at
    assert "Revised: 1 time, last 2031-04-06 08:00 UTC" in after["description"]


@pytest.mark.parametrize(
    ("position", "claim", "status"),
    [
        (8, "T01", "TENTATIVE"),  # announced, by one source
        (11, "T01", "CONFIRMED"),  # by two
        (12, "T01", "TENTATIVE"),  # another day, by one source
        (16, "T01", "TENTATIVE"),  # done, as one source says
        (17, "T01", "CONFIRMED"),  # as two say
        (8, "T02", "TENTATIVE"),
        (17, "T02", "CANCELLED"),
        (17, "T03", "CANCELLED"),  # withdrawn
    ],
)
def test_the_status_of_an_event_is_no_firmer_than_what_is_known(position: int, claim: str, status: str) -> None:
    """Firm is what independent sources announce or report as done; what fell is cancelled and stays in the calendar."""
    assert event(given(EVENTS[:position], tunnel.STORY), claim)["status"] == status


@pytest.mark.parametrize(("standing", "status"), [("disputed", Status.ANNOUNCED), ("corroborated", Status.PLANNED)])
def test_what_is_disputed_or_only_planned_is_tentative(standing: str, status: Status) -> None:
    """However many say so: a plan is a plan, and a dispute a dispute."""
    told = given(EVENTS[:8], tunnel.STORY)
    claims = tuple(replace(claim, standing=Standing(standing), status=status) for claim in told.view.claims)
    assert event(replace(told, view=replace(told.view, claims=claims)))["status"] == "TENTATIVE"


@pytest.mark.parametrize(
    ("bound", "start", "end", "first", "last"),
    [
        ("on", "2031-05-12", "2031-05-18", date(2031, 5, 12), date(2031, 5, 18)),
        ("about", "2031-05-12", "2031-05-18", date(2031, 5, 12), date(2031, 5, 18)),
        ("by", "2031-06-01", "2031-06-30", date(2031, 6, 30), date(2031, 6, 30)),
        ("not before", "2032-01-01", "2032-12-31", date(2032, 1, 1), date(2032, 1, 1)),
        ("on", "9999-12-31", "9999-12-31", date(9999, 12, 30), date(9999, 12, 30)),
    ],
)
def test_a_date_is_as_long_as_it_was_said_to_be(bound: Bound, start: str, end: str, first: date, last: date) -> None:
    """A period has its last day, of a bound the day that binds is shown, and no day is too late for a calendar."""
    when = When(date.fromisoformat(start), date.fromisoformat(end), bound)
    one = Announced("T01", 1, when, Fate.AHEAD, 0, tunnel.OPENED)
    found = event(replace(WHOLE, announced=(one,)))
    assert found["dtstart"].dt == first
    assert found.get("dtend", found["dtstart"]).dt == (last + timedelta(days=1) if last > first else first)


def test_a_calendar_says_as_of_when_it_is() -> None:
    """Name and as-of line stand where programs look for them, in a note and with each event, also where none is."""
    for told in (WHOLE, given(bridge.events()[:7], bridge.STORY)):
        found = read(told)
        said = [found["description"], text(found["x-wr-caldesc"]), found.walk("VJOURNAL")[0]["summary"]]
        said += [one["comment"] for one in found.walk("VEVENT")]
        assert {one.partition("; ")[2] for one in said} == {f"position {told.view.head.position}"}
        assert text(found["x-wr-calname"]) == text(found["name"]) == told.view.title
        assert found["last-modified"].dt == told.view.as_of.astimezone(UTC)
    assert [one["url"] for one in read(given(EVENTS, tunnel.STORY)).walk("VEVENT") if "url" in one] == []


@brief
@drawn(hostile())
def test_whatever_strangers_say_is_words_in_a_valid_calendar(told: Material) -> None:
    """Titles and claims of any characters come back out as they are shown, and add no line of their own."""
    found = read(told)
    (one,) = found.walk("VEVENT")
    assert text(found["x-wr-calname"]) == text(found["name"]) == line(told.view.title)
    assert str(one["summary"]) == line(told.view.claims[0].current)
    assert one["status"] in {"TENTATIVE", "CONFIRMED", "CANCELLED"}
    assert isinstance(one["dtstamp"].dt, datetime)
    assert [part.name for part in found.walk()] == ["VCALENDAR", "VJOURNAL", "VEVENT"]
