"""How sure the judge was, in words; the number stands beside them."""

_WORDS = ((0.9, "very sure"), (0.75, "sure"), (0.5, "fairly sure"), (0.25, "rather unsure"))


def belief(score: float) -> str:
    """Return a belief in [0, 1] in words, with the number: "sure (0.83 of 1)"."""
    words = next((words for least, words in _WORDS if score >= least), "not sure")
    return f"{words} ({score:.2f} of 1)"
