"""What befell those that a quantity counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.fates import fate
from tracker.domain.quantity import quantities


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("At least 12 people were killed and more than 40 wounded.", ["dead", "injured"]),
        ("Seven soldiers are killed and 28 others are injured.", ["dead", "injured"]),
        ("The blast killed 12 people, injuring as many as 30.", ["dead", "injured"]),
        ("There were 3 dead and 14 missing.", ["dead", "missing"]),
        ("Police arrested 20 protesters.", ["arrested"]),
        ("More than 24,000 people are evacuated.", ["displaced"]),
        ("The death toll rose to 577.", ["dead"]),
        ("Rescuers pulled 12 survivors from the rubble.", ["rescued"]),
        ("Hamas released 4 hostages.", ["released"]),
        ("An outbreak has sickened 90 people.", ["sick"]),
        ("He was arrested in 2 towns.", [""]),
        ("The company sold 40 ships.", [""]),
        ("The killings shocked people and the state hired 300 officers.", [""]),
    ],
)
def test_fate(sentence: str, expected: list[str]) -> None:
    """The words of the quantity, its clause, or the verb before it tell."""
    assert [fate(sentence, quantity) for quantity in quantities(sentence)] == expected


@given(st.text(max_size=80))
def test_never_fails(sentence: str) -> None:
    """Any quantity of any text can be asked."""
    assert all(isinstance(fate(sentence, quantity), str) for quantity in quantities(sentence))
