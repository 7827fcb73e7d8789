"""An edit as a reader sees it: the words that stayed once, and in brackets what became what."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from tracker.rendering.plain import line

_PIECE = re.compile(r"\w+(?:['.,]\w+)*|[^\w\s]")
_FEW = 0.3
"""Share of words in common under which two sentences are shown one after the other, not as one."""


def edit(old: str | None, new: str | None) -> str:
    """Return old and new words in one line: "Eleven people were [hurt → injured]."; what is gone becomes nothing."""
    before, after = line(old), line(new)
    if not after:
        return f"[{before} → ]"
    one, other = _words(before), _words(after)
    match = SequenceMatcher(None, one, other, autojunk=False)
    if match.ratio() < _FEW:
        return f"[{before} → {after}]"
    parts = (_part(kind, one[a:b], other[c:d]) for kind, a, b, c, d in match.get_opcodes())
    return "".join(parts).strip()


def _part(kind: str, old: Sequence[str], new: Sequence[str]) -> str:
    if kind == "equal":
        return "".join(new)
    was, becomes = "".join(old), "".join(new)
    space = " " if (becomes or was).startswith(" ") else ""
    return f"{space}[{was.strip()} → {becomes.strip()}]"


def _words(text: str) -> list[str]:
    """Return the words and signs of a text, each with the space before it."""
    ends = [0, *(match.end() for match in _PIECE.finditer(text))]
    return [text[start:end] for start, end in zip(ends, [*ends[1:], len(text)], strict=True) if start < end]
