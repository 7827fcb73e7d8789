"""The judge and its decisions, on made-up stories, with the shipped encoder."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.judging.conftest import appended
from tracker.domain.claims import Relation
from tracker.domain.entry import Entry
from tracker.domain.events import ClaimTracked, ClaimUpdated, EntryLinked, Finding, finding_of
from tracker.domain.story import Story
from tracker.judging.decide import decide
from tracker.judging.findings import loudest
from tracker.judging.judge import Judge

FERRY = (
    "Sinking of the ferry Santa Lucia",
    "The ferry Santa Lucia sank off Cebu with 212 people aboard.",
    "At least 40 people were killed when the Santa Lucia sank.",
    "The inquiry into the sinking is to report on 12 March 2031.",
)


@pytest.mark.parametrize(
    "case",
    [
        ("Santa Lucia toll rises to 62", "Divers recover more bodies from the ferry off Cebu.", True),
        ("Owner of the Santa Lucia is arrested", "Prosecutors accuse him of overloading the ferry.", True),
        ("Central bank raises rates by a quarter point", "Inflation is still above target.", False),
        ("Volcano erupts in Iceland", "Flights are diverted around the ash cloud.", False),
        ("City wins cup after penalties", "A record crowd saw the final.", False),
    ],
)
def test_an_entry_belongs_by_the_names_words_and_meaning_it_shares(
    judge: Judge, opened: Callable[..., Story], write: Callable[..., Entry], case: tuple[str, str, bool]
) -> None:
    """News of the ferry belongs to its story, other news of the day does not, and leaves no trace in the log."""
    title, summary, belongs = case
    story = opened(*FERRY)
    verdict = judge.judge(write(title, summary), story)
    assert verdict.relevant is belongs
    assert bool(decide(verdict, story, judge.version)) is belongs


def test_a_new_figure_updates_the_claim_and_is_told_once(
    judge: Judge, opened: Callable[..., Story], append: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """The second report of a new toll corroborates it and alerts nobody; a further toll days later is news again."""
    story = opened(*FERRY)
    first = write("At least 62 people killed when ferry Santa Lucia sank off Cebu")
    verdict = judge.judge(first, story)
    updated = [finding for finding in verdict.findings if finding.relation is Relation.UPDATES]
    assert [finding.claim for finding in updated] == ["C1"]
    assert updated[0].news
    assert "62 people" in updated[0].reason
    story = append(story, decide(verdict, story, judge.version), first.seen)
    assert story.claims["C1"].current.quantities[0].low == 62

    second = write("Ferry Santa Lucia sank off Cebu: 62 people killed", hours=27, publisher="Reuters")
    again = judge.judge(second, story)
    assert not any(finding.news for finding in again.findings)
    assert {finding.relation for finding in again.findings} == {Relation.CORROBORATES}
    story = append(story, decide(again, story, judge.version), second.seen)

    third = judge.judge(write("Ferry Santa Lucia: 75 people killed, says coast guard", hours=96), story)
    assert any(finding.news and finding.relation is Relation.UPDATES for finding in third.findings)


def test_an_entry_judged_again_after_it_was_recorded_changes_nothing(
    judge: Judge, opened: Callable[..., Story], append: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """A worker that reads an entry twice records it once."""
    story = opened(*FERRY)
    entry = write("Owner of the Santa Lucia is arrested", "Prosecutors accuse him of overloading the ferry.")
    events = decide(judge.judge(entry, story), story, judge.version)
    assert events
    later = append(story, events, entry.seen)
    assert decide(judge.judge(entry, later), later, judge.version) == ()


def test_the_same_entry_and_story_give_the_same_verdict_and_events(
    judge: Judge, opened: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """Judging and deciding are functions: no clock, no chance, and ids that say what is said."""
    entry = write(
        "At least 62 people killed when ferry Santa Lucia sank off Cebu", "The inquiry is put off to 20 April 2031."
    )
    one, two = (judge.judge(entry, opened(*FERRY)) for _ in range(2))
    assert one == two
    ids = [event.id for event in decide(one, opened(*FERRY), judge.version)]
    assert ids == [event.id for event in decide(two, opened(*FERRY), judge.version)]
    assert len(set(ids)) == len(ids)
    claims = [finding.claim for finding in one.findings]
    assert len(set(claims)) == len(claims)


def test_a_copy_counts_for_its_source_alone(
    judge: Judge, opened: Callable[..., Story], append: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """An agency's text in a second outlet adds no source and no news."""
    story = opened(*FERRY)
    text = "At least 62 people were killed when the ferry Santa Lucia sank off Cebu, the coast guard said on Friday."
    first = write("Ferry toll rises to 62", text, publisher="AP via Harbour News")
    story = append(story, decide(judge.judge(first, story), story, judge.version), first.seen)
    sources = {claim: tracked.sources for claim, tracked in story.claims.items()}
    second = write("Sea disaster: many dead", text, hours=25, publisher="Island Post")
    verdict = judge.judge(second, story)
    assert verdict.duplicate_of == first.id
    assert verdict.source == "AP"
    assert not any(finding.news for finding in verdict.findings)
    story = append(story, decide(verdict, story, judge.version), second.seen)
    assert {claim: tracked.sources for claim, tracked in story.claims.items() if tracked.steps} == {
        claim: found for claim, found in sources.items() if story.claims[claim].steps
    }


def test_another_language_waits_for_a_person(
    judge: Judge, opened: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """A French entry is recognised by its names; what it says of a claim waits, as the news that it would be."""
    story = opened(*FERRY)
    verdict = judge.judge(write("Naufrage du ferry Santa Lucia à Cebu: 62 morts", language="fr"), story)
    assert verdict.relevant
    assert all(finding.needs_review for finding in verdict.findings)
    assert [finding.news for finding in verdict.findings].count(True) == 1


def test_a_statement_that_no_claim_covers_is_tracked_once(
    judge: Judge, opened: Callable[..., Story], append: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """What is new becomes a claim with an id of its own; when others report it too, it is no second claim."""
    story = opened(FERRY[0], "The inquiry into the sinking of the Santa Lucia is to report on 12 March 2031.")
    entry = write("Prosecutors charge the owner of the Santa Lucia with fraud", hours=24)
    events = decide(judge.judge(entry, story), story, judge.version)
    tracked = [event.event for event in events if isinstance(event.event, ClaimTracked)]
    assert [event.claim.id for event in tracked] == ["N01"]
    story = append(story, events, entry.seen)
    again = judge.judge(
        write("Owner of the Santa Lucia charged with fraud by prosecutors", hours=30, publisher="AP"), story
    )
    assert not any(finding.relation is Relation.NEW for finding in again.findings)


def test_each_stage_explains_itself(judge: Judge, opened: Callable[..., Story], write: Callable[..., Entry]) -> None:
    """Every verdict says in words what each stage found, and every finding holds its sentence and a score."""
    verdict = judge.judge(write("At least 62 people killed when ferry Santa Lucia sank off Cebu"), opened(*FERRY))
    assert [stage.name for stage in verdict.stages] == [
        "near duplicate", "relevance", "language", "linking", "relation", "novelty",
    ]  # fmt: skip
    assert all(stage.detail for stage in verdict.stages)
    assert all(finding.sentence in finding.reason and 0 <= finding.score <= 1 for finding in verdict.findings)


def test_looking_back_is_no_news(judge: Judge, opened: Callable[..., Story], write: Callable[..., Entry]) -> None:
    """An entry marked as comment or retrospective is linked, and nobody is told."""
    story = opened(*FERRY)
    entry = write("Opinion: what the sinking of the Santa Lucia off Cebu teaches", hours=24 * 40)
    verdict = judge.judge(entry, story)
    assert verdict.relevant
    assert not any(finding.news for finding in verdict.findings)
    assert not any(isinstance(e.event, ClaimUpdated) and e.event.finding.news for e in decide(verdict, story, "t"))


def test_an_old_entry_seen_late_is_dated_by_its_publisher(
    judge: Judge, opened: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """Happenings are near in time by what the publisher says, not by when a slow feed was read."""
    entry = write("At least 62 people killed when ferry Santa Lucia sank off Cebu")
    assert entry.moment == entry.published
    assert entry.seen - entry.moment == timedelta(0)
    assert not isinstance(decide(judge.judge(entry, opened(*FERRY)), opened(*FERRY), "t")[0].event, EntryLinked)


FOURTEEN = "Fourteen people were killed when the Santa Lucia sank."
TOLLS = (FERRY[0], FERRY[1], "Ten people were killed when the Santa Lucia sank.")


def tell(judge: Judge, story: Story, entry: Entry) -> tuple[Story, list[Finding]]:
    """Judge an entry; return the story after it and the findings that were recorded."""
    events = decide(judge.judge(entry, story), story, judge.version)
    found = [finding for event in events if (finding := finding_of(event.event))]
    return appended(story, events, entry.seen), found


def test_a_figure_that_its_publisher_takes_back_is_no_claim_any_more(
    judge: Judge, opened: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """Fourteen, forty, and fourteen again by silent edits of one entry: the claim follows each, and back again."""
    fourteen = write("Ferry Santa Lucia sinks off Cebu", FOURTEEN)
    forty = replace(fourteen, summary=FOURTEEN.replace("Fourteen", "Forty"))
    story = opened(*TOLLS)
    for one, held in ((fourteen, 14), (forty, 40), (fourteen, 14), (forty, 40)):
        story, _ = tell(judge, story, one)
        assert story.claims["C1"].current.quantities[0].low == held
    taken = next(finding for finding in tell(judge, story, fourteen)[1] if finding.claim == "C1")
    assert (taken.relation, taken.field, taken.news) == (Relation.UPDATES, "quantity", True)
    assert (taken.old, taken.new) == ("Forty people", "Fourteen people")
    assert "its publisher took it back" in taken.reason


def test_a_figure_that_others_hold_is_not_taken_back_by_one(
    judge: Judge, opened: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """Where a second source says forty, or the entry itself goes on saying it beside fourteen, fourteen waits."""
    forty = write("Ferry Santa Lucia sinks off Cebu", FOURTEEN.replace("Fourteen", "Forty"))
    other = write("Santa Lucia: 40 people were killed when the ferry sank", hours=25, publisher="AP")
    fourteen = replace(forty, summary=FOURTEEN)
    both = replace(forty, summary=f"{FOURTEEN} {forty.summary}")
    for first, then in (((forty, other), fourteen), ((forty,), both)):
        story = opened(*TOLLS)
        for one in (*first, then):
            story, found = tell(judge, story, one)
        assert story.claims["C1"].current.quantities[0].low == 40
        updates = [one for one in found if one.claim == "C1" and one.relation is Relation.UPDATES]
        assert all(one.needs_review for one in updates)


@pytest.mark.parametrize("claims", [TOLLS, FERRY[:2]], ids=["an update", "a new claim"])
def test_a_sentence_that_an_edit_leaves_is_no_further_report(
    judge: Judge, opened: Callable[..., Story], write: Callable[..., Entry], claims: tuple[str, ...]
) -> None:
    """What an edit elsewhere in an entry leaves as it was is not recorded again; what it brings is."""
    first = write("Owner of the Santa Lucia charged with fraud", FOURTEEN)
    story, found = tell(judge, opened(*claims, FERRY[3]), first)
    assert found
    said = {(finding.claim, finding.sentence) for finding in found}
    claim = f"C{len(claims) - 1}"
    edited = replace(first, summary=f"{FOURTEEN} The inquiry into the sinking is to report on 20 April 2031.")
    again, found = tell(judge, story, edited)
    assert [finding.claim for finding in found] == [claim]
    assert not said & {(finding.claim, finding.sentence) for finding in found}
    assert set(story.entries[first.id].links) <= set(again.entries[first.id].links)
    assert tell(judge, again, replace(edited, summary=f"{edited.summary} The weather was fair."))[1] == []


def test_a_repeat_with_another_day_bears_out_no_day(
    judge: Judge, opened: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """A second report of a happening that puts the claim's day off updates it, with the new day that it names."""
    story = opened(*FERRY)
    told = write("Inquiry into the sinking of the Santa Lucia is to report on 12 March 2031", publisher="AP")
    story, _ = tell(judge, story, told)
    off = "The inquiry into the sinking of the Santa Lucia is to report on 15 April, not on 12 March, it said."
    titles = ("Santa Lucia inquiry: report put off", "Santa Lucia: report of the inquiry into the sinking is put off")
    for title, text, new in zip(titles, (off, ""), ("15 April 2031", "later"), strict=True):
        found = [one for one in judge.judge(write(title, text, hours=25), story).findings if one.claim == "C2"]
        assert [(one.relation, one.field, one.new) for one in found] == [(Relation.UPDATES, "date", new)]


def test_what_waits_keeps_nothing_sure_from_being_told() -> None:
    """The news of an entry is its loudest finding; where that waits for a person, the loudest sure one is news, too."""
    corroborates, updates, denies = (
        Finding("S1", relation, None, None, None, 0.9, "", "", news=False, happening="e")
        for relation in (Relation.CORROBORATES, Relation.UPDATES, Relation.DENIES)
    )
    doubted = replace(denies, needs_review=True)
    assert loudest([corroborates, updates, denies]) == {2}
    assert loudest([corroborates, updates, doubted]) == {2, 1}
    assert loudest([doubted]) == {0}


@pytest.mark.parametrize(
    ("claim", "question"),
    [
        ("Norway will send divers to the wreck of the Vega.", "Will Norway send divers to the wreck of the Vega?"),
        ("The chair of Halden Bank will step down.", "Will the chair of Halden Bank step down?"),
        ("The Lea brewery is bankrupt.", "Is the Lea brewery really bankrupt?"),
    ],
)
def test_a_question_bears_on_no_claim(
    judge: Judge, opened: Callable[..., Story], write: Callable[..., Entry], claim: str, question: str
) -> None:
    """Who asks whether a claim is so neither bears it out nor tells news; who says it in the same words does."""
    story = opened(claim.rstrip("."), claim)
    asked = judge.judge(write(question, "Observers are divided."), story)
    assert not [one for one in asked.findings if one.claim == "C0" or one.news]
    assert "C0" in [one.claim for one in judge.judge(write(claim), story).findings]
