"""What an entry in another language shares with a story: the names and words that languages write alike.

"Ucrania", "Україна" and "Ukraine" meet once letters are Latin, spelt by their sound, and an ending may differ; so do
"instructores" and "instructors". What is shared weighs by its rarity; a claim is linked that has enough of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from rapidfuzz.fuzz import ratio

from tracker.domain.entry import Entry
from tracker.domain.naming import names
from tracker.domain.places import COUNTRY, SEAT
from tracker.domain.words import STOP, plain, stem, tokens
from tracker.judging.background import weight

ENOUGH = 1.3
"""Weight of what claim and title share with an entry from which it bears on the claim; a rare name weighs 1."""

SHARE = 0.25
"""Share of the weight of a claim that must be met besides: long claims share a name or two with very much."""

_NEAR = 0.6  # of the best claim's share, from which others are linked too
_MOST = 3
_ALIKE = 85.0
_SHORTEST, _LONG = 3, 5  # letters: of a root at all, and of one that may differ in its ending
_LETTERS = "абвгґдеєжзиіклмнопрстуфхцчшщыэюя αβγδεζηθικλμνξοπρσςτυφχω"
_LATIN = str.maketrans(_LETTERS, "abvggdeezziiklmnoprstufkkkssieua avgdezitiklmnkoprsstifko", "ьъ")
_SOUNDS = (
    ("sch", "s"), ("sh", "s"), ("ch", "k"), ("zh", "z"), ("ph", "f"), ("ck", "k"), ("ts", "k"), ("tz", "k"),
    ("ou", "u"), ("h", ""), ("c", "k"), ("q", "k"), ("w", "v"), ("y", "i"), ("j", "i"), ("z", "s"), ("x", "ks"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Met:
    """A claim, by its id, how much of it is met, in [0, 1], and the entry's words that meet it, in their order."""

    claim: str
    share: float
    words: tuple[str, ...]


def met(entry: Entry, title: str, claims: Iterable[tuple[str, str]]) -> tuple[Met, ...]:
    """Return the claims, given as id and text, that names and words of an entry meet, the most met first.

    The title of their story speaks for each of them, since a claim leaves out what all of them are about.
    """
    told = _told(f"{entry.title} {(entry.summary or entry.text)[:600]}")
    found = sorted(
        filter(None, (_meets(told, claim, text, title) for claim, text in claims)), key=lambda one: -one.share
    )
    return tuple(one for one in found if one.share >= _NEAR * found[0].share)[:_MOST]


def _meets(told: Sequence[tuple[str, str]], claim: str, text: str, title: str) -> Met | None:
    wanted, about = _wanted(text), _wanted(title)
    pairs = [(word, one) for word, root in told for one in wanted | about if _alike(root, one.root)]
    shared = {one for _, one in pairs}
    own, total = (sum(one.weight for one in some) for some in (shared & wanted, wanted))
    if own < SHARE * total or _mass(shared) < ENOUGH or not any(one.name for one in shared & wanted):
        return None
    return Met(claim, own / total, tuple(dict.fromkeys(word for word, _ in pairs)))


def _mass(shared: Iterable["_Wanted"]) -> float:
    """Return what words weigh together, each in one of its forms: "Ukraine" and "Ukrainian" are one."""
    weights: dict[str, float] = {}
    for one in shared:
        weights[one.root[:_LONG]] = max(one.weight, weights.get(one.root[:_LONG], 0.0))
    return sum(weights.values())


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A word of a claim: its root, what it weighs, and whether it is of a name."""

    root: str
    weight: float
    name: bool


@lru_cache(maxsize=5_000)
def _wanted(text: str) -> frozenset[_Wanted]:
    named = {part for key in names(text) for part in key.split()}
    return frozenset(
        _Wanted(root, weight(stem(word)) / (2 if word in COUNTRY or word in SEAT else 1), word in named)
        for word in tokens(text)
        if word not in STOP and len(root := _root(word)) >= _SHORTEST
    )


@lru_cache(maxsize=500)
def _told(text: str) -> tuple[tuple[str, str], ...]:
    """Return the words of a text as written with their roots, each root once."""
    words = [word.strip(".,;:!?\"'()[]«»“”„’…") for word in text.split()]
    roots = {_root(word): word for word in reversed(words)}
    return tuple((word, root) for root, word in reversed(roots.items()) if len(root) >= _SHORTEST)


@lru_cache(maxsize=20_000)
def _root(word: str) -> str:
    """Return a word in Latin letters by its sound, without the vowels that it ends with."""
    latin = "".join(char for char in plain(word).translate(_LATIN) if char.isalpha())
    for written, sound in _SOUNDS:
        latin = latin.replace(written, sound)
    return "".join(char for char, _ in groupby(latin)).rstrip("aeiou")


def _alike(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) >= _LONG and one[0] == other[0] and ratio(one, other) >= _ALIKE)
