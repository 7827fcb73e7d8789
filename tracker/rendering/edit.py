"""An edit as a reader sees it: the words that stayed once, and in brackets what became what."""

import re
from collections.abc import Sequence

from tracker.rendering.plain import line

_PIECE = re.compile(r"\w+(?:['.,]\w+)*|[^\w\s]")
_BETWEEN = " / "
FEW = 0.3
"""Share of words in common under which two sentences are shown one after the other, not as one."""


def edit(old: str | None, new: str | None) -> str:
    """Return old and new words in one line: "Eleven people were [hurt → injured]."; what is gone becomes nothing.

    Lines of the two, such as a headline and a sentence, are parted by a stroke; each is told by itself where there are
    as many of the old as of the new.
    """
    olds, news = _lines(old), _lines(new)
    if len(olds) == len(news) > 1:
        return _BETWEEN.join(edit(before, after) for before, after in zip(olds, news, strict=True))
    before, after = _BETWEEN.join(olds), _BETWEEN.join(news)
    if not after:
        return f"[{before} → ]"
    from difflib import SequenceMatcher  # noqa: PLC0415 - few reports hold an edit

    one, other = words(before), words(after)
    match = SequenceMatcher(None, one, other, autojunk=False)
    if match.ratio() < FEW:
        return f"[{before} → {after}]"
    parts = (_part(kind, one[a:b], other[c:d]) for kind, a, b, c, d in match.get_opcodes())
    return "".join(parts).strip()


def _lines(text: str | None) -> list[str]:
    return [shown for one in (text or "").split("\n") if (shown := line(one))]


def _part(kind: str, old: Sequence[str], new: Sequence[str]) -> str:
    if kind == "equal":
        return "".join(new)
    was, becomes = "".join(old), "".join(new)
    space = " " if (becomes or was).startswith(" ") else ""
    return f"{space}[{was.strip()} → {becomes.strip()}]"


def words(text: str) -> list[str]:
    """Return the words and signs of a text, each with the space before it."""
    ends = [0, *(match.end() for match in _PIECE.finditer(text))]
    return [text[start:end] for start, end in zip(ends, [*ends[1:], len(text)], strict=True) if start < end]
