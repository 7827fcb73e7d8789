"""A small made-up story in which everything happens once: the log of "Old harbour bridge closed"."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.made.streams import Recorder
from tracker.domain.claims import Claim, Relation, Status
from tracker.domain.entry import EntryRef
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    EntryLinked,
    EntryRevised,
    Event,
    Finding,
    FindingReviewed,
    Recorded,
    StoryOpened,
)
from tracker.domain.feed_events import (
    FeedAdded,
    FeedFailing,
)
from tracker.domain.quantity import Quantity

STORY = "harbour-bridge"
STREAM = f"story-{STORY}"
OPENED = datetime(2031, 3, 3, 8, 0, tzinfo=UTC)
HURT = Claim(
    "S01",
    "Eleven people were hurt when the railing gave way.",
    "the fire brigade",
    Status.FACT,
    (Quantity(11, 11, noun="person"),),
)
HURT_NOW = Claim(
    "S01",
    "Fourteen people were hurt when the railing gave way.",
    "the fire brigade",
    Status.FACT,
    (Quantity(14, 14, noun="person"),),
)
KNEW = Claim("S02", "The council knew of cracks in the railing.", None, Status.FACT)
CLOSED = Claim("S03", "The bridge will stay closed until 14 March.", "the council", Status.PLANNED)
FERRY = Claim("S04", "A ferry will run from Tuesday.", "the harbour office", Status.ANNOUNCED)
INQUIRY = Claim("N-7c1", "A judge will lead an inquiry into the collapse.", "the mayor", Status.ANNOUNCED)


def entry(number: int, source: str, title: str, at: datetime, publisher: str | None = None) -> EntryRef:
    """Return a reference to an entry published ten minutes before it was seen."""
    slug = f"https://{source.lower().replace(' ', '-')}.example/{number}?a=1&b=2"
    return EntryRef(f"e{number}", "v1", title, "", slug, publisher or source, source, at - timedelta(minutes=10), "en")


def finding(
    relation: Relation, claim: Claim | None, sentence: str, reason: str, *, field: str | None = None,
    old: str | None = None, new: str | None = None, score: float = 0.9, news: bool = True, sure: bool = True,
) -> Finding:  # fmt: skip
    """Return a finding."""
    id_ = claim.id if claim else None
    return Finding(id_, relation, field, old, new, score, sentence, reason, news, "e1", needs_review=not sure)


def events() -> tuple[Recorded, ...]:
    """Return the log: two feeds, four seed claims, and five days of reports."""
    log = Recorder()
    log.record("feed-post", FeedAdded("post", "https://post.example/rss", "Harbour Post", STORY), at=OPENED)
    log.record("feed-nine", FeedAdded("nine", "https://nine.example/rss", "Channel Nine", None), at=OPENED)
    opened = StoryOpened(STORY, "Old harbour bridge closed", "en", "bridge.txt", "ab" * 32, OPENED)
    log.record(STREAM, opened, at=OPENED, actor="person")
    for claim in (HURT, KNEW, CLOSED, FERRY):
        log.record(STREAM, ClaimTracked(claim, "seed"), at=OPENED, actor="person")
    for hours, event in _reports():
        log.record(STREAM, event, at=OPENED + timedelta(hours=hours), actor="judge 1")
    review = FindingReviewed(_position(log, "e9"), "rejected")
    log.record(STREAM, review, at=OPENED + timedelta(hours=75), actor="Ada")
    failing = FeedFailing("nine", 4, "nine.example answered 503")
    log.record("feed-nine", failing, at=OPENED + timedelta(hours=76), actor="worker")
    return tuple(log.events)


def events_before(now: datetime) -> tuple[Recorded, ...]:
    """Return the log as if all of it had been seen before now: what asks the machine's clock takes it for the past."""
    told = events()
    by = now - told[-1].recorded_at - timedelta(days=1)
    return tuple(replace(one, recorded_at=one.recorded_at + by) for one in told)


def _position(log: Recorder, entry_id: str) -> int:
    return next(at.position for at in log.events if getattr(getattr(at.event, "entry", None), "id", None) == entry_id)


def _reports() -> list[tuple[float, Event]]:
    def at(hours: float) -> datetime:
        return OPENED + timedelta(hours=hours)

    edited = entry(1, "Coast Wire", "Bridge railing: eleven hurt", at(2), "Harbour Post")
    return [
        (
            2,
            ClaimCorroborated(
                edited,
                finding(
                    Relation.CORROBORATES,
                    HURT,
                    "Eleven people were hurt, the fire brigade said.",
                    "same number: 11 people",
                ),
            ),
        ),
        (
            3,
            EntryLinked(
                entry(2, "Coast Wire", "Eleven hurt on bridge", at(3), "City Herald"),
                0.8,
                "the same agency text",
                "e1",
                ("S01",),
                "e1",
            ),
        ),
        (
            4,
            EntryLinked(
                entry(3, "Channel Nine", "A short history of the bridge", at(4)), 0.6, "background only", None, (), "e3"
            ),
        ),
        (
            9,
            ClaimUpdated(
                entry(4, "City Herald", "Toll on harbour bridge rises to 14", at(9)),
                finding(
                    Relation.UPDATES,
                    HURT,
                    "Fourteen people are now known to be hurt.",
                    "14 is more than the 11 known before",
                    field="quantity",
                    old="11 people",
                    new="14 people",
                ),
                HURT_NOW,
            ),
        ),
        (
            20,
            ClaimDenied(
                entry(5, "Harbour Post", "Council: \x1b[31mno warning\x1b[0m of <cracks>", at(20)),
                finding(
                    Relation.DENIES,
                    KNEW,
                    "“Nobody told us of any cracks,” a spokeswoman said.",
                    "the opposite is said: knew / nobody told",
                    field="polarity",
                ),
            ),
        ),
        (
            30,
            ClaimTracked(
                INQUIRY,
                "entry",
                entry(6, "Channel Nine", "Judge to lead bridge inquiry", at(30)),
                finding(
                    Relation.NEW,
                    None,
                    "A judge will lead an inquiry, the mayor said.",
                    "an announcement that no claim covers",
                ),
            ),
        ),
        (
            40,
            ClaimUpdated(
                entry(7, "Coast Wire", "Bridge may stay closed for longer", at(40)),
                finding(
                    Relation.UPDATES,
                    CLOSED,
                    "Repairs could take until summer, engineers fear.",
                    "a later date, but only a fear",
                    field="date",
                    old="14 March",
                    new="summer",
                    score=0.48,
                    sure=False,
                ),
                CLOSED,
            ),
        ),
        (50, EntryRevised(edited, "Eleven people were hurt.", "Eleven people were injured.")),
        (60, ClaimWithdrawn("S04", "the harbour office took its announcement back")),
        (
            70,
            ClaimDenied(
                entry(9, "City Herald", "Bridge to open tomorrow, says reader", at(70)),
                finding(
                    Relation.DENIES,
                    CLOSED,
                    "It opens tomorrow!",
                    "another date: tomorrow",
                    field="date",
                    old="14 March",
                    new="tomorrow",
                ),
            ),
        ),
        (
            74,
            ClaimCorroborated(
                entry(10, "Channel Nine", "Fourteen hurt, hospital confirms", at(74)),
                finding(Relation.CORROBORATES, HURT, "The hospital treated 14 people.", "same number: 14 people"),
            ),
        ),
    ]
