"""Is it news: has the happening been told, does the entry look back, and what does it say that no claim covers."""

import re
from datetime import date

from tracker.domain.cues import question
from tracker.domain.story import KnownEntry, Story
from tracker.domain.words import content_words
from tracker.domain.worth import worth
from tracker.judging.linking import counted
from tracker.judging.profile import Profile
from tracker.judging.reading import Line, Reading, likeness, mass

_LOOKS_BACK = re.compile(
    r"\b(?:opinion|op-ed|editorial|commentary|column|analysis|explainer|explained|q&a|retrospective|look(?:s|ing)? back"
    r"|timeline of|what to (?:know|expect)|what we know|in pictures|obituary|fact[- ]check|essay)\b",
    re.IGNORECASE,
)
_LEAST_MASS = 2.0
_ALIKE = 0.3
_SOFT = frozenset(
    {
        "background colour",
        "opinion without anything to check",
        "speech without anything to check",
        "an outside view without anything to check",
    }
)
_QUOTED = re.compile(r"[\"“”‘]([^\"“”’]{6,})[\"“”’]")
_FIRST_PERSON = re.compile(r"\b(?:I|we|my|our|us|me|you|your)\b", re.IGNORECASE)
_LEAST_SPEECH = 5
"""Content words beside a quotation in the first person, up to which the rest only says who speaks, and where."""

_TELLING = re.compile(r"\d+\.\d+|(?!(?:19|20)\d\d$)\d{3,}")


def told(story: Story, known: KnownEntry | None) -> bool:
    """Say whether a subscriber has been told of the happening that a known entry reports."""
    if known is None:
        return False
    return any(entry.news for entry in story.entries.values() if entry.happening == known.happening)


def background(reading: Reading) -> bool:
    """Say whether an entry looks back or comments, by the words that news desks mark such pieces with."""
    return any(_LOOKS_BACK.search(line.text) for line in reading.lines[:2])


def best_new(reading: Reading, day: date | None) -> Line | None:
    """Return the line that says most to check, None when no line says enough to be tracked.

    Colour, opinion, and speech without a figure, a date or a deed are nothing to track, whoever is named in them.
    """
    lines = [line for line in reading.asserted if mass(line.words) >= _LEAST_MASS and not _empty(line.text, day)]
    return max(lines, key=lambda line: (len(line.names) + mass(line.words), line.text), default=None)


def _empty(text: str, day: date | None) -> bool:
    """Say whether a sentence asserts nothing that could be checked later."""
    spoken = " ".join(_QUOTED.findall(text))
    bare = _QUOTED.sub(" ", text)
    leaves = len(content_words(bare)) <= _LEAST_SPEECH and bool(_FIRST_PERSON.search(spoken))
    return question(text) or worth(text, day).reason in _SOFT or (leaves and not counted(spoken))


def known_figures(reading: Reading, profile: Profile) -> KnownEntry | None:
    """Return the known entry that holds every telling figure of this one and speaks of the same, None when none does.

    A telling figure has a decimal or three digits and more, and is no year: "17,000" and "40.96" come back when old
    news does, "5" and "2024" come anywhere.
    """
    figures = frozenset(word for word in reading.words if _TELLING.fullmatch(word))
    if not figures:
        return None
    held = [known for known in profile.known if figures <= known.reading.words and known.entry is not None]
    best = max(held, key=lambda known: likeness(reading.words, known.reading.words), default=None)
    return best.entry if best and likeness(reading.words, best.reading.words) >= _ALIKE else None
