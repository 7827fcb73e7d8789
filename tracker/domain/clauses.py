"""Splitting of sentences that plainly join several statements."""

import re

from tracker.domain.places import COUNTRY, SEAT
from tracker.domain.words import fold

_FINITE = (
    r"(?:is|are|was|were|has|have|had|will|would|could|may|might|can|did|does|plans|worry|fear|say|warn|says?|said"
    r"|plans?|remains?|wants?|expects?|agreed|[a-z]{2,}ed|killed|injured)"
)
_HAS_VERB = re.compile(rf"\b{_FINITE}\b")
_COUNT = (
    r"(?:(?:at least|more than|nearly|about|some|around|over|up to|another|almost|roughly)\s+)*(?:\d[\d,.]*|one|two"
    r"|three|four|five|six|seven|eight|nine|ten|dozens|hundreds|scores|several|many)"
)
_JOINT = re.compile(
    rf";\s+|,\s+(?:while|whereas|and|but)\s+(?=(?:the\s+)?(?:[A-Z][\w'-]*\s+){{1,4}}{_FINITE}\b)"
    r"|,?\s+and\s+(?=(?P<name>[A-Z][\w'-]*)\s+(?:is|are|was|were|has|have|will|would|could|may|says|said)\b)"
    r"|,\s+(?:while|and|but)\s+(?=(?:some(?: \w+)?|many|several|most|critics|experts|officials|analysts|others"
    r"|opponents)\s+(?:\w+\s+)?(?:worry|fear|say|believe|warn|think|argue|doubt)\b)"
    rf"|,?\s+(?:and|while|with)\s+(?={_COUNT}(?:\s+\w+){{0,3}}?\s+(?:is|are|was|were|remain|have been|has been)\b)"
)
_SHORTEST = 4  # words of a clause that can stand alone
_QUOTED_WORDS = 2


def clauses(sentence: str) -> tuple[str, ...]:
    """Return the statements of a sentence that stand by themselves; the sentence alone where a split is not safe.

    Safe is a joint behind which a named subject or a counted one has its own finite verb, outside quotation marks, with
    a finite verb before it.
    """
    text = fold(sentence)
    if speaks(text):
        return (sentence,)
    cuts = [match for match in _JOINT.finditer(text) if _is_safe(text, match)]
    edges = [0, *(cut.end() for cut in cuts), len(text)]
    stops = [*(cut.start() for cut in cuts), len(text)]
    pieces = [sentence[start:stop].strip() for start, stop in zip(edges, stops, strict=False)]
    return (
        tuple(_sentence(piece) for piece in pieces)
        if all(len(piece.split()) >= _SHORTEST for piece in pieces)
        else (sentence,)
    )


def speaks(sentence: str) -> bool:
    """Say whether a sentence quotes speech; a quoted word or two is none."""
    return any(len(part.split()) > _QUOTED_WORDS for part in fold(sentence).split('"')[1::2])


def _is_safe(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start()], text[match.end() :]
    if match.group().startswith(";"):
        return bool(_HAS_VERB.search(after) and _HAS_VERB.search(before))
    name = match["name"]
    known = not name or name.lower() in COUNTRY or name.lower() in SEAT or len(after.split()) >= _SHORTEST
    return known and bool(_HAS_VERB.search(before)) and before.count("(") == before.count(")")


def _sentence(piece: str) -> str:
    text = piece[:1].upper() + piece[1:]
    return text if text.endswith((".", "!", "?", '"', "”")) else f"{text.rstrip(',;')}."
