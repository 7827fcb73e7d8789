"""Which claims a line bears on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.judging.linking import bar


@given(st.floats(0.05, 0.95), st.integers(1, 100))
def test_among_more_claims_a_link_takes_more_belief(least: float, claims: int) -> None:
    """The belief that a link takes never falls with the number of claims, and stays a probability."""
    assert least <= bar(least, claims) * (1 + 1e-9)
    assert bar(least, claims) <= bar(least, claims + 1) < 1


def test_among_few_claims_a_link_takes_what_was_learnt() -> None:
    """Up to six claims the threshold is the one of the parameters; among twenty it is higher."""
    assert bar(0.41, 5) == pytest.approx(0.41)
    assert bar(0.41, 20) == pytest.approx(0.5, abs=0.01)
