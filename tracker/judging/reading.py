"""What the judge reads of an entry and of a story: lines with their words, names and vectors."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import numpy as np

from tracker.domain.entry import Entry, EntryRef
from tracker.domain.text import content_words, names, normalise, sentences, tokens
from tracker.domain.words import STOP, opening, stem
from tracker.judging.background import weight
from tracker.judging.models import Encoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_LINES = 12
_MOST_READ = 60  # statements, out of which the lines are taken: each is looked for in each other
_MOST_CACHED = 20_000
_MOST_WORDED = 5_000  # entries; about 5 KB each
_MOST_SILENT = 2_000  # entries; about 8 KB each
_MOST_SPOKEN = 1_000  # texts; a vector a word, about 20 KB each
_MOST_SEEDS = 1_000  # stories; a vector a claim, about 32 KB each
UNLIKE = 0.3
"""Likeness of the vectors of two words that have nothing to do with each other."""

_LEAST_STATEMENT = 3
_LEAST_HEADLINE = 4  # fewer words name a section, not a report
_LEAST_LETTERS = 3
_YEAR = 4  # a longer number is the number of an article
_WORD_OF_ADDRESS = re.compile(r"[a-z]{2,}|\d+")


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, headline or address, with the stems of its content words and the keys of its names."""

    text: str
    words: frozenset[str]
    names: frozenset[str]
    vector: "NDArray[np.float32]"
    asserted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worded:
    """An entry in words alone, which cost no encoder: its sentences, its address, and the stems of each (`bags`).

    Equal only to itself: it is looked up for every story in turn, and `worded` remembers it.
    """

    texts: tuple[str, ...]
    address: str
    bags: tuple[frozenset[str], ...]
    words: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading(Worded):
    """An entry as the judge reads it: its sentences, and the words of its address, which holds a headline.

    `vectors` are those of the lines, one row each.
    """

    lines: tuple[Line, ...]
    vectors: "NDArray[np.float32]"
    whole: "NDArray[np.float32]"
    spoken: "Words"

    @property
    def asserted(self) -> tuple[Line, ...]:
        """The lines that are sentences of the entry, not words of its address."""
        return tuple(line for line in self.lines if line.asserted)


@dataclass(frozen=True, slots=True)
class Words:
    """The content words of a text as stems, and their vectors, shape (n, dimension)."""

    stems: tuple[str, ...]
    vectors: "NDArray[np.float32]"


@dataclass(frozen=True, slots=True)
class Seed:
    """The vectors of a story's title and claims, one row each, and their middle, of length one."""

    vectors: "NDArray[np.float32]"
    centre: "NDArray[np.float32]"


@dataclass(frozen=True, slots=True)
class InWords:
    """A text as the stems of its content words and the keys of its names."""

    words: frozenset[str]
    names: frozenset[str]


@lru_cache(maxsize=_MOST_CACHED)
def in_words(text: str) -> InWords:
    """Return the words and names of a text."""
    return InWords(content_words(text), names(text))


def worded(entry: Entry | EntryRef) -> Worded:
    """Return an entry, or what an event says of one, in words; the latest are remembered."""
    return _worded(entry.title, entry.summary or getattr(entry, "text", ""), entry.url)


@lru_cache(maxsize=_MOST_WORDED)
def _worded(title: str, body: str, url: str | None) -> Worded:
    texts, address = tuple(lines_of(title, body)), address_words(url)
    found = [in_words(text) for text in texts]
    bags = [of.words for of in found] + ([in_words(address).words] if address else [])
    return Worded(
        texts=texts,
        address=address,
        bags=tuple(bags),
        words=frozenset().union(*bags),
        names=frozenset().union(*(of.names for of in found)),
    )


class Reader:
    """Reads entries with an encoder, which is expected to remember what it has encoded."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.words = lru_cache(maxsize=_MOST_SPOKEN)(self._spoken)
        self.seed = lru_cache(maxsize=_MOST_SEEDS)(self._seed)
        self._silent = lru_cache(maxsize=_MOST_SILENT)(partial(self._reading, aloud=False))
        self._whole = lru_cache(maxsize=_MOST_SILENT)(self._vector)

    def read(self, entry: Entry | EntryRef, *, aloud: bool = True) -> Reading:
        """Return the reading of an entry or of what an event says of one; `aloud`: with the vector of each word."""
        said = worded(entry)
        return self._reading(said, aloud=True) if aloud else self._silent(said)

    def whole(self, entry: Entry | EntryRef) -> "NDArray[np.float32]":
        """Return the vector of an entry as one text."""
        return self._whole(worded(entry))

    def _vector(self, said: Worded) -> "NDArray[np.float32]":
        row: NDArray[np.float32] = self._encoder.encode([_whole(said)])[0]
        return row

    def _reading(self, said: Worded, *, aloud: bool) -> Reading:
        # Whatever is new in it is encoded in one go.
        whole, spoken = _whole(said), " ".join((*said.texts, said.address))
        self._encoder.encode(
            [*said.texts, *filter(None, [said.address]), whole, *(_spoken_in(spoken) if aloud else ())]
        )
        asserted = self.lines(said.texts)
        lines = (*asserted, *self.lines([said.address], asserted=False)) if said.address else asserted
        return Reading(
            texts=said.texts,
            address=said.address,
            bags=said.bags,
            words=said.words,
            names=said.names,
            lines=lines,
            vectors=np.stack([line.vector for line in lines]),
            whole=self._whole(said),
            spoken=self.words(spoken) if aloud else Words((), np.zeros((0, 1), dtype=np.float32)),
        )

    def lines(self, texts: Sequence[str], *, asserted: bool = True) -> tuple[Line, ...]:
        """Return the texts as lines."""
        return _lines(texts, self._encoder.encode(texts), asserted=asserted) if texts else ()

    def seed_lines(self, texts: tuple[str, ...]) -> tuple[Line, ...]:
        """Return title and claims as lines, encoded no second time where their `seed` is remembered."""
        return _lines(texts, self.seed(texts).vectors)

    def _seed(self, texts: tuple[str, ...]) -> Seed:
        """Return the vectors of title and claims; the latest are remembered as `seed`."""
        vectors = self._encoder.encode(texts)
        middle = vectors.mean(axis=0)
        return Seed(vectors, middle / max(float(np.linalg.norm(middle)), 1e-9))

    def _spoken(self, text: str) -> Words:
        """Return the content words of a text, each with its own vector."""
        found = _spoken_in(text)
        vectors = self._encoder.encode(found) if found else np.zeros((0, 1), dtype=np.float32)
        return Words(tuple(stem(word) for word in found), vectors)


def _lines(texts: Sequence[str], vectors: "NDArray[np.float32]", *, asserted: bool = True) -> tuple[Line, ...]:
    found = [in_words(text) for text in texts]
    return tuple(
        Line(text, of.words, of.names, vector, asserted) for text, of, vector in zip(texts, found, vectors, strict=True)
    )


def _whole(said: Worded) -> str:
    return " ".join(said.texts)


def _spoken_in(text: str) -> list[str]:
    return [word for word in dict.fromkeys(tokens(text)) if word not in STOP]


def lines_of(title: str, body: str) -> list[str]:
    """Return headline and sentences, without those that another of them holds whole."""
    bare = {text: _bare(text) for text in islice(filter(None, _statements(title, body)), _MOST_READ)}
    kept = [
        text
        for text, head in bare.items()
        if head and not any(head in other and len(other) > len(head) for other in bare.values())
    ]
    return kept[:MOST_LINES] or [opening(normalise(title)) or "-"]


def _statements(title: str, body: str) -> Iterator[str]:
    """Yield headline and statements, each without an end by its opening."""
    yield opening(normalise(title).rstrip("."))
    for sentence in sentences(body):
        yield from map(opening, _parts(normalise(sentence.text)))


def _parts(sentence: str) -> list[str]:
    """The statements that semicolons join; a part of one or two words stays with the part before."""
    parts: list[str] = []
    for piece in sentence.split("; "):
        if parts and len(piece.split()) < _LEAST_STATEMENT:
            parts[-1] = f"{parts[-1]}; {piece}"
        else:
            parts.append(piece)
    return parts


def _bare(text: str) -> str:
    return " ".join(tokens(text.rstrip(".…")))


@lru_cache(maxsize=_MOST_WORDED)
def address_words(url: str | None) -> str:
    """Return the words of the longest part of an address that reads like a headline, "" when none does."""
    parts = (_WORD_OF_ADDRESS.findall(unquote(part).lower()) for part in urlsplit(url or "").path.split("/"))
    best = max((words for words in parts if _like_headline(words)), key=len, default=[])
    return " ".join(word for word in best if not (word.isdigit() and len(word) > _YEAR))


def _like_headline(words: Sequence[str]) -> bool:
    spoken = [word for word in words if word.isalpha() and len(word) >= _LEAST_LETTERS]
    return len(spoken) >= _LEAST_HEADLINE and len(spoken) * 2 > len(words)


def mass(words: Iterable[str]) -> float:
    """Return the summed weight of words: rare ones count more. Summed without rounding: a set has no order."""
    return math.fsum(map(weight, words))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the cosine of two bags of words in [0, 1], each word weighted by its rarity."""
    shared = one & other
    return math.fsum(map(_square, shared)) / (_length(one) * _length(other)) if shared else 0.0


@lru_cache(maxsize=_MOST_CACHED)
def _square(word: str) -> float:
    return weight(word) ** 2


@lru_cache(maxsize=_MOST_CACHED)
def _length(words: frozenset[str]) -> float:
    return math.sqrt(math.fsum(map(_square, words)))


def held(part: frozenset[str], whole: frozenset[str]) -> float:
    """Return the share of a bag's weight that another bag holds, in [0, 1]."""
    total = mass(part)
    return mass(part & whole) / total if total else 0.0


def by_weight(words: Iterable[str]) -> list[str]:
    """Return the words, rarest first; equals in alphabetic order."""
    return sorted(words, key=lambda word: (-weight(word), word))
