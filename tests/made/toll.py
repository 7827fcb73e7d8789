"""A made-up story whose figures and dates move: the log of "Ferry capsizes off Korsholm"."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tests.made.streams import Recorder
from tracker.domain.claims import Claim, Relation, Status
from tracker.domain.entry import Entry, EntryRef, refer
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    EntryLinked,
    EntryRevised,
    Event,
    Finding,
    FindingReviewed,
    Recorded,
    StoryOpened,
)
from tracker.domain.quantity import quantities
from tracker.domain.when import spoken, whens
from tracker.ports.archive import Archive, Judgement

STORY = "korsholm-ferry"
STREAM = f"story-{STORY}"
OPENED = datetime(2031, 6, 2, 6, 0, tzinfo=UTC)


def saying(id_: str, text: str, status: Status = Status.FACT) -> Claim:
    """Return a claim with the values that its text says."""
    return Claim(id_, text, "the coast guard", status, quantities(text), whens(text, OPENED.date()))


TOLL = saying("S01", "At least 3 people died when the ferry capsized.")
RAISED = saying("S02", "The ferry will be raised on 14 June 2031.", Status.PLANNED)
CALM = saying("S03", "The sea was calm.")


def article(number: int, hours: float, title: str, summary: str, publisher: str = "Coast Post") -> Entry:
    """Return an entry seen so many hours after the opening, published ten minutes before."""
    seen = OPENED + timedelta(hours=hours)
    return Entry(
        f"e{number}", title, summary, seen, f"https://coast.example/{number}?a=1&b=2", publisher,
        seen - timedelta(minutes=10), "en", feed="coast",
    )  # fmt: skip


ARTICLES = {
    1: article(1, 2, "Ferry toll at 9", "The ferry capsized at dawn. Nine people died, it was said. Divers search on."),
    2: article(2, 9, "Dozens feared dead", "At least 40 people died, a minister said.", "Herald (Coast News)"),
    3: article(3, 12, "Toll of 55 reported", "Some 55 people died, a website said.", "Fast News"),
    4: article(4, 20, "Ferry: 62 dead", "The toll stands at 62 people, the coast guard said.", "Harbour Radio"),
    5: article(5, 26, "Company: nobody died", "Nobody died, the company said.", "Ferry Line"),
    6: article(6, 30, "Salvage put off", "The ferry will not be raised before 20 June 2031.", "Coast Post"),
    7: article(7, 50, "Salvage put off again", "The ferry will be raised on 3 July 2031.", "Harbour Radio"),
    8: article(8, 60, "Was it 70?", "There may be 70 dead.", "Rumour Mill"),
    9: article(9, 3, "Ferry toll at 9", "Nine people died.", "Echo"),
}  # fmt: skip
EDITED = replace(
    ARTICLES[1],
    title="Ferry toll at 11",
    summary="The ferry capsized at dawn. Eleven people died, it was said. Divers search on.",
    seen=OPENED + timedelta(hours=5),
)


def ref(number: int, source: str | None = None) -> EntryRef:
    """Return the reference of an article; `source`: who stands behind it, where that is not its publisher."""
    return refer(ARTICLES[number], source or ARTICLES[number].publisher or "")


def finding(
    number: int, claim: Claim, relation: Relation, said: tuple[str | None, str | None, str | None], *, sure: bool = True
) -> Finding:
    """Return what the judge found in an article; `said`: the field, its old value and its new one."""
    field, old, new = said
    sentence = ARTICLES[number].summary.split(". ")[-2 if number == 1 else 0].rstrip(".") + "."
    reason = f"{field} moved: {old} -> {new}" if field else "it says the same"
    return Finding(
        claim.id, relation, field, old, new, 0.84, sentence, reason, True, f"e{number}", needs_review=not sure
    )


def events() -> tuple[Recorded, ...]:
    """Return the log: a toll that rises, a salvage that slips, one denial, one doubt, one rejection."""
    log = Recorder()
    log.record(STREAM, StoryOpened(STORY, "Ferry capsizes off Korsholm", "en", None, None, OPENED), at=OPENED)
    for claim in (TOLL, RAISED, CALM):
        log.record(STREAM, ClaimTracked(claim, "seed"), at=OPENED, actor="person")
    for hours, event in told():
        log.record(STREAM, event, at=OPENED + timedelta(hours=hours), actor="judge 1")
    rejected = next(one.position for one in log.events if getattr(getattr(one.event, "entry", None), "id", "") == "e3")
    review = FindingReviewed(rejected, "rejected", claim="S01")
    log.record(STREAM, review, at=OPENED + timedelta(hours=70), actor="Ada")
    return tuple(log.events)


def told() -> list[tuple[float, Event]]:
    """Return what the articles brought, each with its hour."""
    updates, denies, quantity = Relation.UPDATES, Relation.DENIES, "quantity"
    nine = ClaimUpdated(
        ref(1), finding(1, TOLL, updates, (quantity, "At least 3 people", "Nine people")),
        saying("S01", "Nine people died when the ferry capsized."),
    )  # fmt: skip
    forty = ClaimUpdated(
        ref(2, "Coast News"), finding(2, TOLL, updates, (quantity, "Nine people", "At least 40 people")),
        saying("S01", "At least 40 people died when the ferry capsized."),
    )  # fmt: skip
    website = ClaimUpdated(
        ref(3), finding(3, TOLL, updates, (quantity, "At least 40 people", "Some 55 people")),
        saying("S01", "Some 55 people died when the ferry capsized."),
    )  # fmt: skip
    last = ClaimUpdated(
        ref(4), finding(4, TOLL, updates, (quantity, "At least 40 people", "62 people")),
        saying("S01", "62 people died when the ferry capsized."),
    )  # fmt: skip
    return [
        (2, nine),
        (3, EntryLinked(ref(9), 0.9, "the same words", "e1", ("S01",), "e1")),
        (5, EntryRevised(refer(EDITED, "Coast Post"), ARTICLES[1].summary, EDITED.summary)),
        (9, forty),
        (12, website),
        (20, last),
        (26, ClaimDenied(ref(5), finding(5, TOLL, denies, ("polarity", "it is so", "it is not so")))),
        (30, moved(6, "The ferry will be raised not before 20 June 2031.")),
        (50, moved(7, "The ferry will be raised on 3 July 2031.")),
        (60, ClaimDenied(ref(8), finding(8, CALM, denies, ("polarity", "it is so", "it is not so"), sure=False))),
        (61, ClaimCorroborated(ref(8), finding(8, TOLL, Relation.CORROBORATES, (quantity, "62 people", "70 people")))),
    ]


def moved(number: int, text: str) -> ClaimUpdated:
    """Return that the salvage has another date."""
    current = saying("S02", text, Status.PLANNED)
    old = spoken(RAISED.dates[0]) if number == 6 else "not before 20 June 2031"
    assert current.dates[0].start > date(2031, 6, 14)
    return ClaimUpdated(
        ref(number), finding(number, RAISED, Relation.UPDATES, ("date", old, spoken(current.dates[0]))), current
    )


def keep(archive: Archive) -> None:
    """Take the articles into the archive, as their feeds showed them, with what was judged of each version."""
    for one in (*ARTICLES.values(), EDITED):
        archive.keep("coast", [one], baseline=[False], seen=one.seen)
        judged = Judgement(STORY, one.id, one.version, one.id != "e9", 0.84, "it names the ferry", "judge 1", one.seen)
        archive.judged(judged)
