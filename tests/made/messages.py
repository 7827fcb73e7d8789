"""Every kind of message on a made-up story of a flood, as it is kept in tests/data/messages.

`python -m tests.made.messages` writes the files anew; read the difference before you commit it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.made.streams import Recorder
from tracker.domain.claims import Claim, Relation
from tracker.domain.entry import EntryRef
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    EntryRemoved,
    EntryRevised,
    Event,
    Finding,
    FindingReviewed,
    Recorded,
    StoryOpened,
)
from tracker.domain.feed_events import FeedAdded, FeedSilent
from tracker.domain.source import source_of
from tracker.domain.story import fold
from tracker.domain.subscription_events import (
    EndpointDisabled,
    EndpointFailing,
    EndpointRecovered,
    Filter,
    SubscriptionAdded,
    Timing,
)
from tracker.domain.tracked import TrackedClaim
from tracker.rendering.alert import compose, trial
from tracker.rendering.alert_bulletin import Issue, Note, compose_bulletin
from tracker.rendering.alert_correction import compose_correction
from tracker.rendering.alert_correction_words import Correction
from tracker.rendering.alert_endpoint import compose_endpoint
from tracker.rendering.alert_letter import Letter
from tracker.rendering.alert_rows import Share
from tracker.rendering.alert_source import compose_source, source_note
from tracker.rendering.view import Head

FOLDER = Path(__file__).parent.parent / "data" / "messages"
STORY, TITLE = "orla-flood", "Flood on the river Orla"
STREAM = f"story-{STORY}"
OPENED = datetime(2031, 6, 21, 5, 0, tzinfo=UTC)
MISSING = Claim("S01", "Nineteen people are missing after the dam at Orla broke.", "the interior ministry")
KNEW = Claim("S02", "The operator was warned of cracks in the dam.", None)
BRIDGE = Claim("S03", "The railway bridge at Lund stays closed until Friday.", "the railway")
CAMP = Claim("N04", "An emergency camp for 600 people opens at the stadium.", "the mayor of Lund")
READER = SubscriptionAdded("s-ada", "email", "ada@news.example", STORY, timing=Timing(zone="Europe/Berlin"))
HOOK = SubscriptionAdded("s-hook", "webhook", "https://hooks.desk.example/in/7Kq", None, "env:HOOK")
DAILY = replace(
    READER,
    timing=Timing(every="daily", at="08:00", zone="Europe/Berlin", quiet=("22:00", "07:00"), urgent=("denied",)),
    only=Filter(languages=("en", "de")),
)
NIGHT = replace(READER, subscription="s-all", story=None, timing=replace(DAILY.timing, every="immediate"))
GROUPED = replace(READER, timing=Timing(group_wait=60, group_interval=600))


def _entry(number: int, source: str, title: str, at: datetime, publisher: str | None = None) -> EntryRef:
    url = f"https://{source.lower().replace(' ', '-')}.example/2031/06/flood-{number}?ref=rss&n={number}"
    return EntryRef(f"e{number}", "v1", title, "", url, publisher or source, source, at - timedelta(minutes=12), "en")


def _finding(relation: Relation, claim: Claim | None, sentence: str, reason: str, *change: str, of: str) -> Finding:
    field, old, new = change or (None, None, None)
    return Finding(
        claim.id if claim else None, relation, field, old, new, 0.91, sentence, f"{reason}; '{sentence}'", True, of
    )


def _story() -> tuple[Recorded, ...]:
    log = Recorder()

    def tell(hours: float, event: Event, actor: str = "judge 1") -> None:
        log.record(STREAM, event, at=OPENED + timedelta(hours=hours), actor=actor)

    def at(hours: float) -> datetime:
        return OPENED + timedelta(hours=hours)

    tell(0, StoryOpened(STORY, TITLE, "en", "flood.txt", "ab" * 32, OPENED), "person")
    for claim in (MISSING, KNEW, BRIDGE):
        tell(0, ClaimTracked(claim, "seed"), "person")
    toll = _entry(1, "Coast Wire", "Toll of missing at Orla rises to 31, ministry says", at(3), "Lund Post")
    risen = replace(MISSING, text="Thirty-one people are missing after the dam at Orla broke.")
    sentence = "Thirty-one people were still missing on Saturday morning, the interior ministry said."
    change = ("quantity", "19 people", "31 people")
    tell(
        3,
        ClaimUpdated(
            toll, _finding(Relation.UPDATES, MISSING, sentence, "31 is more than 19", *change, of="e1"), risen
        ),
    )
    denial = _entry(4, "Channel Nine", "Operator: <b>nobody</b> warned us of cracks", at(6))
    words = "“We had no such letter,” a spokeswoman for the operator said."
    tell(
        6,
        ClaimDenied(
            denial, _finding(Relation.DENIES, KNEW, words, "the opposite is said: warned / no such letter", of="e4")
        ),
    )
    camp = _entry(5, "Lund Post", "Stadium at Lund becomes camp for 600", at(8))
    new = _finding(
        Relation.NEW,
        None,
        "The mayor said a camp for 600 people would open at the stadium.",
        "an important statement that no tracked claim covers",
        of="e5",
    )
    tell(8, ClaimTracked(CAMP, "entry", camp, new))
    for number, source in ((6, "Channel Nine"), (7, "City Herald")):
        again = _entry(number, source, f"Camp for 600 in Lund, says {source}", at(8 + number / 24))
        same = _finding(Relation.CORROBORATES, CAMP, "A camp for 600 people is to open.", "the same is said", of="e5")
        tell(8 + number / 24, ClaimCorroborated(again, same))
    tell(9, EntryRevised(toll, "Thirty-one people were still missing.", "Twenty-one people were still missing."))
    review = FindingReviewed(5, "rejected", None, MISSING.id)
    tell(10, review, "Ada")
    tell(11, ClaimWithdrawn(KNEW.id, "the letter turned out to be forged"), "Ada")
    tell(12, EntryRemoved(camp, "its page is gone (HTTP 404)", (CAMP.id,)))
    return tuple(log.events)


EVENTS = _story()
BY_POSITION = {one.position: one for one in EVENTS}
TEXTS = {claim.id: claim.text for claim in (MISSING, KNEW, BRIDGE, CAMP)}
TOLL, DENIAL, CAMP_AT, AGAIN, EDIT, REJECTED, WITHDRAWN, GONE = 5, 6, 7, (8, 9), 10, 11, 12, 13
MADE = datetime(2031, 6, 22, 6, 0, 20, tzinfo=UTC)
PERIOD = (datetime(2031, 6, 21, 6, 0, tzinfo=UTC), datetime(2031, 6, 22, 6, 0, tzinfo=UTC))


def some(*positions: int) -> list[Recorded]:
    """Return events of the story."""
    return [BY_POSITION[one] for one in positions]


def claims(upto: int) -> Mapping[str, TrackedClaim]:
    """Return the claims as they stood at a position."""
    story = fold(EVENTS[:upto])
    assert story is not None
    return story.claims


def alert(*positions: int, wish: SubscriptionAdded = READER) -> Letter:
    """Return the alert on developments of one entry."""
    return compose(some(*positions), story=STORY, story_title=TITLE, claims=TEXTS, subscription=wish)


def correction_of(position: int, *said: int) -> Correction:
    """Return the correction at a position of what was said at others."""
    held = claims(position)
    named = {one.event.claim for one in some(position) if isinstance(one.event, ClaimWithdrawn | FindingReviewed)}
    named |= {CAMP.id} if position == GONE else set()
    return Correction(
        BY_POSITION[position],
        tuple((BY_POSITION[one], f"d-{one:032x}") for one in said),
        {name: held[name] for name in sorted(named)},
    )


def correction(position: int, *said: int, wish: SubscriptionAdded = READER) -> Letter:
    """Return the message that corrects what was said."""
    one = correction_of(position, *said)
    return compose_correction([one], [], story=STORY, story_title=TITLE, claims=TEXTS, prefix=TITLE, subscription=wish)


def share(*positions: int, corrections: Sequence[Correction] = (), resolved: bool = False) -> Share:
    """Return what a message has on the story."""
    held = claims(GONE)
    over = (held[BRIDGE.id],) if resolved else ()
    return Share(STORY, TITLE, TEXTS, tuple(some(*positions)), tuple(corrections), frozenset({KNEW.id}), over)


def bulletin(issue: Issue, *shares: Share, notes: Sequence[Note] = (), wish: SubscriptionAdded = DAILY) -> Letter:
    """Return a message on many things."""
    positions = [one.position for held in shares for one in held.developments]
    head = Head(GONE, BY_POSITION[GONE].hash)
    return compose_bulletin(issue, shares, notes, positions=positions, head=head, subscription=wish)


OTHER = Share("harbour", "Strike in the harbour of Lund", TEXTS, tuple(some(CAMP_AT)))


def digest(*, late: bool = False) -> Letter:
    """Return a daily digest."""
    issue = Issue("digest", MADE + timedelta(hours=7 if late else 0), PERIOD)
    return bulletin(
        issue, share(DENIAL, CAMP_AT, *AGAIN, EDIT, corrections=[correction_of(REJECTED, TOLL)], resolved=True)
    )


def silent() -> tuple[Recorded, Recorded]:
    """Return that a source was added, and that it fell silent."""
    log = Recorder()
    added = log.record("feed-nine", FeedAdded("nine", "https://nine.example/rss", "Channel Nine", STORY), at=OPENED)
    later = OPENED + timedelta(days=3)
    return added, log.record("feed-nine", FeedSilent("nine", OPENED, 3600.0), at=later, actor="worker")


def digest_of_many() -> Letter:
    """Return a late digest on several stories, with a note on a source, for a reader of everything."""
    added, event = silent()
    kind, text = source_note(source_of([added]), event)
    wish = replace(DAILY, subscription="s-all", story=None, sources=True)
    issue = Issue("digest", MADE + timedelta(hours=7), PERIOD)
    return bulletin(issue, share(DENIAL), OTHER, notes=[Note(f"source.{kind}", text, event.position)], wish=wish)


def endpoint(
    event: EndpointFailing | EndpointDisabled | EndpointRecovered, before: EndpointDisabled | None = None
) -> Letter:
    """Return the message on a way; `before` is what was said of it last."""
    recorded = Recorder().record(f"endpoint-{event.endpoint}", event, at=OPENED + timedelta(days=5), actor="worker")
    return compose_endpoint(recorded, [HOOK], READER, before)


DISABLED = EndpointDisabled("w-5f0c", "webhook", HOOK.target, OPENED, "answered 410")
LETTERS: Mapping[str, Callable[[], Letter]] = {
    "alert": lambda: alert(TOLL),
    "alert-filtered": lambda: alert(DENIAL, wish=replace(READER, only=Filter(kinds=("denied", "updated")))),
    "group": lambda: bulletin(Issue("group", MADE), share(TOLL, CAMP_AT, *AGAIN), wish=GROUPED),
    "catch-up": lambda: bulletin(Issue("catch-up", MADE), share(TOLL, DENIAL, *AGAIN), OTHER, wish=NIGHT),
    "digest": digest,
    "digest-late": lambda: digest(late=True),
    "digest-of-many": digest_of_many,
    "correction": lambda: correction(REJECTED, TOLL),
    "correction-withdrawn": lambda: correction(WITHDRAWN, DENIAL),
    "correction-edited": lambda: correction(EDIT, TOLL),
    "correction-removed": lambda: correction(GONE, CAMP_AT),
    "source": lambda: compose_source(source_of([silent()[0]]), silent()[1], replace(READER, sources=True)),
    "endpoint-failing": lambda: endpoint(
        EndpointFailing("w-5f0c", "webhook", HOOK.target, 4, OPENED, "answered 503 Service Unavailable")
    ),
    "endpoint-disabled": lambda: endpoint(DISABLED),
    "endpoint-recovered": lambda: endpoint(EndpointRecovered("w-5f0c", "webhook", HOOK.target)),
    "endpoint-enabled": lambda: endpoint(EndpointRecovered("w-5f0c", "webhook", HOOK.target), DISABLED),
    "test": lambda: trial(READER, OPENED),
}


def forms(letter: Letter) -> Mapping[str, str]:
    """Return a message in its three forms, by the ending of the file."""
    return {
        "txt": f"Subject: {letter.subject}\n\n{letter.text}",
        "html": letter.html,
        "json": json.dumps(letter.payload, ensure_ascii=False, indent=2) + "\n",
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, make in LETTERS.items():
        for ending, text in forms(make()).items():
            (FOLDER / f"{name}.{ending}").write_text(text, encoding="utf-8")
