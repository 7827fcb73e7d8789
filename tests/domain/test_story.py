"""A story is a fold of its stream."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made.streams import Recorder, logs
from tracker.domain.claims import Claim, Relation, Standing, Status
from tracker.domain.entry import EntryRef
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    EntryErased,
    EntryLinked,
    Finding,
    FindingReviewed,
    Recorded,
    StoryClosed,
    StoryOpened,
    story_stream,
)
from tracker.domain.story import Story, evolve, fold

STREAM = story_stream("strike")
CLAIM = Claim("C1", "Workers are on strike.")
FINDING = Finding("C1", Relation.CORROBORATES, None, None, None, 0.9, "They are.", "same", news=True, happening="e1")


def entry(source: str, identity: str = "e1") -> EntryRef:
    return EntryRef(identity, "v1", "A title", "", None, source, source, None)


def told(*events: object) -> Story:
    """Return the story in which one claim is tracked and then the events happen."""
    recorder = Recorder()
    for event in (StoryOpened("strike", "Strike", "en", None, None, None), ClaimTracked(CLAIM, "seed"), *events):
        recorder.record(STREAM, event)  # type: ignore[arg-type]
    story = fold(recorder.events)
    assert story is not None
    return story


@given(logs(), st.data())
def test_folding_in_parts_is_folding_at_once(log: tuple[Recorded, ...], data: st.DataObject) -> None:
    """A worker that catches up holds the same story as one that starts anew, wherever it stopped before."""
    for stream in {recorded.stream for recorded in log if recorded.stream.startswith("story-")}:
        events = [recorded for recorded in log if recorded.stream == stream]
        cut = data.draw(st.integers(0, len(events)))
        assert evolve(fold(events[:cut]), events[cut:]) == fold(events)


def test_a_second_source_corroborates() -> None:
    """One further source makes a reported claim corroborated; the same source again adds nothing."""
    once = told(ClaimCorroborated(entry("AFP"), FINDING))
    twice = told(ClaimCorroborated(entry("AFP"), FINDING), ClaimCorroborated(entry("AFP", "e2"), FINDING))
    assert once.claims["C1"].standing is Standing.CORROBORATED
    assert once.claims["C1"].sources == twice.claims["C1"].sources == {"seed", "AFP"}


def test_the_outlet_of_the_seed_is_one_source_with_its_feed() -> None:
    """What the seed's own outlet says again adds no source; a seed that does not say whose it is counts as itself."""
    opened, tracked = StoryOpened("strike", "Strike", "en", None, None, None), ClaimTracked(CLAIM, "seed", source="AFP")
    for event, sources in ((tracked, {"AFP"}), (replace(tracked, source=None), {"AFP", "seed"})):
        log = Recorder()
        for one in (opened, event, ClaimCorroborated(entry("AFP"), FINDING)):
            log.record(STREAM, one)
        story = fold(log.events)
        assert story is not None
        claim = story.claims["C1"]
        assert claim.sources == sources
        assert claim.standing is (Standing.CORROBORATED if len(sources) > 1 else Standing.REPORTED)


def test_an_update_begins_a_new_count_of_sources() -> None:
    """After an update the claim is as its newest source says, reported by that source alone."""
    newer = replace(CLAIM, text="Workers ended their strike.", status=Status.DONE)
    update = replace(FINDING, relation=Relation.UPDATES, field="status", old="under way", new="done")
    claim = told(ClaimCorroborated(entry("AFP"), FINDING), ClaimUpdated(entry("AP", "e2"), update, newer)).claims["C1"]
    assert (claim.current, claim.original) == (newer, CLAIM)
    assert (claim.sources, claim.standing) == (frozenset({"AP"}), Standing.REPORTED)


def test_an_update_of_nothing_but_words_is_a_source_more() -> None:
    """Another wording of the same values is taken over and adds its source: words alone reset no count."""
    reworded = replace(CLAIM, text="Workers have downed tools.")
    claim = told(ClaimUpdated(entry("AP"), replace(FINDING, relation=Relation.UPDATES), reworded)).claims["C1"]
    assert (claim.current, claim.sources) == (reworded, frozenset({"seed", "AP"}))


def test_a_denial_disputes_and_does_not_settle() -> None:
    """A denial leaves the claim as it was and makes it disputed, also when others go on to confirm it."""
    denial = replace(FINDING, relation=Relation.DENIES)
    claim = told(ClaimDenied(entry("TASS"), denial), ClaimCorroborated(entry("AP", "e2"), FINDING)).claims["C1"]
    assert (claim.current, claim.denied_by, claim.standing) == (CLAIM, frozenset({"TASS"}), Standing.DISPUTED)


def test_an_uncertain_finding_waits_for_a_person() -> None:
    """A finding that needs review changes nothing until it is confirmed; then it counts as if it had from the start."""
    unsure = ClaimDenied(entry("TASS"), replace(FINDING, relation=Relation.DENIES, needs_review=True))
    assert told(unsure).claims["C1"].standing is Standing.REPORTED
    assert told(unsure, FindingReviewed(3, "confirmed")).claims["C1"].standing is Standing.DISPUTED
    assert told(unsure, FindingReviewed(3, "rejected")).claims["C1"].standing is Standing.REPORTED


def test_what_waits_for_a_person_is_news_that_nobody_has_heard_yet() -> None:
    """An entry whose finding waits has brought no news, and has once a person confirms it, not once it is rejected."""
    doubt = replace(FINDING, needs_review=True)
    waits = ClaimCorroborated(entry("AFP"), doubt)
    denied = ClaimDenied(entry("AFP"), replace(doubt, relation=Relation.DENIES, news=False))
    assert not told(waits).entries["e1"].news
    assert told(waits, FindingReviewed(3, "confirmed")).entries["e1"].news
    assert told(denied, FindingReviewed(3, "confirmed")).entries["e1"].news
    assert not told(waits, FindingReviewed(3, "rejected")).entries["e1"].news


def test_a_rejected_or_relabelled_finding_is_told_anew() -> None:
    """Rejecting undoes a finding; relabelling gives it another relation, as if it had had it from the start."""
    denial = ClaimDenied(entry("TASS"), replace(FINDING, relation=Relation.DENIES))
    assert told(denial, FindingReviewed(3, "rejected")).claims["C1"].denied_by == frozenset()
    relabelled = told(denial, FindingReviewed(3, "relabelled", Relation.CORROBORATES)).claims["C1"]
    assert relabelled.standing is Standing.CORROBORATED


def test_an_uncertain_new_claim_is_tracked_once_confirmed() -> None:
    """A new claim that needs review is proposed; confirmed it is tracked, rejected it is gone."""
    unsure = replace(FINDING, claim="N01", relation=Relation.NEW, needs_review=True)
    proposal = ClaimTracked(Claim("N01", "A new demand."), "entry", entry("AFP"), unsure)
    assert "N01" not in told(proposal).claims
    assert told(proposal, FindingReviewed(3, "confirmed")).claims["N01"].sources == {"AFP"}
    rejected = told(proposal, FindingReviewed(3, "rejected"))
    assert "N01" not in rejected.claims
    assert not rejected.proposed


def test_a_withdrawn_claim_stays_withdrawn() -> None:
    """Neither a further source nor a review of an old finding brings a withdrawn claim back."""
    denial = ClaimDenied(entry("TASS"), replace(FINDING, relation=Relation.DENIES))
    withdrawn = ClaimWithdrawn("C1", "the outlet retracted it")
    for later in (ClaimCorroborated(entry("AP", "e2"), FINDING), FindingReviewed(3, "rejected")):
        assert told(denial, withdrawn, later).claims["C1"].standing is Standing.WITHDRAWN


def test_a_story_knows_the_versions_of_its_entries() -> None:
    """An entry is known with its words of that time; an edited one is not yet known."""
    story = told(EntryLinked(entry("AFP"), 0.9, "repeats", None, ("C1",), "e1"))
    assert story.knows("e1", "v1")
    assert not story.knows("e1", "v2")
    assert not story.knows("e2", "v1")


def test_an_erased_entry_is_known_for_ever() -> None:
    """No version of an erased entry is new to the story, so it is never taken in again."""
    story = told(EntryErased("e1", "a court's order", ()))
    assert story.knows("e1", "v1")
    assert story.knows("e1", "v2")
    assert not story.knows("e2", "v1")


def test_a_closed_story_is_closed() -> None:
    """Closing is told by the stream."""
    assert told(StoryClosed("strike")).closed


def test_a_stream_that_does_not_begin_with_the_opening_is_refused() -> None:
    """A broken stream is never folded into a story that looks whole."""
    recorder = Recorder()
    recorder.record(STREAM, ClaimTracked(CLAIM, "seed"), at=datetime(2024, 6, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="does not begin"):
        fold(recorder.events)
