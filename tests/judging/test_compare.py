"""What a sentence says of a claim's values."""

from dataclasses import replace
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
        ("The bank will cut 3,000 jobs.", "The bank will cut 4,500 jobs, not 3,000.", "changes", "quantity"),
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


@pytest.mark.parametrize(
    ("claim", "sentence", "denies"),
    [
        (
            "The dockers of Lund have been on strike since 3 March.",
            "Third day: cruises cancelled, fares refunded",
            False,
        ),
        ("The dockers of Lund have been on strike since 3 March.", "The strike was called off, cruises resume", True),
        ("The county will build a tunnel.", "Fair cancelled; mayor on leave", False),
        ("The county will build a tunnel.", "Mayor on leave; tunnel scrapped", True),
    ],
)
def test_what_is_taken_back_is_of_the_claim(claim: str, sentence: str, denies: bool) -> None:  # noqa: FBT001
    """An end to something else in the same breath is no end of what the claim tells."""
    found = differences(read_claim("C1", claim, published=DAY), sentence, DAY)
    assert any(one.effect == "denies" and one.field == "status" for one in found) is denies


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


TOLL = "Three workers were killed and nineteen people were injured in a fire at the plant."


@pytest.mark.parametrize(
    ("sentence", "effect", "text"),
    [
        ("Three dead in the plant fire", "supports", TOLL),
        ("Nineteen people hurt", "supports", TOLL),
        ("Five dead in fire", "changes", TOLL.replace("Three", "Five")),
        ("Five people were killed, police said", "changes", TOLL.replace("Three workers", "Five people")),
        ("Twenty-four people were injured.", "changes", TOLL.replace("nineteen", "twenty-four")),
        ("Nobody was hurt in the fire.", "denies", TOLL),
        ("There were no deaths in the fire.", "denies", TOLL),
    ],
)
def test_a_count_is_compared_with_the_count_of_the_same(sentence: str, effect: str, text: str) -> None:
    """Those killed are none of the injured: each count repeats, moves or denies its own, in the case of its place."""
    found = strongest(differences(read_claim("C1", TOLL, published=DAY), sentence, DAY))
    assert found is not None
    assert (found.effect, found.field) == (effect, "quantity")
    assert found.current.text == text


@pytest.mark.parametrize(
    "sentence",
    [
        "No one else was hurt.",
        "Nobody knows how many people were injured.",
        "Nobody has been arrested over the fire that killed three workers.",
    ],
)
def test_who_says_nobody_of_something_else_denies_no_count(sentence: str) -> None:
    """Nobody else, and nobody who knows, are no count of none."""
    found = differences(read_claim("C1", TOLL, published=DAY), sentence, DAY)
    assert not [one for one in found if one.field == "quantity" and one.effect != "supports"]


def test_a_value_is_found_in_a_claim_in_any_case_and_takes_the_case_of_its_place() -> None:
    """A value that opened a sentence is small within one, and great where it opens the claim."""
    claim = read_claim("C1", "Some 100,000 people fled the flood.", published=DAY)
    small = replace(claim, quantities=(replace(claim.quantities[0], text="some 100,000 people"),))
    moved = strongest(differences(small, "The flood made about 250,000 people flee.", DAY))
    assert moved is not None
    assert moved.current.text == "About 250,000 people fled the flood."
    within = read_claim("C1", "Police say nineteen people fled.", published=DAY)
    moved = strongest(differences(within, "Forty people fled.", DAY))
    assert moved is not None
    assert moved.current.text == "Police say forty people fled."


REOPENS = "The plant will reopen on 12 March 2031."


@pytest.mark.parametrize(
    ("sentence", "new", "text"),
    [
        ("It will reopen on 15 April, not on 12 March.", "15 April 2031", "The plant will reopen on 15 April 2031."),
        ("The plant will reopen on 10 March.", "10 March 2031", "The plant will reopen on 10 March 2031."),
        ("Reopening put off", "later", "The plant will reopen later than 12 March 2031."),
    ],
)
def test_a_day_that_is_another_moves_the_claim(sentence: str, new: str, text: str) -> None:
    """A day put aside is no agreement, an earlier day for the same deed is another one, and a delay leaves the old."""
    found = strongest(differences(read_claim("C1", REOPENS, published=DAY), sentence, DAY))
    assert found is not None
    assert (found.effect, found.field, found.new) == ("changes", "date", new)
    assert found.current.text == text


def test_a_delay_told_again_agrees_and_a_day_settles_it() -> None:
    """What was put off is not put off again by a second report; the new day takes its place."""
    off = strongest(differences(read_claim("C1", REOPENS, published=DAY), "Reopening put off", DAY))
    assert off is not None
    again = strongest(differences(off.current, "The reopening has been delayed.", DAY))
    assert again is not None
    assert again.effect == "supports"
    day = strongest(differences(off.current, "The plant will reopen on 15 April.", DAY))
    assert day is not None
    assert (day.effect, day.old) == ("changes", "later than 12 March 2031")
    assert day.current.text == "The plant will reopen on 15 April 2031."
