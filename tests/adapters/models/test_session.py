"""How texts are put together for a model."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.adapters.models.session import _alike


@given(st.lists(st.integers(1, 256), max_size=80), st.integers(1, 32))
def test_texts_of_like_length_go_together(lengths: list[int], batch: int) -> None:
    """Every text is in one group, in order; no group exceeds the batch or pads by more than a quarter and two."""
    ordered = sorted(enumerate(lengths), key=lambda pair: pair[1])
    groups = _alike(ordered, batch)
    assert [at for group in groups for at in group] == [at for at, _ in ordered]
    for group in groups:
        assert len(group) <= batch
        assert max(lengths[at] for at in group) <= min(lengths[at] for at in group) * 1.25 + 2
