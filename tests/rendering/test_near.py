"""What is said of a name that is not there."""

import pytest

from tracker.rendering.near import near


@pytest.mark.parametrize(
    ("typed", "known", "told"),
    [
        ("harbor-bridge", ["strike", "harbour-bridge"], "; did you mean harbour-bridge?"),
        ("harb", ["strike", "harbour-bridge"], "; did you mean harbour-bridge?"),
        ("s1", ["S10", "S01", "S02", "S1"], "; did you mean S1 or S01 or S10?"),
        ("Strike", ["strike"], "; did you mean strike?"),
        ("elephant", ["strike"], "; see the list"),
        ("", ["strike"], "; see the list"),
        ("strike", [], "; see the list"),
    ],
)
def test_the_nearest_names_are_told(typed: str, known: list[str], told: str) -> None:
    """Names that are alike or begin so are told, the nearest first and three at most; without one, where to look."""
    assert near(typed, known, "see the list") == told


def test_nothing_is_said_of_nothing() -> None:
    """Without a name that is near and without a hint the sentence ends."""
    assert near("elephant", ["strike"]) == ""
