"""What made each claim stand as it does, against the story folded event by event."""

import pytest
from hypothesis import given

from tests.made import bridge
from tests.made.streams import STORIES, Recorder, calm, logs
from tracker.domain.claims import Claim, Relation, Standing
from tracker.domain.erasure import bare
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    Event,
    FindingReviewed,
    Recorded,
    StoryOpened,
    story_stream,
)
from tracker.domain.story import claims_along
from tracker.projections.ledger import Ledger
from tracker.projections.projection import Key, Row
from tracker.projections.rows import stamp

HURT = bridge.HURT.id


def folded(events: tuple[Recorded, ...]) -> dict[Key, Row]:
    """Return the rows of the ledger after events."""
    rows: dict[Key, Row] = {}
    for recorded in events:
        rows |= Ledger().apply(rows, recorded)
    return rows


def turns(events: tuple[Recorded, ...], story: str) -> dict[str, dict[str, object]]:
    """Return, by claim, the last event after which it stood otherwise than before; for stories without reviews."""
    found: dict[str, dict[str, object]] = {}
    known: dict[str, object] = {}
    stream = [recorded for recorded in events if recorded.stream == story_stream(story)]
    for recorded, claims in claims_along(stream):
        for key, claim in claims.items():
            stands = (claim.standing, bare(claim.current))
            if begun_by(recorded.event) == key or known.get(key) != stands:
                found[key] = {"position": recorded.position, "at": stamp(recorded.recorded_at)}
            known[key] = stands
    return found


def begun_by(event: Event) -> str | None:
    """Return the claim that is followed since an event: a proposal waits for a person."""
    if not isinstance(event, ClaimTracked) or (event.finding and event.finding.needs_review):
        return None
    return event.claim.id


@calm
@given(logs())
def test_a_claim_turned_with_the_last_event_that_changed_how_it_stands(events: tuple[Recorded, ...]) -> None:
    """Whatever came, the mark of a claim is the last event that changed its standing or a value of it."""
    plain = tuple(recorded for recorded in events if not isinstance(recorded.event, FindingReviewed))
    rows = folded(plain)
    for story in STORIES:
        marks = {key: row["turned"] for (partition, key), row in rows.items() if partition == story}
        expected = turns(plain, story)
        assert {key: mark["position"] for key, mark in marks.items()} == {
            key: mark["position"] for key, mark in expected.items() if key in marks
        }


@calm
@given(logs())
def test_who_denies_a_claim_has_a_finding_that_says_so(events: tuple[Recorded, ...]) -> None:
    """Reviews or not, exactly the sources that deny a claim have a finding to show for it, and it is a denial."""
    by_position = {recorded.position: recorded for recorded in events}
    for (partition, _), row in folded(events).items():
        if partition in STORIES:
            assert sorted(row["denials"]) == row["denied_by"]
            for source, position in row["denials"].items():
                assert by_position[position].event.entry.source == source  # type: ignore[union-attr]


def corroborated(source: str, nth: int) -> Event:
    """Return a source saying the same."""
    finding = bridge.finding(Relation.CORROBORATES, bridge.HURT, "Eleven were hurt.", "same number")
    return ClaimCorroborated(bridge.entry(nth, source, "Hurt", bridge.OPENED), finding)


def denied(source: str, nth: int) -> Event:
    """Return a source saying that it is not so."""
    finding = bridge.finding(Relation.DENIES, bridge.HURT, "Nobody was hurt.", "the opposite")
    return ClaimDenied(bridge.entry(nth, source, "Not hurt", bridge.OPENED), finding)


def updated(source: str, nth: int, current: Claim = bridge.HURT_NOW) -> Event:
    """Return a source with another value."""
    finding = bridge.finding(Relation.UPDATES, bridge.HURT, "Fourteen were hurt.", "more")
    return ClaimUpdated(bridge.entry(nth, source, "More hurt", bridge.OPENED), finding, current)


def row_after(*events: Event) -> Row:
    """Return the row of the claim after events; the first of them is at position 3."""
    log = Recorder()
    for event in (StoryOpened("strike", "Strike", "en", None, None, None), ClaimTracked(bridge.HURT, "seed"), *events):
        log.record(story_stream("strike"), event)
    return folded(tuple(log.events))["strike", HURT]


@pytest.mark.parametrize(
    ("events", "standing", "turned", "settled"),
    [
        ((), Standing.REPORTED, 2, None),
        ((corroborated("A", 1), corroborated("B", 2)), Standing.CORROBORATED, 3, None),
        ((denied("A", 1), denied("B", 2)), Standing.DISPUTED, 3, None),
        ((denied("A", 1), updated("B", 2)), Standing.REPORTED, 4, 4),
        ((denied("A", 1), updated("B", 2), corroborated("C", 3)), Standing.CORROBORATED, 5, 4),
        ((denied("A", 1), updated("B", 2), denied("C", 3)), Standing.DISPUTED, 5, 4),
        ((denied("A", 1), ClaimWithdrawn(HURT, "a hoax")), Standing.WITHDRAWN, 4, 4),
        ((corroborated("A", 1), ClaimWithdrawn(HURT, "a hoax")), Standing.WITHDRAWN, 4, None),
        ((ClaimWithdrawn(HURT, "a hoax"), ClaimWithdrawn(HURT, "again")), Standing.WITHDRAWN, 3, None),
        ((denied("A", 1), FindingReviewed(3, "rejected", claim=HURT)), Standing.REPORTED, 4, 4),
        ((denied("A", 1), FindingReviewed(3, "confirmed", claim=HURT)), Standing.DISPUTED, 3, None),
    ],
)
def test_the_event_that_made_a_claim_stand_so(
    events: tuple[Event, ...], standing: Standing, turned: int, settled: int | None
) -> None:
    """A standing is put down to the event that brought it, and the end of a dispute is remembered."""
    row = row_after(*events)
    assert row["standing"] == standing
    assert row["turned"]["position"] == turned
    assert (row["settled"] or {}).get("position") == settled


def test_a_finding_that_was_rejected_answers_for_nothing() -> None:
    """Where a claim stands as before although its cause was rejected, another finding is named, or its beginning."""
    row = row_after(denied("A", 1), denied("B", 2), FindingReviewed(3, "rejected", claim=HURT))
    assert (row["standing"], row["turned"]["position"], row["denials"]) == ("disputed", 4, {"B": 4})
    again = row_after(
        denied("A", 1), FindingReviewed(3, "rejected", claim=HURT), FindingReviewed(4, "confirmed", claim=HURT)
    )
    assert again["turned"]["position"] == 4
    same = row_after(updated("seed", 1), FindingReviewed(3, "relabelled", Relation.UPDATES, claim=HURT))
    assert (same["standing"], same["turned"]["position"]) == ("reported", 3)
    forth, back = updated("seed", 1), updated("seed", 2, bridge.HURT)
    none = row_after(
        forth, back, FindingReviewed(3, "rejected", claim=HURT), FindingReviewed(4, "confirmed", claim=HURT)
    )
    assert none["turned"] == {"position": none["begun"], "at": none["first_seen"]}


def test_a_source_that_denies_twice_is_named_by_what_it_said_last() -> None:
    """The newest denial of a source stands for it, also where the claim was told again after a review."""
    row = row_after(denied("A", 1), denied("A", 2))
    assert row["denials"] == {"A": 4}
    told = row_after(denied("A", 1), denied("A", 2), FindingReviewed(4, "rejected", claim=HURT))
    assert told["denials"] == {"A": 3}
