"""One sentence against one claim, given what a model reads of the pair."""

from datetime import date

import pytest

from tracker.judging.pairing import compared
from tracker.judging.relation import Probabilities

DAY = date(2031, 3, 2)
SUPPORTS: Probabilities = (0.8, 0.1, 0.1)
REFUTES: Probabilities = (0.1, 0.8, 0.1)
NEITHER: Probabilities = (0.1, 0.1, 0.8)


@pytest.mark.parametrize(
    ("claim", "sentence", "field", "old", "new"),
    [
        ("Forty jobs will go.", "Thirty jobs will go.", "quantity", "Forty jobs", "Thirty jobs"),
        ("The play has over 20 roles.", "There are 20 roles in the play.", "quantity", "over 20", "20"),
        ("The ferry will sail on Friday.", "It sails on 12 March.", "date", "7 March 2031", "12 March 2031"),
        ("The bank paid the fine.", "The bank has not paid the fine.", "polarity", "bank paid", "bank has not paid"),
        ("The play was staged by Adeyemi in Lagos.", "It was staged by Okafor in Lagos.", "name", "Adeyemi", "Okafor"),
        ("The vault is under the old mill.", "The vault is under the new mill.", "wording", "old", "new"),
    ],
)
def test_a_denial_names_what_parts_the_two(claim: str, sentence: str, field: str, old: str, new: str) -> None:
    """The field is that of the comparators where one speaks, else that of a figure or word in the place of another."""
    found = compared(claim, sentence, DAY, REFUTES)
    assert (found.relation, found.field, found.old, found.new) == ("denies", field, old, new)
    assert old in found.reason
    assert new in found.reason


def test_the_greatest_chance_decides() -> None:
    """The relation is that of the greatest chance, and of its kind alone a comparison is told."""
    claim, sentence = "Forty jobs will go at Lea Mill.", "Forty jobs will go."
    assert compared(claim, sentence, DAY, SUPPORTS).relation == "corroborates"
    assert compared(claim, sentence, DAY, SUPPORTS).field == "quantity"
    none = compared(claim, sentence, DAY, NEITHER)
    assert (none.relation, none.field, none.old, none.new) == ("none", None, None, None)
    assert "does not name Lea Mill" in none.reason


def test_who_denies_is_said() -> None:
    """The reason of a denial names its source, and whether the claim is that source's own."""
    claim = "The council said it will build the bridge."
    assert "own source, The council" in compared(claim, "The council said it will not build it.", DAY, REFUTES).reason
    assert "disputed by The union" in compared(claim, "The union said no bridge will be built.", DAY, REFUTES).reason


def test_texts_without_an_end_are_compared_by_their_openings() -> None:
    """Endless figures are compared like a few, and what parts the two is named as briefly."""
    found = compared(
        "Forty jobs will go. " + "7 cats, " * 20_000, "Thirty jobs will go. " + "1, " * 20_000, DAY, REFUTES
    )
    assert (found.field, found.old, found.new) == ("quantity", "Forty jobs", "Thirty jobs")


@pytest.mark.parametrize("nothing", ["…", "!!!", "🙂🙂", " — ", "."])
def test_what_holds_no_words_is_neither(nothing: str) -> None:
    """Signs alone bear out nothing and deny nothing, whatever a model reads in them, on either side."""
    for claim, sentence in ((nothing, "The ferry sank."), ("The ferry sank.", nothing)):
        found = compared(claim, sentence, DAY, SUPPORTS)
        assert (found.relation, found.chances, found.field) == ("none", (0.0, 0.0, 1.0), None)
        assert "holds no words" in found.reason


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("France and Emmanuel Macron back Ukrainian pilots.", "does not name France, Emmanuel Macron, Ukrainian"),
        ("The strike at Lea Mill in Perú's capital is over.", "does not name Lea Mill, Perú's"),
        ("NATO meets in Kyiv.", "does not name NATO, Kyiv"),
    ],
)
def test_names_are_told_as_they_are_written(claim: str, said: str) -> None:
    """What the sentence does not name is told in the claim's own words and order, a part of a name with its whole."""
    assert said in compared(claim, "Nothing was decided.", DAY, NEITHER).reason


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("The chair of Halden Bank will step down.", "Will the chair of Halden Bank step down?"),
        ("The brewery is bankrupt.", "Is the brewery really bankrupt?"),
        ("Norway will send divers to the wreck.", "Will Norway send divers to the wreck? Observers are divided."),
    ],
)
def test_a_question_bears_nothing_out(claim: str, sentence: str) -> None:
    """Who only asks whether the claim is so says nothing of it, whatever a model reads."""
    found = compared(claim, sentence, DAY, SUPPORTS)
    assert (found.relation, found.field) == ("none", None)
    assert "it asks" in found.reason


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("The brewery is bankrupt.", "Is the brewery bankrupt? The brewery is bankrupt, the court said."),
        ("Adeyemi acted in a comedy.", 'Adeyemi acted in the comedy "Who Goes There?"'),
    ],
)
def test_what_is_answered_or_only_named_is_no_question(claim: str, sentence: str) -> None:
    """An answer beside a question tells, and so does a sentence that names a title which asks."""
    assert compared(claim, sentence, DAY, SUPPORTS).relation == "corroborates"


@pytest.mark.parametrize(
    ("claim", "sentence", "chances"),
    [
        ("The ministers signed the treaty.", "The ministers hope to sign the treaty.", SUPPORTS),
        ("The yard has delivered ferries.", "The yard plans to deliver ferries.", SUPPORTS),
        ("The yard has delivered 40 ferries.", "The yard plans to deliver 60 ferries.", REFUTES),
    ],
)
def test_a_plan_bears_out_no_deed(claim: str, sentence: str, chances: Probabilities) -> None:
    """What is to come neither corroborates what is told as done nor refutes it by its figure; the reason says both."""
    found = compared(claim, sentence, DAY, chances)
    assert (found.relation, found.field) == ("none", None)
    assert sum(found.chances) == pytest.approx(1)
    assert "to come" in found.reason


@pytest.mark.parametrize(
    ("claim", "sentence", "chances"),
    [
        ("The yard could close.", "The yard will close.", SUPPORTS),
        ("The yard could close.", "The yard will close.", NEITHER),
        ("The fair was opened by the mayor.", "The fair has drawn crowds.", SUPPORTS),
    ],
)
def test_a_reason_fits_its_verdict(claim: str, sentence: str, chances: Probabilities) -> None:
    """The state of a sentence at large decides nothing here, and so is neither reason nor field."""
    found = compared(claim, sentence, DAY, chances)
    assert (found.field, found.old, found.new) == (None, None, None)
    assert "status" not in found.reason


def test_a_figure_within_an_open_one_is_told() -> None:
    """62 refutes no "at least 40": where it is read as support, the reason says why."""
    found = compared("At least 40 people were hurt.", "The storm has hurt 62 people.", DAY, SUPPORTS)
    assert (found.relation, found.field) == ("corroborates", None)
    assert "62 people is within At least 40 people" in found.reason
