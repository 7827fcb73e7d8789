"""Numbers in addresses and forms."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.entrypoints.web.numbers import GREATEST, whole_number


@given(st.one_of(st.text(max_size=30), st.from_regex(r"\A0*[0-9]{1,25}\Z"), st.integers(5_000, 9_000).map("9".__mul__)))
def test_any_text_is_a_number_or_none(text: str) -> None:
    """Whatever stands where a number should, also one of thousands of digits, is a number within bounds or None."""
    found = whole_number(text)
    assert found is None or 1 <= found <= GREATEST


@given(st.integers(1, GREATEST))
def test_a_number_is_read_as_it_is(number: int) -> None:
    """Every number that a database can count to is read as what it is, the next ones are none."""
    assert whole_number(str(number)) == number
    assert whole_number(str(GREATEST + number)) is None
    assert whole_number(str(number), least=number + 1) is None
