"""The judge goes on when words of its story have been erased."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from tracker.domain.claims import Claim
from tracker.domain.entry import Entry, refer
from tracker.domain.erasure import ERASED
from tracker.domain.events import ClaimTracked, EntryErased, EntryLinked, NewEvent, StoryEvent
from tracker.domain.story import Story
from tracker.judging.decide import decide
from tracker.judging.judge import Judge

NEW = "The owner of the Santa Lucia is charged with negligence."
FERRY = ("Sinking of the ferry Santa Lucia", "At least 40 people were killed when the Santa Lucia sank.")


def erased_story(
    opened: Callable[..., Story], append: Callable[..., Story], write: Callable[..., Entry], *claims: str
) -> Story:
    """Return a story that got a claim from an entry, which was erased since."""
    entry = write(NEW)
    born = ClaimTracked(Claim("N01", NEW), "entry", refer(entry, "The Courier"), None)
    linked = EntryLinked(refer(entry, "The Courier"), 0.9, "background", None, (), entry.id)
    erased = EntryErased(entry.id, "a court's order", ())
    said: tuple[StoryEvent, ...] = (born, linked, erased)
    events = [NewEvent(f"id-{nth}", event, "test") for nth, event in enumerate(said)]
    story = append(opened(FERRY[0], *claims), events, entry.seen)
    assert story.claims["N01"].current.text == ERASED
    return story


def test_an_erased_claim_matches_nothing(
    judge: Judge, opened: Callable[..., Story], append: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """Neither the words that are gone nor the mark in their place bear on a claim without words; other claims work."""
    story = erased_story(opened, append, write, FERRY[1])
    for title in (ERASED, NEW, "The claim N01 was erased [erased]"):
        verdict = judge.judge(replace(write(title, hours=48), id="another"), story)
        assert "N01" not in {finding.claim for finding in verdict.findings if finding.relation.value != "new"}
        decide(verdict, story, judge.version)
    verdict = judge.judge(write("At least 62 people killed when ferry Santa Lucia sank", hours=48), story)
    assert [finding.claim for finding in verdict.findings] == ["C0"]


def test_a_story_of_nothing_but_erased_words_is_judged_by_its_title(
    judge: Judge, opened: Callable[..., Story], append: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """Where no claim has its words any more the judge still gives a verdict."""
    story = erased_story(opened, append, write)
    verdict = judge.judge(write("Santa Lucia: sinking of the ferry is investigated", hours=48), story)
    assert verdict.relevant
    assert decide(verdict, story, judge.version)


def test_an_erased_entry_is_decided_to_be_known(
    judge: Judge, opened: Callable[..., Story], append: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """Nothing is recorded of another version of an entry that was erased."""
    story = erased_story(opened, append, write, FERRY[1])
    edited = replace(write(NEW), summary="At least 62 people were killed.", seen=write(NEW).seen + timedelta(days=1))
    assert decide(judge.judge(edited, story), story, judge.version) == ()
