"""What an edit changed, in few words."""

from collections.abc import Sequence


def differing(old: str, new: str) -> tuple[str, str]:
    """Return the words of two texts that differ, without those that they begin and end with alike."""
    before, after = old.split(), new.split()
    start = _alike(before, after)
    before, after = before[start:], after[start:]
    end = _alike(before[::-1], after[::-1])
    return " ".join(before[: len(before) - end]), " ".join(after[: len(after) - end])


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many words two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((nth for nth, (left, right) in pairs if left != right), min(len(one), len(other)))
