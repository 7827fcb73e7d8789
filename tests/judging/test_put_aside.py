"""Values that a sentence names only to put them aside, and those that it reports."""

from datetime import date

import pytest

from tracker.domain.extraction import read_claim
from tracker.judging.compare import differences, strongest

DAY = date(2031, 3, 2)


@pytest.mark.parametrize(
    ("claim", "sentence", "old", "new"),
    [
        ("The mill will cut 3,000 jobs.", "The mill will cut 4,500 jobs, not 3,000.", "3,000 jobs", "4,500 jobs"),
        ("The mill will cut 3,000 jobs.", "It will cut 4,500 jobs rather than 3,000 jobs.", "3,000 jobs", "4,500 jobs"),
        ("The port took 90 ships.", "The port took 70 ships instead of 90 ships.", "90 ships", "70 ships"),
        ("17 people were killed.", "The toll stands at 25 people, up from 17 people.", "17 people", "25 people"),
        ("Profit fell to 40 million euros.", "Profit was 31 million euros, down from 40 million euros.",
         "40 million euros", "31 million euros"),
        ("40 people were injured.", "12 people were injured, after earlier reports of 40 people injured.",
         "40 people", "12 people"),
        ("12 people died.", "Officials, who previously said 12 people died, now put the toll at 30 people.",
         "12 people", "30 people"),
        ("The strike has 200 workers out.", "The union raised its count from 200 workers to 350 workers.",
         "200 workers", "350 workers"),
    ],
)  # fmt: skip
def test_a_figure_put_aside_does_not_agree(claim: str, sentence: str, old: str, new: str) -> None:
    """The figure that the sentence reports moves the claim, though the claim's own figure stands in it as well."""
    found = strongest(differences(read_claim("C1", claim, published=DAY), sentence, DAY))
    assert found is not None
    assert (found.effect, found.field, found.old, found.new) == ("changes", "quantity", old, new)


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("25 people were killed.", "The toll rose to 25 people, up from 17 people."),
        ("The mill will cut 4,500 jobs.", "The mill will cut 4,500 jobs, not 3,000 jobs."),
        ("30 people died.", "Officials, who previously said 12 people died, now put the toll at 30 people."),
        ("12 people died.", "Earlier this week 12 people died there."),
        ("12 people died.", "Not only did 12 people die, the hall burned down."),
        ("At least 40 people were hurt.", "Not fewer than 40 people were hurt."),
    ],
)
def test_the_figure_that_is_reported_agrees(claim: str, sentence: str) -> None:
    """Beside a figure put aside, the one that the sentence stands by bears the claim out, and nothing moves it."""
    found = [
        one for one in differences(read_claim("C1", claim, published=DAY), sentence, DAY) if one.field == "quantity"
    ]
    assert {one.effect for one in found} == {"supports"}


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        (
            "The bridge reopens on 5 March 2031.",
            "The bridge, originally due to reopen on 5 March, reopens on 12 March.",
        ),
        ("The trial will begin on 5 March 2031.", "The trial was moved from 5 March to 12 March."),
        ("The vote will be held on 5 March 2031.", "The vote will be held on 12 March instead of 5 March."),
        ("The probe will launch on 5 March 2031.", "The probe will launch on 12 March, not on 5 March."),
    ],
)
def test_a_day_put_aside_is_moved(claim: str, sentence: str) -> None:
    """The day that a sentence leaves behind is no agreement: the claim moves to the other one."""
    found = strongest(differences(read_claim("C1", claim, published=DAY), sentence, DAY))
    assert found is not None
    assert (found.effect, found.field, found.new) == ("changes", "date", "12 March 2031")


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        (
            "The operator denied that the alarms were switched off.",
            "The alarms had been switched off, inspectors found.",
        ),
        ("The bank denied that client data was stolen.", "Client data was stolen, the regulator says."),
        ("The club denied that the coach was sacked.", "The coach has been sacked."),
    ],
)
def test_what_was_denied_and_is_so_refutes_the_denial(claim: str, sentence: str) -> None:
    """A claim that is a denial in its own words is not borne out by who says that it is so."""
    found = strongest(differences(read_claim("C1", claim, published=DAY), sentence, DAY))
    assert found is not None
    assert (found.effect, found.field) == ("denies", "polarity")
