"""The ledger against the story that the judge folds."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from tests.made.streams import STORIES, Recorder, calm, logs
from tracker.domain.claims import Claim, Relation, Status
from tracker.domain.entry import EntryRef
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    Event,
    Finding,
    FindingReviewed,
    Recorded,
    StoryOpened,
    story_stream,
)
from tracker.domain.story import fold
from tracker.projections.claim_states import states_of, values_of
from tracker.projections.folding import within
from tracker.projections.ledger import Ledger, claim_in, proposals_of, steps_of
from tracker.projections.projection import Key, Row
from tracker.projections.rows import ordinal

ENTRY = EntryRef("e1", "v1", "Title", "", None, "AFP", "AFP", None)
SAME = Finding("S01", Relation.DENIES, None, None, None, 0.5, "So.", "", news=False, happening="e1")


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


@calm
@given(logs())
def test_a_claim_as_it_stood_is_looked_up(events: tuple[Recorded, ...]) -> None:
    """At each position the newest state of a claim up to there is its row as the events up to there give it."""
    rows = folded(events)
    for upto in range(len(events) + 1):
        then = {key: row for key, row in folded(events[:upto]).items() if key[0] in STORIES}
        for (story, claim), row in then.items():
            past = [key for key in rows if key[0] == states_of(story, claim) and key[1] <= ordinal(upto)]
            state = dict(rows[max(past)])
            said = state.pop("current")
            assert state.pop("position") <= row["position"]
            assert said == {name: row["current"][name] for name in said}
            assert state.pop("last_seen") <= row["last_seen"]
            assert state == {name: row[name] for name in state}


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
    rows, written = folded(tuple(recorder.events)), []
    for _ in range(50):
        changed = Ledger().apply(rows, recorder.record(stream, ClaimCorroborated(ENTRY, SAME)))
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


def told(*events: Event) -> dict[Key, Row]:
    """Return the ledger of the strike, opened at position 1, after events; it holds what the story's own fold gives."""
    recorder = Recorder()
    for event in (StoryOpened("strike", "Strike", "en", None, None, None), *events):
        recorder.record(story_stream("strike"), event)
    rows, story = folded(tuple(recorder.events)), fold(recorder.events)
    assert story is not None
    claims = {key: claim_in(row) for (partition, key), row in rows.items() if partition == "strike"}
    assert claims == {key: replace(claim, steps=()) for key, claim in story.claims.items()}
    return rows


def test_findings_that_say_another_value_are_named() -> None:
    """A finding whose figure or date differs, and a denial, is named among the values of its claim; no other is."""
    tracked = ClaimTracked(Claim("S01", "A demand."), "seed")
    same = replace(SAME, relation=Relation.CORROBORATES, field="quantity", old="3 people", new="3 people")
    other = replace(same, new="5 people")
    status = replace(same, field="status", old="planned", new="done")
    findings = [ClaimCorroborated(ENTRY, one) for one in (same, other, status)]
    rows = told(tracked, *findings, ClaimDenied(ENTRY, SAME))
    named = {key: row["position"] for key, row in rows.items() if key[0] == values_of("strike", "S01")}
    assert named == {(values_of("strike", "S01"), ordinal(at)): at for at in (4, 6)}


@pytest.mark.parametrize("claim", ["S01", ""])
def test_findings_of_a_claim_that_began_anew_are_past(claim: str) -> None:
    """A claim that is tracked a second time begins anew: reviewing a finding of before changes nothing."""
    tracked, denied = ClaimTracked(Claim("S01", "A demand."), "seed"), ClaimDenied(ENTRY, SAME)
    rows = told(tracked, denied, tracked, FindingReviewed(3, "confirmed", claim=claim))
    assert rows["strike", "S01"]["denied_by"] == []
    rows = told(tracked, denied, tracked, denied, FindingReviewed(5, "rejected", claim=claim))
    assert rows["strike", "S01"]["standing"] == "reported"


@pytest.mark.parametrize("claim", ["N01", ""])
def test_a_proposal_is_answered_once(claim: str) -> None:
    """A new claim that was confirmed and moved on is not put back by confirming it again; nor is a rejected one."""
    proposed = ClaimTracked(Claim("N01", "A demand."), "entry", ENTRY, replace(SAME, claim=None, needs_review=True))
    confirmed = FindingReviewed(2, "confirmed", claim=claim)
    rows = told(proposed, confirmed, ClaimDenied(ENTRY, replace(SAME, claim="N01")), confirmed)
    assert rows["strike", "N01"]["standing"] == "disputed"
    assert ("strike", "N01") not in told(proposed, replace(confirmed, verdict="rejected"), confirmed)


@pytest.mark.parametrize("claim", ["S01", ""])
def test_a_review_of_either_schema_retells_the_claim(claim: str) -> None:
    """A rejected update takes its value back, whether the review names the claim or, as of schema 1, does not."""
    tracked = ClaimTracked(Claim("S01", "Ten."), "seed")
    other = ClaimTracked(Claim("S02", "Else."), "seed")
    update = ClaimUpdated(ENTRY, replace(SAME, relation=Relation.UPDATES), Claim("S01", "Two.", status=Status.DONE))
    rows = told(tracked, other, update, FindingReviewed(4, "rejected", claim=claim))
    assert rows["strike", "S01"]["current"]["text"] == "Ten."
    assert rows[steps_of("strike", "S01"), ordinal(4)]["applied"] is False
