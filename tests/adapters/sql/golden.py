"""What the golden files mean: the event, in its present shape, that each of them must be read as.

A file is written once and never changed. A new type or schema gets a file of its own and a line here; the line of an
older schema says what its upcasters make of it.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from tracker.domain.claims import Claim, Evidence, Relation, Status
from tracker.domain.entry import EntryRef
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    EntryErased,
    EntryLinked,
    EntryRemoved,
    EntryRestored,
    EntryRevised,
    Event,
    Finding,
    FindingReviewed,
    Opinion,
    StoryClosed,
    StoryOpened,
    StoryRenamed,
    StoryReopened,
)
from tracker.domain.feed_events import (
    FeedAdded,
    FeedFailing,
    FeedGone,
    FeedMoved,
    FeedRecovered,
    FeedRekeyed,
    FeedRemoved,
    FeedSilent,
)
from tracker.domain.judge_events import Curve, JudgeCalibrated, JudgeReset
from tracker.domain.quantity import Quantity
from tracker.domain.subscription_events import (
    EndpointDisabled,
    EndpointFailing,
    EndpointRecovered,
    Filter,
    MuteLifted,
    MuteSet,
    SubscriptionAdded,
    SubscriptionRemoved,
    Timing,
)
from tracker.domain.when import When

FOLDER = Path(__file__).parents[2] / "data" / "golden"

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
SENTENCE = "France may send 100 instructors to Ukraine"
CLAIM = Claim(
    id="S01",
    text=SENTENCE,
    attributed_to="Emmanuel Macron",
    status=Status.POSSIBLE,
    quantities=(Quantity(low=100.0, high=None, noun="instructor", approximate=True, text="some 100", start=16),),
    dates=(
        When(
            start=date(2024, 6, 1),
            end=date(2024, 6, 30),
            bound="by",
            text="by the end of June",
            offset=3,
            resolved=False,
        ),
    ),
    polarity=False,
    evidence=Evidence(document="article.txt", start=10, end=52, sentence=SENTENCE),
)
ENTRY = EntryRef(
    id="e-1",
    version="v-1",
    title="France to send 300 instructors",
    summary="Über 300 – so «Le Quotidien».",
    url="https://news.example/1?a=b",
    publisher="Le Quotidien",
    source="AFP",
    published=NOON.replace(microsecond=250000),
    language="en",
)


def finding(claim: str | None, relation: Relation, *differs: str | None, needs_review: bool = False) -> Finding:
    """Return the finding of the golden entry."""
    field, old, new = differs or (None, None, None)
    return Finding(
        claim=claim,
        relation=relation,
        field=field,
        old=old,
        new=new,
        score=0.93,
        sentence="Paris will send 300 instructors.",
        reason="another number of the same thing",
        news=True,
        happening="e-1",
        needs_review=needs_review,
    )


NUMBER = ("quantity", "100", "300")
OPINION = Opinion("small-1", "question-1", "ab" * 32, Relation.UPDATES, "It says 300 where the claim says 100.", 210)
DOUBTED = finding("S01", Relation.DENIES, *NUMBER, needs_review=True)

EVENTS: dict[str, Event] = {
    "story.opened-1": StoryOpened(
        "instructors", "Western instructors in Ukraine", "en", "article.txt", "ab" * 32, NOON
    ),
    "story.closed-1": StoryClosed("instructors"),
    "story.reopened-1": StoryReopened("instructors"),
    "story.renamed-1": StoryRenamed("instructors", "Instructors"),
    "claim.tracked-1": ClaimTracked(CLAIM, "entry", ENTRY, finding(None, Relation.NEW)),
    "claim.tracked-2": ClaimTracked(CLAIM, "seed", source="Le Quotidien"),
    "claim.tracked-3": ClaimTracked(CLAIM, "entry", ENTRY, finding(None, Relation.NEW)),
    "entry.linked-1": EntryLinked(ENTRY, 0.8, "repeats what is known", "e-0", ("S01", "S02"), "e-0"),
    "claim.corroborated-1": ClaimCorroborated(ENTRY, finding("S01", Relation.CORROBORATES)),
    "claim.updated-1": ClaimUpdated(ENTRY, finding("S01", Relation.UPDATES, *NUMBER), CLAIM),
    "claim.denied-1": ClaimDenied(ENTRY, finding("S01", Relation.DENIES, *NUMBER, needs_review=True)),
    "claim.corroborated-2": ClaimCorroborated(ENTRY, finding("S01", Relation.CORROBORATES)),
    "claim.updated-2": ClaimUpdated(ENTRY, replace(finding("S01", Relation.UPDATES, *NUMBER), opinion=OPINION), CLAIM),
    "claim.denied-2": ClaimDenied(
        ENTRY, replace(DOUBTED, opinion=replace(OPINION, relation=None, tokens=None), doubt="a weak link: 0.45")
    ),
    "claim.withdrawn-1": ClaimWithdrawn("S01", "retracted"),
    "entry.revised-1": EntryRevised(ENTRY, "300 instructors", "200 instructors"),
    "entry.removed-1": EntryRemoved(ENTRY, "the page is gone (HTTP 410)", ("C1", "C2")),
    "entry.restored-1": EntryRestored(ENTRY, ("C1", "C2")),
    "entry.erased-1": EntryErased("e-1", "a court's order", ((7, "ab" * 32), (9, "cd" * 32))),
    "finding.reviewed-1": FindingReviewed(7, "relabelled", Relation.DENIES, ""),
    "finding.reviewed-2": FindingReviewed(7, "relabelled", Relation.DENIES, "S01"),
    "feed.added-1": FeedAdded("f-1", "https://news.example/feed", "News", None),
    "feed.removed-1": FeedRemoved("f-1"),
    "feed.failing-1": FeedFailing("f-1", 5, "HTTP 500"),
    "feed.failing-2": FeedFailing("f-1", 3, "HTTP 403 Forbidden", "wall", NOON),
    "feed.recovered-1": FeedRecovered("f-1"),
    "feed.gone-1": FeedGone("f-1"),
    "feed.moved-1": FeedMoved("f-1", "http://news.example/feed", "https://news.example/feed"),
    "feed.silent-1": FeedSilent("f-1", NOON, 3600.0),
    "feed.rekeyed-1": FeedRekeyed("f-1", "id", "link", "3 of 30 entries have no id"),
    "subscription.added-1": SubscriptionAdded("s-1", "webhook", "https://hook.example/x", "instructors", "env:HOOK"),
    "subscription.added-2": SubscriptionAdded("s-1", "email", "desk@news.example", None, sources=True),
    "subscription.added-3": SubscriptionAdded(
        "s-1",
        "chat",
        "env:SLACK",
        "instructors",
        None,
        sources=True,
        person="Ada",
        endpoints=True,
        only=Filter(("denied", "new"), "corroborated", ("S01",), ("en", "fr"), ("Reuters",)),
        timing=Timing("weekly", "07:30", 4, "Europe/Paris", ("22:00", "06:30"), ("denied",), 30.0, 300.0),
    ),
    "subscription.removed-1": SubscriptionRemoved("s-1"),
    "mute.set-1": MuteSet("m-1", "claim", "instructors", "S01", NOON, "s-1"),
    "mute.lifted-1": MuteLifted("m-1"),
    "endpoint.failing-1": EndpointFailing("w-1", "webhook", "https://hook.example/x", 4, NOON, "HTTP 500"),
    "endpoint.disabled-1": EndpointDisabled("w-1", "webhook", "https://hook.example/x", NOON, "answered 410"),
    "endpoint.recovered-1": EndpointRecovered("w-1", "webhook", "https://hook.example/x"),
    "judge.calibrated-1": JudgeCalibrated((Curve(Relation.DENIES, 0.75, -0.5, 40, 26),), 0.8, (31, 44)),
    "judge.reset-1": JudgeReset(),
}
