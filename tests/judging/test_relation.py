"""What a sentence does to a claim: comparators first, the pair model as a witness."""

from collections.abc import Callable
from datetime import date

import pytest

from tracker.domain.claims import Claim, Relation
from tracker.domain.extraction import read_claim
from tracker.domain.story import Story
from tracker.judging.judge import Judge
from tracker.judging.linking import Link
from tracker.judging.profile import ClaimRead, profile_of
from tracker.judging.relation import Probabilities, Related, relate, unmoved

DAY = date(2031, 3, 2)
BRIDGE = read_claim("C1", "The bridge over the Lea carries ten thousand cars a day.", published=DAY)
DOUBT = "No such traffic is seen there, drivers say."
UNSURE: Probabilities = (0.3, 0.3, 0.4)
REFUTES: Probabilities = (0.05, 0.9, 0.05)


@pytest.fixture
def related(judge: Judge, opened: Callable[..., Story]) -> Callable[..., Related]:
    """Return what relates a sentence to a claim over a link of a given belief."""

    def relating(sentence: str, pair: Probabilities | None, *, claim: Claim = BRIDGE, score: float = 0.9) -> Related:
        profile = profile_of(opened("Bridge over the Lea", claim.text), judge._reader)
        (line,) = judge._reader.lines([sentence])
        return relate(Link(profile.claims[0], (line,), score), claim, DAY, pair)

    return relating


def test_a_turned_polarity_needs_a_witness(related: Callable[..., Related]) -> None:
    """A "no" somewhere in a sentence denies a claim only where the pair model reads a refutation as well."""
    assert related(DOUBT, REFUTES).relation is Relation.DENIES
    assert related(DOUBT, UNSURE).relation is not Relation.DENIES
    assert related(DOUBT, REFUTES, score=0.5).relation is not Relation.DENIES or related(DOUBT, REFUTES).unsure is False


def test_a_refutation_without_a_word_of_denial_waits_for_a_person(related: Callable[..., Related]) -> None:
    """The pair model alone is right too seldom: without a cue beside it the judge abstains."""
    alone = related("Drivers avoid the crossing.", REFUTES)
    assert alone.relation is Relation.DENIES
    assert alone.unsure


def test_the_claims_own_deed_needs_no_witness(related: Callable[..., Related]) -> None:
    """What was planned and is done moves the claim, and what was planned and will not be denies it, on any link."""
    plan = read_claim("C1", "The council plans to build a bridge over the Lea.", published=DAY)
    done = related("The council has built the bridge over the Lea.", UNSURE, claim=plan, score=0.45)
    assert (done.relation, done.difference and done.difference.new) == (Relation.UPDATES, "done")
    never = related("The council will not build the bridge.", None, claim=plan, score=0.45)
    assert never.relation is Relation.DENIES


def test_an_update_is_in_the_words_of_the_claim(related: Callable[..., Related]) -> None:
    """After a figure or a date has moved, the claim's text says the new one."""
    toll = read_claim("C1", "Eleven people were injured in the fire.", published=DAY)
    moved = related("Fourteen people were injured in the fire.", None, claim=toll)
    assert moved.current.text == "Fourteen people were injured in the fire."
    closed = read_claim("C1", "The bridge reopens on 5 March 2031.", published=DAY)
    later = related("The bridge will not reopen before 12 March 2031.", None, claim=closed)
    assert "12 March 2031" in later.current.text
    assert "5 March" not in later.current.text


def test_another_day_for_what_may_be_the_same_bears_nothing_out(related: Callable[..., Related]) -> None:
    """A day before the claim's, beside a further one, is no second report of the claim's day: a person looks."""
    visit = read_claim("C1", "The minister will visit the bridge on 27 March 2031.", published=DAY)
    found = related("The minister will visit the bridge on 24 or 25 March.", None, claim=visit)
    assert found.relation is not Relation.CORROBORATES or found.unsure
    same = related("The minister will visit the bridge on 27 March.", None, claim=visit)
    assert (same.relation, same.unsure) == (Relation.CORROBORATES, False)


def test_that_both_are_done_bears_nothing_out(related: Callable[..., Related]) -> None:
    """A sentence of the claim's status bears it out where it has words of the claim, else it says something further."""
    vote = read_claim("C1", "The council approved the toll on the bridge.", published=DAY)
    other = related("Hauliers were handed the tariff by post.", None, claim=vote)
    assert (other.relation, other.difference and other.difference.field) == (Relation.UPDATES, "detail")
    again = related("The council approved a toll for the bridge late on Monday.", None, claim=vote)
    assert again.relation is Relation.CORROBORATES


def test_who_says_that_nobody_was_hurt_bears_out_no_count(related: Callable[..., Related]) -> None:
    """A count of none denies the claim's; where the link is another report's alone, a person says so."""
    toll = read_claim("C1", "Eleven people were injured in the fire.", published=DAY)
    none = related("Nobody was hurt in the fire.", None, claim=toll)
    assert (none.relation, none.unsure) == (Relation.DENIES, False)
    assert (unmoved(none).relation, unmoved(none).unsure) == (Relation.DENIES, True)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("The council said it will not build the bridge.", "taken back by its own source, The council"),
        ("Residents said the council will not build the bridge.", "disputed by Residents"),
        ("The council will not build the bridge.", "turned: "),
    ],
)
def test_who_denies_is_said(related: Callable[..., Related], sentence: str, said: str) -> None:
    """A denial by another party disputes a claim, one by its own source takes it back, and the reason names who."""
    plan = read_claim("C1", "The council said it will build a bridge over the Lea.", published=DAY)
    found = related(sentence, None, claim=plan)
    assert found.relation is Relation.DENIES
    assert said in found.reason
    assert ("disputed" in found.reason, "own source" in found.reason) == ("disputed" in said, "own source" in said)


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("The orchestra could move to Leeds.", "The orchestra will not leave its hall for Leeds, it said."),
        ("Norway may join the salvage mission.", "Norway will not take part in the salvage mission, Oslo said."),
        ("The council may sell the swimming baths.", "The swimming baths will not go to a buyer, the council said."),
    ],
)
def test_what_will_not_be_is_no_step_towards_it(related: Callable[..., Related], claim: str, sentence: str) -> None:
    """A "will not" is a denial, or waits for a person: it neither moves a claim up from possible nor bears it out."""
    found = related(sentence, UNSURE, claim=read_claim("C1", claim, published=DAY))
    assert found.relation is Relation.DENIES or found.unsure
    assert found.difference is None or found.difference.field != "status"


@pytest.mark.parametrize(
    ("claim", "headline"),
    [
        ("The orchestra is open to moving to Leeds.", "Orchestra open to playing for Leeds"),
        ("The harbour could be shut in winter.", "Harbour: winter plan agreed by ferry firms"),
        ("The airline may buy nine jets.", "Airline announces talks on jets"),
    ],
)
def test_the_claim_word_for_word_wins_over_another_line(judge: Judge, claim: str, headline: str) -> None:
    """Beside a line that says the claim itself again, no status read at large off a headline moves it."""
    told = read_claim("C1", claim, published=DAY)
    lines = judge._reader.lines([headline, claim])
    found = relate(Link(ClaimRead("C1", lines[1], ()), lines, 0.96), told, DAY, None)
    assert found.relation is Relation.CORROBORATES


def test_a_plan_waits_where_the_claim_tells_the_deed(related: Callable[..., Related]) -> None:
    """Who says in the claim's words that a thing is to be done bears out no claim that it was."""
    claim = read_claim("C1", "The council has painted the bridge over the Lea.", published=DAY)
    found = related("The council plans to paint the bridge over the Lea.", None, claim=claim)
    assert found.unsure or found.relation is not Relation.CORROBORATES
