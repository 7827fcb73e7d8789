"""Words: folding of characters, stop words, and a light stemmer for English."""

import re
import unicodedata
from functools import lru_cache

_FOLD = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000\t", " "),
    }
)
LONGEST = 2_000
"""Characters of a sentence that are read; one of news has a few hundred. What is compared pairwise stays bounded."""

_UNFINISHED = re.compile(r"(?<=\s)\S+$")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")
_TOKEN = re.compile(r"[a-z]{1,5}-?\d+[a-z]*(?!\w)|\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")


def bag(words: str) -> frozenset[str]:
    """Return the words of a list that is written as running text."""
    return frozenset(words.split())


STOP = bag(
    """
    a about above across after again against ago ahead all almost along already also although always am among amid an
    and another any anyone anything are aren't around as at away back be became because been before behind being below
    between both but by came can can't cannot come could couldn't despite did didn't do does doesn't doing don't done
    down during each either else even ever every everyone everything except far few fewer first for former from
    further get gets getting give given go goes going gone got had hadn't has hasn't have haven't having he he's her
    here hers herself him himself his how however i i'm if in indeed instead into is isn't it it's its itself just
    keep last late later latest least less let like made make makes making many may me might mine more moreover most
    much must my myself near nearly neither never new next no nobody none nor not nothing now of off often on once one
    only onto or other others our ours out over own per perhaps put quite rather really said same say saying says
    second see seem seemed seems seen several shall she should shouldn't since so some something soon still such take
    taken taking than that that's the their theirs them themselves then there there's these they they're this those
    though through throughout thus to together told too took toward towards two under until up upon us use used using
    very via was wasn't we we're well were weren't what when where whether which while who whom whose why will with
    within without won't would wouldn't yes yet you your yours
    """
)
_SPELLING = (
    (re.compile(r"(?<=[a-z]{3})is(e|ed|es|ing|ation|ations|er|ers)$"), r"iz\1"),
    (re.compile(r"(?<=[a-z]{2})our(s|ed|ing|able|ite|ites)?$"), r"or\1"),
    (re.compile(r"(?<=[a-z]{2})(t|b)re(s|d)?$"), r"\1er\2"),
    (re.compile(r"^programme"), "program"),
    (re.compile(r"^defence"), "defense"),
    (re.compile(r"(?<=[a-z]{2})ll(ed|ing|er|ers)$"), r"l\1"),
)
_PLURAL = (
    (re.compile(r"(?<=[a-z]{2})ies$"), "y"),
    (re.compile(r"(?<=ss|sh|ch|zz)es$|(?<=x)es$"), ""),
    (re.compile(r"(?<=[a-z][^siu])(?<!^ga)(?<!^ha)(?<!^wa)s$"), ""),
)
_INFLECTION = (
    (re.compile(r"(?<=[a-z]{3})(?:ations?|ators?)$"), "at"),
    (re.compile(r"(?<=[a-z]{4})(?:ments?|ingly|edly|ness)$"), ""),
    (re.compile(r"(?<=[a-z]{3})(?:ing|ed|er|or|ly)$"), ""),
    (re.compile(r"(?<=[a-z]{3})ion$"), ""),
)
_DOUBLED = re.compile(r"([bdgmnprt])\1$")
_STEMMED = 4


def fold(text: str) -> str:
    """Return the text with quotes, dashes and spaces folded to ASCII, character for character: offsets stay."""
    return text.translate(_FOLD)


def opening(sentence: str) -> str:
    """Return what is read of a sentence: the whole, or of an absurdly long one its first LONGEST characters.

    It is cut between two words, so that no number or name is read by halves.
    """
    if len(sentence) <= LONGEST:
        return sentence
    head = sentence[: LONGEST + 1]
    return (head if head[-1].isspace() else _UNFINISHED.sub("", head))[:LONGEST]


def normalise(text: str) -> str:
    """Return the text in NFKC with quotes and dashes folded, nothing invisible, and single spaces."""
    return " ".join(fold(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))).split())


def plain(text: str) -> str:
    """Return normalised lower-case text without diacritics."""
    spread = unicodedata.normalize("NFKD", normalise(text).lower())
    return spread if spread.isascii() else "".join(char for char in spread if not unicodedata.combining(char))


@lru_cache(maxsize=20_000)
def plain_word(word: str) -> str:
    """Return a word as `plain` does; those of a language are few and come again."""
    return plain(word)


def tokens(text: str) -> tuple[str, ...]:
    """Return lower-case words and numbers in order; "33,000" is "33000", a possessive 's is dropped."""
    return tuple(_bare(match.group()) for match in _TOKEN.finditer(plain(text)))


def _bare(token: str) -> str:
    if token[0].isdigit():
        return re.sub(r",(?=\d{3})", "", token)
    return token[:-2] if token.endswith("'s") and token not in STOP else token


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return a light stem of a lower-case word: one spelling, singular, common inflections off."""
    for rules in (_SPELLING, _PLURAL, _INFLECTION):
        word = _first(rules, word)
    return _DOUBLED.sub(r"\1", word).removesuffix("e") if len(word) >= _STEMMED else word


def singular(word: str) -> str:
    """Return a regular English noun in the singular, in one spelling."""
    return _first(_PLURAL, word)


def _first(rules: tuple[tuple[re.Pattern[str], str], ...], word: str) -> str:
    for pattern, with_ in rules:
        changed = pattern.sub(with_, word)
        if changed != word:
            return changed
    return word


def content_words(text: str) -> frozenset[str]:
    """Return the stems of the words that carry content."""
    return frozenset(stem(token) for token in tokens(text) if token not in STOP and len(token) > 1)
