"""Is it news: has the happening been told, does the entry look back, and what does it say that no claim covers."""

import re

from tracker.domain.cues import question
from tracker.domain.story import KnownEntry, Story
from tracker.judging.reading import Line, Reading, mass

_LOOKS_BACK = re.compile(
    r"\b(?:opinion|op-ed|editorial|commentary|column|analysis|explainer|explained|q&a|retrospective|look(?:s|ing)? back|timeline of"
    r"|what to (?:know|expect)|what we know|in pictures|obituary|fact[- ]check|essay|historian|interview with)\b",
    re.I,
)
_LEAST_MASS = 2.0


def told(story: Story, known: KnownEntry | None) -> bool:
    """Say whether a subscriber has been told of the happening that a known entry reports."""
    if known is None:
        return False
    return any(entry.news for entry in story.entries.values() if entry.happening == known.happening)


def background(reading: Reading) -> bool:
    """Say whether an entry looks back or comments, by the words that news desks mark such pieces with."""
    return any(_LOOKS_BACK.search(line.text) for line in reading.lines[:2])


def best_new(reading: Reading) -> Line | None:
    """Return the line that says most, None when no line says enough to be tracked."""
    lines = [line for line in reading.asserted if mass(line.words) >= _LEAST_MASS and not question(line.text)]
    return max(lines, key=lambda line: (len(line.names) + mass(line.words), line.text), default=None)
