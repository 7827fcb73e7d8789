"""Quantities read from sentences, and compared."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.tables import quantities_differ, rows
from tracker.domain.intervals import compare
from tracker.domain.quantity import Quantity, quantities
from tracker.domain.words import bag

values = st.integers(0, 10_000).map(float)
ends = st.tuples(st.none() | values, st.none() | values).filter(lambda pair: pair != (None, None))


def make(pair: tuple[float | None, float | None], unit: str, noun: str, *, vague: bool) -> Quantity:
    """Return a quantity with its ends in order."""
    low, high = pair
    if low is not None and high is not None and high < low:
        low, high = high, low
    return Quantity(low, high, unit, noun, vague)


made = st.builds(
    make,
    ends,
    st.sampled_from(["", "day", "hour", "percent", "USD"]),
    st.sampled_from(["", "soldier", "troop", "person", "machinist"]),
    vague=st.booleans(),
)
PIECES = bag(
    """
    10 12 2,000 1.5 0 9999999999999999999 three hundred and a half quarter point of million percent % $ € to -
    between from rose at least soldiers dozens several F-16 2024 June m bn k ½ day ' " . , ( per
    """
)
pieces = st.sampled_from(sorted(PIECES))
phrases = st.lists(pieces, max_size=12).map(" ".join) | st.lists(pieces, max_size=6).map("".join) | st.text(max_size=40)


@pytest.mark.parametrize(
    "table", ["quantities.jsonl", "quantities_blind.jsonl", "quantities_blind2.jsonl", "quantities_blind3.jsonl"]
)
def test_table(table: str) -> None:
    """The phrasings of each table are read with value, unit and noun, 97 of 100 or more."""
    table_rows = rows(table)
    missed = [miss for row in table_rows if (miss := quantities_differ(row))]
    assert len(missed) <= 0.03 * len(table_rows), "\n".join(missed)


@given(phrases)
def test_never_fails(sentence: str) -> None:
    """Any text can be read; what is found stands in it, in order, and low is not above high."""
    found = quantities(sentence)
    assert all(sentence[each.start :].startswith(each.text) and each.text for each in found)
    assert all(one.start < other.start for one, other in pairwise(found))
    assert all(each.low is None or each.high is None or each.low <= each.high for each in found)


@pytest.mark.parametrize("row", rows("compare_quantities.jsonl"), ids=lambda row: f"{row['old']} / {row['new']}")
def test_compare(row: dict[str, str]) -> None:
    """Agreement, disagreement, more precision and incomparability are told apart."""
    (old, *_), (new, *_) = quantities(row["old"]), quantities(row["new"])
    assert compare(old, new) == row["is"]


@given(made)
def test_same_as_itself(quantity: Quantity) -> None:
    """A quantity says the same as itself."""
    assert compare(quantity, quantity) == "same"


@given(made, made)
def test_both_ways(old: Quantity, new: Quantity) -> None:
    """Different and incomparable hold both ways round; the same one way is the same or narrower the other."""
    there, back = compare(old, new), compare(new, old)
    if "different" in {there, back} or "incomparable" in {there, back}:
        assert there == back
    if there == "narrower":
        assert back == "same"


def test_endless_values_compare() -> None:
    """A value beyond every number is compared like another."""
    huge = Quantity(float("inf"), float("inf"))
    assert compare(huge, Quantity(1, 1)) == "different"


def test_wording_reads_back() -> None:
    """The wording of a quantity, read by itself, gives the same value, unit and noun."""
    for row in rows("quantities.jsonl"):
        for found in quantities(row["s"]):
            again = quantities(found.text)
            if again and found.noun in found.text:
                assert (again[0].low, again[0].high) == (found.low, found.high), found
