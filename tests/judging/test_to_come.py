"""What is planned and what is done, of one deed and of the figures beside it."""

from dataclasses import replace
from datetime import date

import pytest

from tracker.domain.extraction import read_claim
from tracker.domain.quantity import quantities
from tracker.judging.compare import differences
from tracker.judging.to_come import moment, only_planned

DAY = date(2031, 3, 4)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("The yard has delivered 40 ferries.", "done"),
        ("The yard plans to deliver 60 ferries.", "to come"),
        ("4,500 nurses will be hired by the county.", "to come"),
        ("Some 900 nurses have been hired.", "done"),
        ("4,500 nurses to be hired at a place not named.", "to come"),
        ("12 people are feared to be trapped.", "done"),
        ("40 cows were found to be infected.", "done"),
        ("The toll could rise to 60.", "to come"),
        ("The dairy has closed 12 shops and will close 30 more.", "done"),
        ("As many as 62 people may have been killed.", None),
        ("The union was offered 4%.", None),
    ],
)
def test_the_verb_beside_a_figure_says_when(sentence: str, said: str | None) -> None:
    """A figure is of what the verb of its own clause tells; a promise and what may have been are neither."""
    first = quantities(sentence)[0]
    assert moment(sentence, first.start, first.text) == said


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("The yard has delivered 40 ferries.", "The yard plans to deliver 60 ferries."),
        ("The yard has delivered 40 ferries.", "The yard will deliver 40 ferries."),
        ("The yard plans to deliver 60 ferries.", "The yard has delivered 40 ferries."),
        ("Some 90,000 children have been vaccinated.", "4,500 children will be vaccinated, the ministry said."),
        ("Crews have restored power to 4,000 homes.", "Crews hope to restore power to 9,000 homes by night."),
    ],
)
def test_a_figure_of_a_plan_is_none_of_a_deed(claim: str, sentence: str) -> None:
    """What is to come neither moves a figure of what is done nor bears it out, and what is done moves no plan's."""
    found = differences(read_claim("C1", claim, published=DAY), sentence, DAY)
    assert not [one for one in found if one.field == "quantity"]


def test_a_figure_is_found_in_its_claim_however_a_seed_writes_it() -> None:
    """A seed that lists "some 90,000 children" of a claim that begins with "Some" is of the same deed."""
    read = read_claim("C1", "Some 90,000 children have been vaccinated.", published=DAY)
    listed = replace(read, quantities=tuple(replace(one, text=one.text.lower()) for one in read.quantities))
    assert listed.quantities != read.quantities
    found = differences(listed, "4,500 children will be vaccinated.", DAY)
    assert not [one for one in found if one.field == "quantity"]


@pytest.mark.parametrize(
    ("claim", "sentence", "field"),
    [
        ("The yard has delivered 40 ferries.", "The yard has now delivered 60 ferries.", "changes"),
        ("The mill will cut 3,000 jobs.", "The mill now plans to cut 4,500 jobs.", "changes"),
        ("The mill will cut 3,000 jobs.", "The mill has cut 3,000 jobs.", "supports"),
    ],
)
def test_figures_of_one_moment_are_compared(claim: str, sentence: str, field: str) -> None:
    """Two plans or two deeds are compared by their figures, and a plan carried out bears its figure out."""
    found = differences(read_claim("C1", claim, published=DAY), sentence, DAY)
    assert [one.effect for one in found if one.field == "quantity"] == [field]


@pytest.mark.parametrize(
    ("claim", "sentence", "planned"),
    [
        ("The ministers signed the treaty.", "The ministers hope to sign the treaty.", True),
        ("The bridge opened in May.", "The bridge will open in May.", True),
        ("The yard has delivered ferries.", "The yard plans to deliver ferries.", True),
        ("The bridge opened in May.", "The bridge was due to open in May, and opened in May.", False),
        ("The choir sang in Bergen.", "The choir will not rest before it sang in Oslo.", False),
        ("The bridge will open in May.", "The bridge plans to open in May.", False),
    ],
)
def test_a_sentence_that_only_plans_what_a_claim_tells_as_done(claim: str, sentence: str, planned: bool) -> None:  # noqa: FBT001
    """The same verb, done in the claim, is nowhere in the sentence more than planned or hoped for."""
    assert (only_planned(claim, sentence) is not None) is planned
