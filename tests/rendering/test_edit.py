"""What an edit changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rendering.edit import differing

texts = st.lists(st.sampled_from(["a", "b", "c"]), max_size=8)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("France sends 100 men now", "France sends 300 men now", ("100", "300")),
        ("the same", "the  same", ("", "")),
        ("a a", "a", ("a", "")),
        ("", "added", ("", "added")),
    ],
)
def test_the_words_that_differ_are_told(old: str, new: str, told: tuple[str, str]) -> None:
    """What both texts begin and end with is left out; white space is no difference."""
    assert differing(old, new) == told


@given(texts, texts)
def test_putting_the_new_words_in_place_of_the_old_gives_the_new_text(old: list[str], new: list[str]) -> None:
    """The old text without its words is the new one without its own, and words are told exactly where texts differ."""
    before, after = differing(" ".join(old), " ".join(new))
    assert len(old) - len(before.split()) == len(new) - len(after.split())
    assert (before or after) != "" if old != new else (before, after) == ("", "")
