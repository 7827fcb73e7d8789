"""Edits word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rendering.edit import edit


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Eleven people were hurt.", "Eleven people were injured.", "Eleven people were [hurt → injured]."),
        ("It costs 3.5 million.", "It costs 4.5 million.", "It costs [3.5 → 4.5] million."),
        ("It is so.", "It is not so.", "It is [ → not] so."),
        ("It is not so.", "It is so.", "It is [not → ] so."),
        ("It is so.", "", "[It is so. → ]"),
        ("It is so.", None, "[It is so. → ]"),
        ("It rains.", "The mayor has resigned at last", "[It rains. → The mayor has resigned at last]"),
        ("One.\nTwo is here.", "One.\nTwo was here.", "One. / Two [is → was] here."),
        (
            "Fourteen injured\nIt rains.",
            "Sixteen injured\nIt snows.",
            "[Fourteen → Sixteen] injured / It [rains → snows].",
        ),
        ("One more.\nTwo is here.", "Two was here.", "[One more. / Two is → Two was] here."),
        ("Same.", "Same.", "Same."),
        ("A\x1b[31m b c", "A b d", "A b [c → d]"),
    ],
)
def test_edits(old: str, new: str | None, shown: str) -> None:
    """What stayed stands once, what changed in brackets, what has little in common one after the other; on one line."""
    assert edit(old, new) == shown


words = st.lists(st.sampled_from(["it", "is", "3.5", "not", "so."]), min_size=1, max_size=6).map(" ".join)


@given(words, words)
def test_both_sides_can_be_read_off(old: str, new: str) -> None:
    """Taking the left of each bracket gives the old words back, and taking the right the new ones."""
    shown = edit(old, new)
    sides = ["", ""]
    for nth, part in enumerate(shown.replace("]", "[").split("[")):
        left, right = part.split(" → ") if nth % 2 else (part, part)
        sides[0], sides[1] = sides[0] + left, sides[1] + right
    assert [side.replace(" ", "") for side in sides] == [old.replace(" ", ""), new.replace(" ", "")]
