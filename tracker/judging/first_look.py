"""A first look at an entry: what is the same of it beside every story of a language."""

from dataclasses import dataclass

from tracker.domain.entry import Entry
from tracker.judging.gate import NOTHING
from tracker.judging.language import Spoken, foreign, spoken
from tracker.judging.models import LanguageModel
from tracker.judging.reading import Worded, worded
from tracker.judging.sources import source_of
from tracker.judging.stages import language_stage
from tracker.judging.verdict import Stage, Verdict


@dataclass(frozen=True, slots=True, eq=False)
class FirstLook:
    """An entry's language, whether that is `foreign` to the story's, its words, and the verdict if they share nothing.

    `before` are the stages that come before relevance: the language, where that may be why it does not belong.
    """

    said: Spoken
    foreign: bool
    words: Worded
    before: tuple[Stage, ...]
    unlike: Verdict


def first_look(entry: Entry, language: str, model: LanguageModel | None) -> FirstLook:
    """Return the first look at an entry for stories in a language."""
    said = spoken(entry, language, model)
    abroad = foreign(said.language, language)
    before = (language_stage(said, foreign=False),) if abroad else ()
    return FirstLook(said, abroad, worded(entry), before, irrelevant(entry, NOTHING[0], (*before, NOTHING[1])))


def irrelevant(entry: Entry, score: float, stages: tuple[Stage, ...]) -> Verdict:
    """Return the verdict that an entry does not belong, for the reason that its last stage gives."""
    return Verdict(entry, source_of(entry), False, score, None, entry.id, (), (), {}, stages[-1].detail, False, stages)
