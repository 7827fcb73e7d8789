"""Searches that news services answer as feeds: how the words are written, and the address that asks for them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tracker.errors import UsageError

LONGEST = 200
"""Characters of a search. GDELT has been seen to refuse 257 and more, and the language that is added counts, too."""
_LONGEST_TERM = 100

# Google's editions: language -> (hl, gl, ceid). What it has no edition of is answered from that of the United States.
_GOOGLE: Mapping[str, tuple[str, str, str]] = {
    "en": ("en-US", "US", "US:en"),
    "ar": ("ar", "EG", "EG:ar"),
    "bg": ("bg", "BG", "BG:bg"),
    "bn": ("bn", "BD", "BD:bn"),
    "cs": ("cs", "CZ", "CZ:cs"),
    "de": ("de", "DE", "DE:de"),
    "el": ("el", "GR", "GR:el"),
    "es": ("es", "ES", "ES:es"),
    "fr": ("fr", "FR", "FR:fr"),
    "he": ("he", "IL", "IL:he"),
    "hi": ("hi", "IN", "IN:hi"),
    "hu": ("hu", "HU", "HU:hu"),
    "id": ("id", "ID", "ID:id"),
    "it": ("it", "IT", "IT:it"),
    "ja": ("ja", "JP", "JP:ja"),
    "ko": ("ko", "KR", "KR:ko"),
    "lt": ("lt", "LT", "LT:lt"),
    "lv": ("lv", "LV", "LV:lv"),
    "nl": ("nl", "NL", "NL:nl"),
    "no": ("no", "NO", "NO:no"),
    "pl": ("pl", "PL", "PL:pl"),
    "pt": ("pt-PT", "PT", "PT:pt-150"),
    "ro": ("ro", "RO", "RO:ro"),
    "ru": ("ru", "RU", "RU:ru"),
    "sk": ("sk", "SK", "SK:sk"),
    "sl": ("sl", "SI", "SI:sl"),
    "sr": ("sr", "RS", "RS:sr"),
    "sv": ("sv", "SE", "SE:sv"),
    "th": ("th", "TH", "TH:th"),
    "tr": ("tr", "TR", "TR:tr"),
    "uk": ("uk", "UA", "UA:uk"),
    "vi": ("vi", "VN", "VN:vi"),
    "zh": ("zh-CN", "CN", "CN:zh-Hans"),
}
# GDELT names the language that an article was written in.
_GDELT: Mapping[str, str] = {
    "en": "english",
    "ar": "arabic",
    "bg": "bulgarian",
    "cs": "czech",
    "de": "german",
    "el": "greek",
    "es": "spanish",
    "fr": "french",
    "he": "hebrew",
    "hu": "hungarian",
    "it": "italian",
    "ja": "japanese",
    "ko": "korean",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
    "uk": "ukrainian",
    "zh": "chinese",
}


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for: every term of `every`, and at least one of `either`, the most telling first."""

    every: tuple[str, ...]
    either: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A news search: what it is called, and the address of its feed for words in a language (two letters)."""

    name: str
    address: Callable[[str, str], str]


def written(search: Search) -> str:
    """Return a search as both services read it, in at most `LONGEST` characters.

    Terms of several words, or with signs in them, are quoted; those of which one is enough stand in parentheses, which
    are allowed around two or more. Terms at the end are left out where they do not fit.
    """
    every = _fitting([_term(term) for term in search.every], " ", LONGEST)
    room = LONGEST - len(" ".join(every)) - len(" ()")
    either = _fitting([_term(term) for term in search.either], " OR ", room)
    if len(either) > 1:
        return " ".join([*every, f"({' OR '.join(either)})"])
    return " ".join([*every, *either])


def checked(words: str) -> str:
    """Return words as a person wrote them, on one line. Raises UsageError for what no service takes."""
    asked = " ".join(words.split())
    if not any(char.isalnum() for char in asked):
        raise UsageError("a search has words in it")
    if "://" in asked:
        raise UsageError("--query takes words; an address is added without it")
    if len(asked) > LONGEST:
        raise UsageError(f"a search is {LONGEST} characters at most, this one {len(asked)}")
    if asked.count('"') % 2 or not _is_balanced(asked):
        raise UsageError("the quotes or parentheses of the search are not closed")
    return asked


def _is_balanced(words: str) -> bool:
    """Tell whether every parenthesis outside of quotes is closed."""
    depth = 0
    for char in "".join(words.split('"')[::2]):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0:
            return False
    return depth == 0


def google_news(words: str, language: str) -> str:
    """Return the address of Google's news of the last seven days, in the edition of a language (else the American)."""
    interface, country, edition = _GOOGLE.get(language, _GOOGLE["en"])
    asked = quote(f"{words} when:7d", safe=":()")
    return f"https://news.google.com/rss/search?q={asked}&hl={interface}&gl={country}&ceid={edition}"


def gdelt(words: str, language: str) -> str:
    """Return the address of GDELT's articles of the last week, newest first, as RSS.

    They are in any language when it has no name for this one.
    """
    spoken = f" sourcelang:{_GDELT[language]}" if language in _GDELT else ""
    asked = quote(words + spoken, safe=":()")
    options = "mode=artlist&maxrecords=75&timespan=7d&sort=datedesc&format=rss"
    return f"https://api.gdeltproject.org/api/v2/doc/doc?query={asked}&{options}"


SERVICES: Mapping[str, Service] = {
    "google": Service("Google News", google_news),
    "gdelt": Service("GDELT", gdelt),
}


def _term(term: str) -> str:
    bare = " ".join(term.replace('"', " ").split())[:_LONGEST_TERM]
    return bare if bare.isalnum() else f'"{bare}"'


def _fitting(terms: Sequence[str], between: str, room: int) -> list[str]:
    """Return the first terms that fit into so many characters."""
    kept: list[str] = []
    for term in terms:
        if len(between.join([*kept, term])) <= room:
            kept.append(term)
    return kept
