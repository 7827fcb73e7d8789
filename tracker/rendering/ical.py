"""The dates that a story's claims have announced, as a calendar (RFC 5545, RFC 7986)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Component, Event, Journal, vText

from tracker.domain.announced import Announced, Fate
from tracker.domain.claims import Standing, Status
from tracker.domain.when import When
from tracker.rendering import phrases
from tracker.rendering.export_marks import as_of, link, uid
from tracker.rendering.plain import line, moment
from tracker.rendering.view import ClaimView, StatusView

_BOUNDS = {"on": "", "by": ", at the latest", "not before": ", at the earliest", "about": ", about"}


def calendar(view: StatusView, announced: Iterable[Announced], *, site: str | None) -> str:
    """Return an event for each announced date, and a note as of when the calendar is.

    A date that slips is the same event, with its sequence raised; one that falls stays, and is cancelled.
    """
    made = Calendar()
    made.add("prodid", "-//story-tracker//tracker//EN")
    made.add("version", "2.0")
    made.add("uid", uid(view, "calendar"))
    for name in ("name", "x-wr-calname"):  # the one of RFC 7986, and the one that most programs read
        made.add(name, vText(line(view.title)))
    for name in ("description", "x-wr-caldesc"):
        made.add(name, vText(as_of(view)))
    made.add("last-modified", _utc(view.as_of))
    made.add_component(_note(view))
    claims = {claim.id: claim for claim in view.claims}
    for one in announced:
        made.add_component(_event(view, one, claims[one.claim], site))
    return bytes(made.to_ical(sorted=False)).decode()


def _note(view: StatusView) -> Component:
    """Return what a calendar must hold at least, a component, whether or not any date was announced."""
    note = Journal()
    note.add("uid", uid(view, "as-of"))
    note.add("dtstamp", _utc(view.as_of))
    note.add("dtstart", _utc(view.as_of).date())
    note.add("summary", as_of(view))
    return note


def _event(view: StatusView, one: Announced, claim: ClaimView, site: str | None) -> Component:
    event = Event()
    event.add("uid", uid(view, one.claim, one.nth))
    event.add("sequence", one.sequence)
    event.add("dtstamp", _utc(max(one.revised, claim.last_seen)))
    event.add("created", _utc(claim.first_seen))
    first, last = _days(one.when)
    event.add("dtstart", first)
    if last > first:
        event.add("dtend", last + timedelta(days=1))  # the first day that is not of it any more
    event.add("summary", line(claim.current))
    event.add("description", _words(one, claim))
    event.add("comment", as_of(view))
    event.add("status", _status(one, claim))
    event.add("transp", "TRANSPARENT")  # news takes nobody's time
    address = link(site, view, None, "claim", claim.id)
    if address:
        event.add("url", address)
    return event


def _days(when: When) -> tuple[date, date]:
    """Return the first and the last day to show: of a bound the day that binds."""
    last = min(when.end, date.max - timedelta(days=1))
    if when.bound == "by":
        return last, last
    first = min(when.start, last)
    return (first, first) if when.bound == "not before" else (first, last)


def _words(one: Announced, claim: ClaimView) -> str:
    days = "/".join(f"{day:%Y-%m-%d}" for day in dict.fromkeys((one.when.start, one.when.end)))
    said = f", as it was said: {line(one.when.text)}" if line(one.when.text) else ""
    moved = f"{phrases.count(one.sequence, 'time')}, last {moment(one.revised)}" if one.sequence else "never"
    told = [
        f"Said by: {phrases.speaker(claim) or 'nobody who is named'}",
        f"Status: {line(claim.status)}",
        f"Date: {days}{_BOUNDS[one.when.bound]}{said}",
        f"How sure: {phrases.filed(claim)}; {phrases.standing(claim)}; {phrases.seen(claim)}",
        f"Revised: {moved}",
    ]
    return "\n".join(told)


def _status(one: Announced, claim: ClaimView) -> str:
    """Return how firm an event is: firm is what has happened, or what a source and another, independent one announced.

    What is only planned, said by one source alone, or disputed is tentative.
    """
    if one.fate is Fate.OFF:
        return "CANCELLED"
    firm = one.fate is Fate.DONE or claim.status in {Status.ANNOUNCED, Status.UNDER_WAY}
    return "CONFIRMED" if firm and claim.standing == Standing.CORROBORATED else "TENTATIVE"


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
