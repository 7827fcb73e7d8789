"""What would have changed a verdict: each answer is the judge's own, asked again of the entry with one thing altered.

Nothing is worked out from the features: an entry without a name, with another value in a sentence, or told on another
day is judged as any entry is, so that the answer stays true whatever the judge is made of.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from tracker.domain.claims import Relation
from tracker.domain.entry import Entry
from tracker.domain.events import Finding
from tracker.domain.story import Story
from tracker.domain.words import content_words
from tracker.judging.compare import NONE
from tracker.judging.reading import mass
from tracker.judging.verdict import Verdict

Ask = Callable[[Entry], Verdict]

_MOST_PHRASES = 4
_MOST_WORDS = 8
_DAYS = (1, 2, 3, 5, 7, 14)
_WORD = re.compile(r"\w[\w'’-]*")
_NO = re.compile(
    r"\s+(?:not|never|no longer)\b|n't\b|\b(?:no|nobody|denie[sd]|denying|reject(?:s|ed)|refus(?:es|ed) to)\b",
    re.IGNORECASE,
)


def otherwise(verdict: Verdict, story: Story, ask: Ask) -> Verdict:
    """Return a verdict whose stages say what would have changed them, as `ask` judges the entry altered."""
    said = {
        "relevance": _relevance(verdict, story, ask),
        "linking": _linking(verdict, story, ask),
        "relation": _relation(verdict, ask),
        "novelty": _novelty(verdict, ask),
    }
    stages = (replace(stage, otherwise=said.get(stage.name, "")) for stage in verdict.stages)
    return replace(verdict, stages=tuple(stages))


def without(entry: Entry, phrase: str) -> Entry:
    """Return an entry without a phrase, wherever and in whatever case it stands."""
    gone = re.compile(rf"\s*(?<!\w){re.escape(phrase)}(?:['’]s)?(?!\w)", re.IGNORECASE)
    return _put(entry, lambda text: gone.sub("", text))


def _put(entry: Entry, change: Callable[[str], str]) -> Entry:
    return replace(entry, title=change(entry.title), summary=change(entry.summary), text=change(entry.text))


def shared(entry: Entry, words: frozenset[str]) -> list[str]:
    """Return the phrases of an entry that are made of some words, the weightiest first."""
    found: dict[str, str] = {}
    for text in (entry.title, entry.summary):
        for phrase in _runs(text, words):
            found.setdefault(phrase.casefold(), phrase)
    return sorted(found.values(), key=lambda phrase: (-mass(content_words(phrase)), phrase))


def _runs(text: str, words: frozenset[str]) -> Iterator[str]:
    """Yield stretches of words side by side in a text: "Santa Lucia" is one phrase, and goes as one."""
    start, end = None, 0
    for match in _WORD.finditer(text):
        mine = content_words(match.group())
        if start is not None and not (mine & words and text[end : match.start()] == " "):
            yield text[start:end]
            start = None
        if mine & words:
            start, end = match.start() if start is None else start, match.end()
    if start is not None:
        yield text[start:end]


def _relevance(verdict: Verdict, story: Story, ask: Ask) -> str:
    if not verdict.relevant:
        return _more_relevant(verdict, story, ask)
    entry, after = verdict.entry, verdict
    gone: list[str] = []
    for phrase in shared(entry, _seed(story))[:_MOST_PHRASES]:
        entry, gone = without(entry, phrase), [*gone, phrase]
        after = ask(entry)
        if not after.relevant:
            return f"without {_listed(gone)} it would not belong ({after.score:.2f})"
    return f"even without {_listed(gone)} it would belong ({after.score:.2f})" if gone else ""


def _more_relevant(verdict: Verdict, story: Story, ask: Ask) -> str:
    """Add to the headline what the story's title names and the entry does not."""
    entry, after = verdict.entry, verdict
    put: list[str] = []
    for phrase in _runs(story.title, content_words(story.title)):
        if content_words(phrase) <= content_words(f"{entry.title} {entry.summary}"):
            continue
        entry, put = replace(entry, title=f"{entry.title} {phrase}"), [*put, phrase]
        after = ask(entry)
        if after.relevant:
            return f"with {_listed(put)} in its headline it would belong ({after.score:.2f})"
    return f"even with {_listed(put)} in its headline it would not belong ({after.score:.2f})" if put else ""


def _linking(verdict: Verdict, story: Story, ask: Ask) -> str:
    """Take out, one by one, the words that entry and claim share, until it no longer bears on the claim."""
    first = _loudest(verdict)
    if first is None or first.claim is None:
        return ""
    words = content_words(story.claims[first.claim].current.text)
    least: tuple[float, str] | None = None
    for phrase in shared(verdict.entry, words)[:_MOST_WORDS]:
        after = ask(without(verdict.entry, phrase))
        now = next((finding.score for finding in after.findings if finding.claim == first.claim), 0.0)
        if after.relevant and (least is None or now < least[0]):
            least = now, phrase
    if least is None or least[0] >= first.score:
        return ""
    said = f"fall to {least[0]:.2f}" if least[0] else "not bear on it"
    return f"without '{least[1]}' it would {said} ({first.claim}, {first.score:.2f} now)"


def _relation(verdict: Verdict, ask: Ask) -> str:
    first = _loudest(verdict)
    if first is None:
        return ""
    for altered, words in _altered(verdict.entry, first):
        after = next((finding for finding in ask(altered).findings if finding.claim == first.claim), None)
        if after is not None and (after.relation, after.news) != (first.relation, first.news):
            if after.relation is first.relation:
                return f"{words} it would be {'news' if after.news else 'no news'}"
            return f"{words} it would be said that it {_SAYS[after.relation]} {first.claim}"
    return ""


_SAYS = {
    Relation.CORROBORATES: "corroborates",
    Relation.UPDATES: "updates",
    Relation.DENIES: "denies",
    Relation.NEW: "founds",
}


def _altered(entry: Entry, finding: Finding) -> Iterator[tuple[Entry, str]]:
    """Yield the entry with another value in the place of its own, then without its words of denial."""
    old, new = finding.old, finding.new
    if finding.field in ("quantity", "date") and old and new and NONE not in (old, new):
        for value in _more(new) if finding.relation is Relation.CORROBORATES else (old,):
            if value != new:
                yield _put(entry, partial(_swap, new, value)), f"with '{value}' for '{new}'"
    if no := _NO.search(finding.sentence):
        word = no.group().strip()
        yield _put(entry, lambda text: _NO.sub("", text)), f"without '{word}'"


def _swap(old: str, new: str, text: str) -> str:
    return text.replace(old, new)


def _more(value: str) -> Sequence[str]:
    """Return a value with its number half as large again, and with half of it."""
    number = re.search(r"\d[\d,]*(?:\.\d+)?", value)
    if number is None:
        return ()
    size = float(number.group().replace(",", ""))
    return [value.replace(number.group(), f"{round(size * times) or 1:,}", 1) for times in (1.5, 0.5)]


def _novelty(verdict: Verdict, ask: Ask) -> str:
    """Let the entry come later, or earlier, until it is news, or no news any more."""
    if not verdict.relevant:
        return ""
    is_news = any(finding.news for finding in verdict.findings)
    for days in _DAYS if not is_news else [-days for days in _DAYS]:
        after = ask(_moved(verdict.entry, timedelta(days=days)))
        if any(finding.news for finding in after.findings) is not is_news:
            when = f"{abs(days)} day{'s' if abs(days) > 1 else ''} {'later' if days > 0 else 'earlier'}"
            return f"published {when} it would be {'no news' if is_news else 'news'}"
    return f"no day within {_DAYS[-1]} of it would make it {'old' if is_news else 'news'}"


def _moved(entry: Entry, by: timedelta) -> Entry:
    return replace(entry, seen=entry.seen + by, published=entry.published and entry.published + by)


def _loudest(verdict: Verdict) -> Finding | None:
    """Return the finding that a reader asks about first: the news, else the surest."""
    ranked = sorted(verdict.findings, key=lambda finding: (not finding.news, -finding.score))
    return next((finding for finding in ranked if finding.relation is not Relation.NEW), None)


def _seed(story: Story) -> frozenset[str]:
    return content_words(" ".join((story.title, *(claim.original.text for claim in story.claims.values()))))


def _listed(phrases: Sequence[str]) -> str:
    quoted = [f"'{phrase}'" for phrase in phrases]
    return " and ".join([*([", ".join(quoted[:-1])] if len(quoted) > 1 else []), quoted[-1]]) if quoted else ""
