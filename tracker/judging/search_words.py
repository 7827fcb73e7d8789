"""The words by which a search finds more of a story: what its title is about, and who and what its claims name."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from tracker.domain.naming import names
from tracker.domain.search import Search
from tracker.domain.words import STOP, content_words, stem, tokens
from tracker.judging.background import weight
from tracker.judging.outline import PLACES, keys_of

EVERY = 2
NAMES = 4
OTHERS = 2
_SHORTEST = 3  # GDELT refuses shorter terms
_INITIALS = 5  # characters: ISS, NATO
_TELLING = 0.5
"""The weight from which a word tells something: "western" does not, "election" does."""
_NAME = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+){0,3}")
_LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def search_for(title: str, claims: Sequence[str]) -> Search:
    """Return the search for a story: what its title is about, and one of its names or other key words.

    `claims` are sentences. The title is searched for as it stands when none of its words tells anything.
    """
    texts = [title, *claims]
    keys = keys_of([content_words(text) for text in texts])
    forms = _forms(texts)
    every = _from_title(title, keys)
    taken = {stem(word) for term in every for word in tokens(term)}
    counts = Counter(name for claim in claims for name in names(claim) if _NAME.fullmatch(name))
    found = [name for name in _names(counts) if taken.isdisjoint(content_words(name))][:NAMES]
    taken |= {word for name in counts for word in content_words(name)}
    others = [forms[key] for key in _best(keys) if key in forms and key not in taken][:OTHERS]
    return Search(tuple(every) or (title,), tuple(_as_written(name, texts) for name in found) + tuple(others))


def _forms(texts: Sequence[str]) -> dict[str, str]:
    """Return, by stem, the form in which a word is mostly written."""
    seen: dict[str, Counter[str]] = {}
    for word in (word for text in texts for word in _LETTERS.findall(text)):
        for token in tokens(word):
            if len(token) >= _SHORTEST and token not in STOP:
                seen.setdefault(stem(token), Counter())[token] += 1
    return {key: counts.most_common(1)[0][0] for key, counts in seen.items()}


def _best(keys: Mapping[str, float]) -> list[str]:
    return sorted(keys, key=lambda key: (-keys[key], key))


def _from_title(title: str, keys: Mapping[str, float]) -> list[str]:
    """Return the most telling words of the title as they stand there, and the country that it names first."""
    words = _LETTERS.findall(title)
    own = {stem(token): word for word in reversed(words) for token in tokens(word) if len(token) >= _SHORTEST}
    places = [key for key, word in own.items() if names(word) & PLACES]
    plain = [key for key in _best(keys) if key in own and key not in places]
    telling = [key for key in plain if weight(key) >= _TELLING] or plain[:1]
    return sorted((own[key] for key in telling[:EVERY] + places[-1:]), key=words.index)


def _names(counts: Mapping[str, int]) -> list[str]:
    """Return the names that tell something, those said most first; of a person the surname, as headlines have it."""
    short = {name for name in counts if any(other.endswith(f" {name}") for other in counts)}
    long = {name for name in counts if any(name.endswith(f" {part}") for part in short)}
    good = [name for name in counts if name not in long and len(name) >= _SHORTEST and _tells(name)]
    return sorted(good, key=lambda name: (-counts[name] * (0.5 if name in PLACES else 1.0), name))


def _tells(name: str) -> bool:
    return " " in name or name in PLACES or any(weight(word) > _TELLING for word in content_words(name))


def _as_written(name: str, texts: Sequence[str]) -> str:
    """Return a name in the letters in which the texts have it, which initials and countries may lack.

    The ends of Slavic names are spelt in many ways, of which `names` knows one.
    """
    spelt = [name] if name in PLACES or len(name) <= _INITIALS else [name, name[:-2]]
    for begun in spelt:
        ends = "" if begun == name else r"\w{1,3}"
        pattern = re.compile(rf"(?<!\w){re.escape(begun)}{ends}(?!\w)", re.IGNORECASE)
        if found := next((match[0] for text in texts if (match := pattern.search(text))), None):
            return found
    if len(name) <= _INITIALS and name not in PLACES:
        return name.upper()
    return " ".join(word.capitalize() for word in name.split())
