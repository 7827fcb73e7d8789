"""Status, polarity, denial, delay, hedging, questions and sources told by the words of a sentence."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.tables import rows
from tracker.domain import cues
from tracker.domain.claims import Status
from tracker.domain.words import bag

READERS: dict[str, Callable[[str], object]] = {
    "status": cues.status,
    "negated": cues.negated,
    "denial": cues.denial,
    "delayed": cues.delayed,
    "hedged": cues.hedged,
    "question": cues.question,
    "who": cues.attribution,
}
CASES = [(row["s"], cue, value) for row in rows("cues.jsonl") for cue, value in row.items() if cue != "s"]
PIECES = bag(
    """
    Macron the minister said says that , according to sources “ ” : - will not plans to denied no evidence ruled out
    could be has been called off if which who after . ? For told reporters in Paris on Monday as NASA reported
    """
)
pieces = st.sampled_from(sorted(PIECES))


@pytest.mark.parametrize(("sentence", "cue", "expected"), CASES, ids=[f"{cue}: {text}" for text, cue, _ in CASES])
def test_cue(sentence: str, cue: str, expected: object) -> None:
    """Each cue of the table is read as a reader would."""
    assert READERS[cue](sentence) == expected


@given(st.lists(pieces, max_size=14).map(" ".join) | st.text(max_size=80))
def test_never_fails(sentence: str) -> None:
    """Any text has a status and answers to every other question."""
    assert all(isinstance(reader(sentence), Status | bool | str | None) for reader in READERS.values())


def test_long_sentence_is_quick_enough_to_read() -> None:
    """A sentence without an end, as a broken page gives, is read."""
    assert cues.status("the minister " * 2000) is Status.FACT
