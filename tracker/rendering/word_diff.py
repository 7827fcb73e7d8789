"""What an edit changed, word by word, between two versions of a text; long stretches that stayed are left out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from tracker.domain.text import sentences
from tracker.rendering.edit import FEW, words
from tracker.rendering.plain import line

Kind = Literal["same", "gone", "new", "left out"]
SENTENCES = 400
"""Sentences of a version that are compared; of a longer text the rest is left out, and that is said."""
_WORDS = 400
"""Words of a changed passage up to which it is compared word by word; longer ones stand one after the other."""
_AROUND = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, went, or came; or, of what is "left out", how many sentences, in words."""

    kind: Kind
    text: str


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """Return the pieces of two versions of a text in reading order; none where they read the same."""
    olds, news = _sentences(old), _sentences(new)
    if olds == news:
        return ()
    blocks = SequenceMatcher(None, olds, news, autojunk=False).get_opcodes()
    pieces: list[Piece] = []
    for nth, (kind, a, b, c, d) in enumerate(blocks):
        if kind == "equal":
            pieces += _context(news[c:d], first=nth == 0, last=nth == len(blocks) - 1)
        else:
            pieces += _changed(" ".join(olds[a:b]), " ".join(news[c:d]))
    return tuple(pieces)


def _sentences(text: str) -> list[str]:
    found = [shown for one in sentences(text) if (shown := line(one.text))]
    more = len(found) - SENTENCES
    return [*found[:SENTENCES], f"({more} more sentences are not compared)"] if more > 0 else found


def _context(same: Sequence[str], *, first: bool, last: bool) -> Iterator[Piece]:
    """Yield what stayed near a change, and how much is left out."""
    head = () if first else same[:_AROUND]
    tail = () if last else same[max(len(head), len(same) - _AROUND) :]
    left = len(same) - len(head) - len(tail)
    if head:
        yield Piece("same", " ".join(head))
    if left:
        yield Piece("left out", f"{left} sentence{'s' if left > 1 else ''} unchanged")
    if tail:
        yield Piece("same", " ".join(tail))


def _changed(old: str, new: str) -> Iterator[Piece]:
    before, after = words(old), words(new)
    match = SequenceMatcher(None, before, after, autojunk=False)
    if max(len(before), len(after)) > _WORDS or match.ratio() < FEW:
        yield from _pieces((("gone", before), ("new", after)))
        return
    for kind, a, b, c, d in match.get_opcodes():
        same = kind == "equal"
        yield from _pieces((("same", after[c:d]),) if same else (("gone", before[a:b]), ("new", after[c:d])))


def _pieces(parts: Iterable[tuple[Kind, Sequence[str]]]) -> Iterator[Piece]:
    for kind, run in parts:
        if text := "".join(run).strip():
            yield Piece(kind, text)
