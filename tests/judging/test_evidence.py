"""What is counted of a claim and a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.judging.evidence import evidence
from tracker.judging.figures import MOST, figures

NAMES = tuple(evidence("A claim.", "A sentence."))


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_have_the_same_names_of_finite_numbers(claim: str, sentence: str) -> None:
    """Whatever the texts hold, evidence is a finite number for every name, in one order."""
    found = evidence(claim, sentence)
    assert tuple(found) == NAMES
    assert all(abs(value) < 1e6 for value in found.values())


@pytest.mark.parametrize(
    ("claim", "sentence", "held"),
    [
        ("The film has more than 98 reviews.", "The film's score is based on 99 reviews.", True),
        ("The film has more than 98 reviews.", "The film's score is based on 98 reviews.", False),
        ("The mill employs fewer than 40 people.", "The mill employs 41 people.", False),
        ("The song is the tenth of the band.", "The song is the eleventh of the band.", False),
        ("He came 4th.", "He came fourth.", True),
        ("Turnout was over 60%.", "Turnout was 58 percent of 900 voters.", False),
        ("The fund lost under 3 million euros.", "The fund lost €2.5 million.", True),
        ("At least 12 rafts sank.", "Some 14 to 20 rafts sank.", True),
    ],
)  # fmt: skip
def test_a_figure_keeps_to_its_bound_or_breaks_it(claim: str, sentence: str, *, held: bool) -> None:
    """The nearest figure of the same kind is in the claim's interval or out of it; a strict bound leaves itself out."""
    found = evidence(claim, sentence)
    assert (found["nearest held"], found["nearest broken"]) == ((1, 0) if held else (0, 1))


def test_kinds_of_figures() -> None:
    """Counts, shares, sums, ranks and years are told apart, each with the word behind it."""
    said = figures("In 2031 the 3rd fund paid $40 to 12 villagers, 5% less.")
    assert [(one.kind, one.value) for one in said] == [
        ("year", 2031), ("rank", 3), ("money", 40), ("count", 12), ("percent", 5),
    ]  # fmt: skip
    assert said[3].noun == "villag"


def test_a_name_in_the_place_of_another_is_seen() -> None:
    """Between the same words another name, or another word, stands: that is a swap, and an absent name is none."""
    swapped = evidence("The play was staged by Adeyemi in Lagos.", "The play was staged by Okafor in Lagos.")
    assert (swapped["swapped for new"], swapped["names swapped"]) == (1, 1)
    absent = evidence("The play was staged by Adeyemi in Lagos.", "Nobody came.")
    assert absent["swapped for new"] == 0
    assert absent["names missing"] > 0


@pytest.mark.parametrize(
    ("claim", "sentence", "apart"),
    [
        ("The law passed before April 2031.", "The law passed on 3 March 2031.", False),
        ("The law passed before April 2031.", "The law passed on 3 June 2031.", True),
        ("The law passed on 3 June 2031.", "In June 2031 the law passed.", False),
    ],
)
def test_days_meet_or_lie_apart(claim: str, sentence: str, *, apart: bool) -> None:
    """A day within the claim's bound meets it; one outside lies apart."""
    assert (evidence(claim, sentence)["days apart"] > 0) is apart


def test_texts_without_an_end_are_counted_by_their_opening() -> None:
    """Of endless figures and words the first are counted, so that two such texts are compared like any others."""
    claim, sentence = "7 cats, " * 20_000, "9 cats " * 20_000
    assert len(figures(claim)) == MOST
    found = evidence(claim, sentence)
    assert (found["figures"], found["figures told"]) == (MOST, MOST)
    assert tuple(evidence("1," * 5_000, "1 000 " * 5_000)) == NAMES
