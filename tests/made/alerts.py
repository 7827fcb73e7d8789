"""A small story with developments, and the wish to be told of them."""

from datetime import UTC, datetime
from typing import Any

from tracker.domain.claims import Claim, Relation
from tracker.domain.entry import EntryRef
from tracker.domain.events import (
    WITHDRAWN,
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    Event,
    Finding,
    FindingEvent,
    NewEvent,
    Recorded,
    StoryOpened,
)
from tracker.domain.story import Story, fold
from tracker.domain.subscription_events import SubscriptionAdded

NOON = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)
STORY = "instructors"
TITLE = "Western instructors in Ukraine"
SENDS = Claim("S01", "France may send 100 instructors to Ukraine")
AGREES = Claim("S02", "Ukraine and France have agreed on a visit")
CLAIMS = {claim.id: claim.text for claim in (SENDS, AGREES)}
TEST_SECRET = "whsec_dGhpcnR5LXR3by1ieXRlcy1vZi10ZXN0LXNlY3JldCE="


def entry(identity: str = "e1", **changes: Any) -> EntryRef:
    """Return a reference to an entry."""
    values: dict[str, Any] = {
        "id": identity,
        "version": f"v-{identity}",
        "title": "France to send 300 instructors",
        "summary": "The first group leaves next week.",
        "url": f"https://news.example/{identity}",
        "publisher": "Le Quotidien",
        "source": "AFP",
        "published": datetime(2024, 6, 1, 11, 30, tzinfo=UTC),
        "language": "en",
    }
    return EntryRef(**{**values, **changes})


def finding(relation: Relation, claim: str | None = "S01", **changes: Any) -> Finding:
    """Return a finding that is news."""
    values: dict[str, Any] = {
        "field": "quantity",
        "old": "100",
        "new": "300",
        "score": 0.93,
        "sentence": "Paris will send 300 instructors, the minister said.",
        "reason": "another number of the same thing",
        "news": True,
        "happening": "e1",
    }
    return Finding(claim=claim, relation=relation, **{**values, **changes})


def updated(ref: EntryRef | None = None, **changes: Any) -> FindingEvent:
    """Return an update of the first claim."""
    return ClaimUpdated(ref or entry(), finding(Relation.UPDATES, **changes), SENDS)


def denied(ref: EntryRef | None = None, **changes: Any) -> FindingEvent:
    """Return a denial of the second claim."""
    return ClaimDenied(
        ref or entry(), finding(Relation.DENIES, "S02", **{"field": None, "old": None, "new": None, **changes})
    )


def taken_back(ref: EntryRef | None = None, *, how: str = WITHDRAWN, **changes: Any) -> ClaimDenied:
    """Return that who said the first claim, or the outlet that reported it, takes it back."""
    said = {"field": "status", "old": "announced", "new": how, **changes}
    return ClaimDenied(ref or entry("e2"), finding(Relation.DENIES, **said))


def corroborated(ref: EntryRef | None = None, **changes: Any) -> FindingEvent:
    """Return a corroboration of the first claim."""
    return ClaimCorroborated(
        ref or entry(), finding(Relation.CORROBORATES, **{"field": None, "old": None, "new": None, **changes})
    )


def discovered(ref: EntryRef | None = None, **changes: Any) -> ClaimTracked:
    """Return a claim that an entry brings in."""
    claim = Claim("N-1", "Poland will train pilots")
    return ClaimTracked(claim, "entry", ref or entry(), finding(Relation.NEW, None, **{"field": None, **changes}))


def opening() -> tuple[NewEvent, ...]:
    """Return the events that open the story."""
    opened = StoryOpened(STORY, TITLE, "en", None, None, NOON)
    events = [NewEvent("open", opened, "person", "seed")]
    return (
        *events,
        *(NewEvent(f"track-{claim.id}", ClaimTracked(claim, "seed"), "person", "seed") for claim in (SENDS, AGREES)),
    )


def story() -> Story:
    """Return the story as it stands once it is opened."""
    told = fold(recorded(*(new.event for new in opening())))
    assert told is not None
    return told


def recorded(*events: Event, seen: datetime = NOON) -> list[Recorded]:
    """Return findings of one batch as the log holds them, from position 41 on."""
    return [
        Recorded(
            40 + number, f"story-{STORY}", number, f"id-{number}", event, "judge", "e1", None, seen, f"{number:064x}"
        )
        for number, event in enumerate(events, 1)
    ]


def by_mail(address: str = "reader@example.org", story: str | None = STORY) -> SubscriptionAdded:
    """Return the wish for a mail."""
    return SubscriptionAdded(f"s-{address.partition('@')[0]}", "email", address, story)


def by_webhook(url: str, identity: str = "s-hook", secret: str = "env:HOOK") -> SubscriptionAdded:
    """Return the wish for a webhook."""
    return SubscriptionAdded(identity, "webhook", url, None, secret)
