"""What the models remember of earlier texts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tracker.adapters.models.memory import RowMemory


def lengths(texts: list[str]) -> NDArray[np.float32]:
    return np.array([[len(text)] for text in texts], np.float32)


@given(st.lists(st.lists(st.text(max_size=3), max_size=8), max_size=8), st.integers(0, 5))
def test_answers_are_those_of_the_computation_whatever_is_remembered(calls: list[list[str]], size: int) -> None:
    """Whatever the calls and the size, each row is what computing it afresh would give, and the bound holds."""
    memory: RowMemory[str] = RowMemory(size)
    for texts in calls:
        rows = memory.rows(texts, lengths, width=1)
        assert rows.tolist() == [[len(text)] for text in texts]
        assert len(memory) <= size


def test_a_remembered_text_is_not_computed_again() -> None:
    """Of a second call, only the new texts are computed, each once."""
    memory: RowMemory[str] = RowMemory(10)
    asked: list[list[str]] = []

    def compute(texts: list[str]) -> NDArray[np.float32]:
        asked.append(texts)
        return lengths(texts)

    memory.rows(["a", "bb"], compute, width=1)
    memory.rows(["bb", "ccc", "ccc", "a"], compute, width=1)
    assert asked == [["a", "bb"], ["ccc"]]


def test_the_text_unused_for_longest_is_forgotten_first() -> None:
    """Asking for a text again keeps it; the one that nobody asked for makes room."""
    memory: RowMemory[str] = RowMemory(2)
    for texts in (["a"], ["b"], ["a"], ["c"]):
        memory.rows(texts, lengths, width=1)
    asked: list[str] = []

    def compute(texts: list[str]) -> NDArray[np.float32]:
        asked.extend(texts)
        return lengths(texts)

    memory.rows(["a", "b"], compute, width=1)
    assert asked == ["b"]
