"""What of an edit is one: which words of two versions differ, and whether what was quoted of the old still stands.

No edit are other blanks, forms of characters, quotes and dashes, case, punctuation; nor what a site changes by itself:
how long ago something was, counts of comments and shares, invitations to share and follow.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from tracker.domain.entry import Entry
from tracker.domain.text import sentences
from tracker.domain.words import normalise

_Bare = tuple[str, ...]

# Words, also with an apostrophe, a point or a comma inside; signs that are no punctuation; a minus before a figure.
_WORD = re.compile(r"[^\W_]+(?:['.,:][^\W_]+)*|-(?=\d)|[^\w\s.,;:!?'\"()\[\]{}<>|/\\*#~_=-]")
_AGO = re.compile(
    r"\b(?:(?:about|over) )?(?:an?|one|\d+) ?(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?) ago\b"
    r"|\bjust now\b|\bmoments ago\b"
    r"|\bvor (?:einer|einem|\d+) (?:sekunden?|minuten?|stunden?|tag(?:en)?)\b"
    r"|\bil y a (?:une?|\d+) (?:secondes?|minutes?|heures?|jours?)\b"
    r"|\bhace (?:una?|\d+) (?:segundos?|minutos?|horas?|días?)\b",
    re.IGNORECASE,
)
_SEGMENT = re.compile(r"[\r\n|·•()\[\]]+")
_COUNTED = (
    r"(?:comments?|shares?|likes?|views?|reactions?|points?|votes?|replies|kommentare?|commentaires?|comentarios?)"
)
_COUNTER = re.compile(
    rf"(?:\W*(?:\d[\d.,]*\s*[km]?\s*{_COUNTED}|#?\s*{_COUNTED}\s*:?\s*#?\d[\d.,]*\s*[km]?)\b)+\W*", re.IGNORECASE
)
_CALL = re.compile(
    r"\W*(?:share (?:this|on|via)|follow (?:us|me)\b|tweet (?:this|it)|like us|subscribe\b|sign up (?:for|to)\b"
    r"|read more|continue reading|click here|(?:last )?updated?:?\s*$|(?:facebook|twitter|whatsapp|email|print)\W*$)",
    re.IGNORECASE,
)
_LONG_NOISE = 80  # characters; a longer line tells something
_CUT = re.compile(r"(?:\.\.\.|…|\[\.\.\.\]|\[…\])\W*$")
_COUNTERPART = 0.4
"""Share of words in common from which a new sentence is what an old one has become."""


@dataclass(frozen=True, slots=True)
class Revision:
    """Sentences that were quoted and stand no more, and those that stand in their place; a line each."""

    old: str
    new: str


def essence(entry: Entry) -> tuple[_Bare, _Bare, _Bare]:
    """Return the words of title, summary and text without what makes no edit: versions that share it are one."""
    return bare(entry.title), bare(entry.summary), bare(entry.text)


def bare(text: str) -> _Bare:
    """Return the words of a text that count, in lower case and in order."""
    kept = (normalise(_AGO.sub(" ", part)) for part in _SEGMENT.split(text))
    told = (part for part in kept if not _is_noise(part))
    return tuple(_WORD.findall(" ".join(told).casefold()))


def revision(quotes: Iterable[str], before: Entry, after: Entry) -> Revision | None:
    """Return what an edit did to the sentences of an entry that were quoted, the headline too; None where nothing.

    A version that only adds words leaves all of them standing, a headline also where it stands within a longer one
    ("Live: ..."): what the words say is for the judge. What stood in the text of an article counts only
    against another text: a version of the summary alone says nothing of it.
    """
    olds, news = _sentences(before), _sentences(after)
    gone = [line for line in _quoted(quotes, before, after, olds) if not _stands(line, news)]
    if not gone:
        return None
    fresh = [line for line in news if line.words not in {old.words for old in olds}]
    places = dict.fromkeys(place for line in gone if (place := _counterpart(line, fresh)))
    return Revision("\n".join(line.text for line in gone), "\n".join(line.text for line in places))


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    words: _Bare
    title: bool = False
    cut: bool = False


def _sentences(entry: Entry) -> list[_Line]:
    body = [_line(one.text) for part in (entry.summary, entry.text) for one in sentences(part)]
    return [_line(entry.title, title=True), *(line for line in dict.fromkeys(body) if line.words)]


def _line(text: str, *, title: bool = False) -> _Line:
    plain = normalise(text)
    return _Line(plain, bare(text), title, bool(_CUT.search(plain)))


def _quoted(quotes: Iterable[str], before: Entry, after: Entry, olds: Sequence[_Line]) -> list[_Line]:
    """Return the sentences of the old version that hold a quote, in their order."""
    held = [words for quote in quotes for line in quote.splitlines() if (words := bare(line))]
    unspoken = bare(before.text) if before.text and not after.text else ()
    spoken = bare(before.summary)
    return [
        line
        for line in olds
        if any(_holds(line.words, words) for words in held)
        and (line.title or not unspoken or _holds(spoken, line.words))
    ]


def _stands(line: _Line, news: Collection[_Line]) -> bool:
    """Tell whether a sentence is there still; one that was cut short also where it goes on."""
    same = (new.words for new in news if line.title == new.title or not line.title)
    if line.title:
        return any(_holds(words, line.words) for words in same)
    return any(words == line.words or (line.cut and _goes_on(line.words, words)) for words in same)


def _goes_on(short: _Bare, words: _Bare) -> bool:
    """Tell whether words begin as those that were cut short, perhaps within the last of them."""
    *whole, last = short
    return len(words) >= len(short) and list(words[: len(whole)]) == whole and words[len(whole)].startswith(last)


def _counterpart(line: _Line, fresh: Sequence[_Line]) -> _Line | None:
    if line.title:
        return next((new for new in fresh if new.title), None)
    rated = ((_likeness(line.words, new.words), new) for new in fresh if not new.title)
    best = max(rated, key=lambda one: one[0], default=None)
    return best[1] if best and best[0] >= _COUNTERPART else None


def _likeness(one: _Bare, other: _Bare) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _holds(whole: _Bare, part: _Bare) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))


def _is_noise(part: str) -> bool:
    short = len(part) <= _LONG_NOISE
    return short and bool(_COUNTER.fullmatch(part) or _CALL.match(part))
