"""The ledger against the story that the judge folds."""

import json
from dataclasses import replace

from hypothesis import given

from tests.made.streams import STORIES, Recorder, calm, logs
from tracker.domain.claims import Claim, Relation
from tracker.domain.entry import EntryRef
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimTracked,
    Finding,
    FindingReviewed,
    Recorded,
    StoryOpened,
    story_stream,
)
from tracker.domain.story import fold
from tracker.projections.folding import within
from tracker.projections.ledger import Ledger, claim_in, proposals_of, steps_of
from tracker.projections.projection import Key, Row


def folded(events: tuple[Recorded, ...]) -> dict[Key, Row]:
    """Return the rows of the ledger after events."""
    rows: dict[Key, Row] = {}
    for recorded in events:
        rows |= Ledger().apply(rows, recorded)
    return rows


@calm
@given(logs())
def test_the_ledger_holds_the_claims_of_the_folded_story(events: tuple[Recorded, ...]) -> None:
    """Each row is the claim that the story's own fold gives, reviews and withdrawals included."""
    rows = folded(events)
    for name in STORIES:
        story = fold(recorded for recorded in events if recorded.stream == story_stream(name))
        claims = {key: claim_in(row) for (partition, key), row in rows.items() if partition == name}
        assert claims == {key: replace(claim, steps=()) for key, claim in (story.claims if story else {}).items()}


def test_a_proposed_claim_has_a_row_once_it_is_confirmed() -> None:
    """A new claim that the judge was unsure of has no row; confirmed it has one, rejected it never gets one."""
    entry = EntryRef("e1", "v1", "Title", "", None, "AFP", "AFP", None)
    finding = Finding(
        "N01", Relation.NEW, None, None, None, 0.5, "So.", "", news=True, happening="e1", needs_review=True
    )
    for verdict, keys in (("confirmed", ["N01"]), ("rejected", [])):
        recorder = Recorder()
        stream = story_stream("strike")
        recorder.record(stream, StoryOpened("strike", "Strike", "en", None, None, None))
        recorder.record(stream, ClaimTracked(Claim("N01", "A demand."), "entry", entry, finding))
        assert [key for partition, key in folded(tuple(recorder.events)) if partition == "strike"] == []
        recorder.record(stream, FindingReviewed(2, verdict))  # type: ignore[arg-type]
        assert [key for partition, key in folded(tuple(recorder.events)) if partition == "strike"] == keys


def test_a_finding_writes_two_small_rows() -> None:
    """However many findings a claim has, the next one changes the claim's row and adds a step; nothing grows."""
    recorder = Recorder()
    stream = story_stream("strike")
    recorder.record(stream, StoryOpened("strike", "Strike", "en", None, None, None))
    recorder.record(stream, ClaimTracked(Claim("S01", "A demand."), "seed"))
    entry = EntryRef("e1", "v1", "Title", "", None, "AFP", "AFP", None)
    same = Finding("S01", Relation.CORROBORATES, None, None, None, 0.5, "So.", "", news=False, happening="e1")
    rows, written = folded(tuple(recorder.events)), []
    for _ in range(50):
        changed = Ledger().apply(rows, recorder.record(stream, ClaimCorroborated(entry, same)))
        rows |= changed
        written.append(sum(len(json.dumps(row)) for row in changed.values()))
    assert written[-1] - written[0] <= 4  # digits of positions
    assert [key for key in changed if key[0] == "strike"] == [("strike", "S01")]


def test_a_review_asks_for_the_steps_of_its_claim_alone() -> None:
    """A review that names its claim asks for that claim's steps, one of schema 1 for those of the whole story."""
    recorder = Recorder()
    stream = story_stream("strike")
    named = recorder.record(stream, FindingReviewed(3, "rejected", claim="S01"))
    bare = recorder.record(stream, FindingReviewed(3, "rejected"))
    assert Ledger().partitions(named) == (steps_of("strike", "S01"),)
    assert ("strike", "S01") in Ledger().keys(named)
    assert Ledger().partitions(bare) == ("strike", proposals_of("strike"))
    assert within(steps_of("strike", "S01"), proposals_of("strike"))
    assert not within(steps_of("strikes", "S01"), proposals_of("strike"))
