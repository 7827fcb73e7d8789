"""A small made-up story of dates that were announced: they hold, slip, fall, and come true."""

from datetime import UTC, date, datetime, timedelta

from tests.made.bridge import entry, finding
from tests.made.streams import Recorder
from tracker.domain.claims import Claim, Relation, Status
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    Event,
    FindingReviewed,
    Recorded,
    StoryOpened,
)
from tracker.domain.when import Bound, When

STORY = "tunnel"
STREAM = f"story-{STORY}"
OPENED = datetime(2031, 4, 1, 8, 0, tzinfo=UTC)


def on(text: str, start: str, end: str = "", bound: Bound = "on") -> When:
    """Return a date as a sentence says it; days are ISO dates."""
    return When(date.fromisoformat(start), date.fromisoformat(end or start), bound, text)


def opens(day: str, text: str, status: Status = Status.ANNOUNCED) -> Claim:
    """Return the claim that the tunnel opens, on a day."""
    return Claim(
        "T01", f"The harbour tunnel opens on {text}.", "the operator; Tunnel, Ltd", status, (), (on(text, day),)
    )


FREE = Claim(
    "T02", "Trains are free from 12 to 18 May 2031.", None, Status.PLANNED, (),
    (on("from 12 to 18 May 2031", "2031-05-12", "2031-05-18"),),
)  # fmt: skip
FERRY = Claim(
    "T03", "The old ferry sails until the end of June 2031.", "the harbour office", Status.UNDER_WAY, (),
    (on("until the end of June 2031", "2031-06-01", "2031-06-30", "by"),),
)  # fmt: skip
SECOND = Claim(
    "T04", "The second tube opens in 2032 at the earliest.", "the operator", Status.PLANNED, (),
    (on("in 2032 at the earliest", "2032-01-01", "2032-12-31", "not before"),),
)  # fmt: skip
PROMISE = Claim(
    "T05", "The mayor said on 1 March 2031 that there will be no toll.", "the mayor", Status.ANNOUNCED, (),
    (on("on 1 March 2031", "2031-03-01"),),
)  # fmt: skip
TOLL = Claim("T06", "A toll may come in June 2031.", None, Status.POSSIBLE, (), (on("June 2031", "2031-06-15"),))
NO_PARTY = Claim(
    "T07", "There is no party on 12 May 2031.", None, Status.PLANNED, (), (on("12 May 2031", "2031-05-12"),),
    polarity=False,
)  # fmt: skip
CLAIMS = (opens("2031-05-12", "12 May 2031"), FREE, FERRY, SECOND, PROMISE, TOLL, NO_PARTY)


def moved(number: int, days: float, source: str, after: Claim, *, field: str, old: str, new: str) -> Event:
    """Return an update of a claim."""
    title = f'{source}: <b>{new}</b> & "{old}"; what, then?'
    found = finding(Relation.UPDATES, after, f"It is {new} now.", f"{field} moved", field=field, old=old, new=new)
    return ClaimUpdated(entry(number, source, title, OPENED + timedelta(days=days)), found, after)


def said(number: int, days: float, source: str, claim: Claim) -> Event:
    """Return that a source says the same of a claim."""
    title = f"=HYPERLINK of {source}, which agrees"
    found = finding(Relation.CORROBORATES, claim, "So it is.", "it says the same")
    return ClaimCorroborated(entry(number, source, title, OPENED + timedelta(days=days)), found)


LATER, JUNE = opens("2031-05-26", "26 May 2031"), opens("2031-06-09", "9 June 2031")
OPEN = opens("2031-05-26", "26 May 2031", Status.DONE)
CANCELLED = Claim("T02", "Trains are not free after all.", None, Status.CANCELLED)
REPORTS: tuple[tuple[float, Event], ...] = (
    (1, said(1, 1, "City Herald", CLAIMS[0])),
    (5, moved(2, 5, "Coast Wire", LATER, field="date", old="12 May 2031", new="26 May 2031")),
    (6, said(3, 6, "Harbour Post", LATER)),
    (9, moved(4, 9, "Channel Nine", JUNE, field="date", old="26 May 2031", new="9 June 2031")),
    (10, FindingReviewed(12, "rejected", claim="T01")),
    (12, moved(5, 12, "Coast Wire", CANCELLED, field="status", old="planned", new="cancelled")),
    (20, ClaimWithdrawn("T03", "the harbour office took it back")),
    (56, moved(6, 56, "City Herald", OPEN, field="status", old="announced", new="done")),
    (57, said(7, 57, "Coast Wire", LATER)),
)


def events() -> tuple[Recorded, ...]:
    """Return the log: seven claims, of which four announce a date, and what became of them."""
    log = Recorder()
    opened = StoryOpened(STORY, "Tunnel; under the harbour, opens", "en", None, None, OPENED)
    log.record(STREAM, opened, at=OPENED, actor="person")
    for claim in CLAIMS:
        log.record(STREAM, ClaimTracked(claim, "seed"), at=OPENED, actor="person", published=OPENED)
    for days, event in REPORTS:
        actor = "Ada" if isinstance(event, FindingReviewed) else "judge 1"
        log.record(STREAM, event, at=OPENED + timedelta(days=days), actor=actor)
    return tuple(log.events)
