"""A belief in words."""

import pytest

from tracker.rendering.belief import belief


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (1.0, "very sure (1.00 of 1)"), (0.84, "sure (0.84 of 1)"), (0.5, "fairly sure (0.50 of 1)"),
        (0.3, "rather unsure (0.30 of 1)"), (0.0, "not sure (0.00 of 1)"),
    ],
)  # fmt: skip
def test_belief(score: float, words: str) -> None:
    """A belief is told in words with the number beside them."""
    assert belief(score) == words
