"""What a sentence says of a claim's values."""

from datetime import date

import pytest

from tracker.domain.extraction import read_claim
from tracker.judging.compare import differences, strongest

DAY = date(2031, 3, 4)


@pytest.mark.parametrize(
    ("claim", "sentence", "effect", "field"),
    [
        ("At least 40 people were killed in the flood.", "The flood has killed 62 people.", "changes", "quantity"),
        ("At least 40 people were killed in the flood.", "More than 40 people were killed.", "supports", "quantity"),
        ("The bank will cut 3,000 jobs.", "The bank will cut 4,500 jobs, not 3,000.", "supports", "quantity"),
        (
            "The company offers its staff a rise of 4% over three years.",
            "Staff get 6% more over two years.",
            "changes",
            "quantity",
        ),
        (
            "The probe will land on 12 March 2031.",
            "Landing is now set for 20 March at the earliest.",
            "changes",
            "date",
        ),
        ("The probe will land on 12 March 2031.", "The probe is to land on 12 March.", "supports", "date"),
        ("The probe will land on 12 March 2031.", "The landing has been postponed.", "changes", "date"),
        ("The minister plans to visit the island.", "The visit has been cancelled.", "denies", "status"),
        ("The court confirms the election result.", "The court annuls the election result.", "denies", "status"),
    ],
)
def test_values_are_compared_by_their_own_rules(claim: str, sentence: str, effect: str, field: str) -> None:
    """Figures, dates and states of affairs move a claim, agree with it or take it back."""
    found = strongest(differences(read_claim("C1", claim, published=DAY), sentence, DAY))
    assert found is not None
    assert (found.effect, found.field) == (effect, field)


def test_a_question_says_nothing() -> None:
    """A headline that asks moves no figure."""
    claim = read_claim("C1", "At least 40 people were killed.", published=DAY)
    assert differences(claim, "Were 62 people killed?", DAY) == ()


def test_a_span_of_time_beside_a_figure_is_not_what_the_claim_is_about() -> None:
    """Two days of talks do not change a rise of 4 % over three years."""
    claim = read_claim("C1", "The company offers a rise of 4% over three years.", published=DAY)
    assert not [one for one in differences(claim, "Talks lasted two days.", DAY) if one.moves]


def test_a_changed_value_is_in_the_claim_that_follows() -> None:
    """What comes next is compared with the new figure: said again, it is a repeat."""
    claim = read_claim("C1", "At least 40 people were killed in the flood.", published=DAY)
    moved = strongest(differences(claim, "The flood has killed 62 people.", DAY))
    assert moved is not None
    again = strongest(differences(moved.current, "62 people are dead after the flood.", DAY))
    assert again is not None
    assert again.effect == "supports"


def test_a_date_that_slips_twice_is_in_the_text_of_the_claim_each_time() -> None:
    """However often a day is put off, the claim reads with the newest."""
    claim = read_claim("C1", "The bridge will stay closed until 14 March 2031.", published=DAY)
    for day in ("20 March", "2 April"):
        moved = strongest(differences(claim, f"The bridge stays closed until {day}, the council said.", DAY))
        assert moved is not None
        claim = moved.current
        assert claim.text == f"The bridge will stay closed until {day} 2031."
