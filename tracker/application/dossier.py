"""An entry as a story knows it: what it says and said before, where it was seen, and what came of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from tracker.application.report import changes_at, head_of
from tracker.domain.entry import Entry
from tracker.errors import NotFound
from tracker.judging.sources import source_of
from tracker.ports.archive import Dossier, Judgement, Library
from tracker.ports.views import ViewReader
from tracker.projections.rows import HEAD
from tracker.projections.sources import entries_of
from tracker.rendering.view import Change
from tracker.rendering.word_diff import Piece, word_diff

VERSIONS = 20
"""Versions shown of an entry, the newest ones."""
EVENTS = 50
"""Events shown that rest on an entry, the newest ones."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A version of an entry, what was judged of it (None: nothing yet), and how it differs from the one before it.

    `changes`: by the name of a part (headline, summary, text) the pieces of those that read otherwise.
    """

    version: Entry
    judgement: Judgement | None
    changes: tuple[tuple[str, tuple[Piece, ...]], ...]


@dataclass(frozen=True, slots=True)
class EntryStory:
    """An entry for the readers of a story. `source`: who stands behind its words, which may not be who published it.

    `edits`: its versions, newest first; `feeds`: names of the feeds that showed it, by id; `events`: those of the story
    that rest on it, newest first, and `more` how many there are before them.
    """

    held: Dossier
    source: str
    edits: tuple[Edit, ...]
    feeds: dict[str, str]
    events: tuple[Change, ...]
    more: int

    @property
    def newest(self) -> Entry:
        """The newest version."""
        return self.edits[0].version


def entry_story(
    archive: Library, views: ViewReader, story: str, entry_id: str, as_of: datetime | None = None
) -> EntryStory | None:
    """Return an entry as it was known by a moment, None for one whose words were erased.

    Raises NotFound for a story that the views do not hold, for an entry that it has not read, or had not yet.
    """
    head_of(views, story)
    held = _by(archive.dossier(entry_id, story, VERSIONS), as_of)
    if held.erased_at is not None:
        return None
    place = (entries_of(story), entry_id)
    known = views.load("sources", [place]).get(place)
    if not held.versions or not (known or held.judgements):
        raise NotFound(f"story {story} has no entry {entry_id}" + (" yet at that moment" if as_of else ""))
    positions = known["positions"] if known else []
    told = changes_at(views, story, positions[-EVENTS:])
    return EntryStory(
        held=held,
        source=known["source"] if known else source_of(held.versions[-1]),
        edits=tuple(_edits(held))[::-1],
        feeds={feed: _feed_name(views, feed) for feed in dict.fromkeys(one.feed for one in held.sightings)},
        events=tuple(told[at] for at in sorted(told, reverse=True)),
        more=max(0, len(positions) - EVENTS),
    )


def _by(held: Dossier, moment: datetime | None) -> Dossier:
    """Return what was held by a moment."""
    if moment is None or held.erased_at is not None:
        return held
    return replace(
        held,
        versions=tuple(one for one in held.versions if one.seen <= moment),
        sightings=tuple(one for one in held.sightings if one.first_seen <= moment),
        judgements=tuple(one for one in held.judgements if one.judged_at <= moment),
        removal=held.removal if held.removal and held.removal.at <= moment else None,
        quarantine=held.quarantine if held.quarantine and held.quarantine.since <= moment else None,
    )


def _edits(held: Dossier) -> Iterator[Edit]:
    judged = {one.version: one for one in held.judgements}
    first, *_ = held.versions
    yield Edit(first, judged.get(first.version), ())
    for before, after in pairwise(held.versions):
        yield Edit(after, judged.get(after.version), _changes(before, after))


def _changes(before: Entry, after: Entry) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
    parts: Sequence[tuple[str, str, str]] = (
        ("headline", before.title, after.title),
        ("summary", before.summary, after.summary),
        ("text", before.text, after.text),
    )
    return tuple((name, pieces) for name, old, new in parts if (pieces := word_diff(old, new)))


def _feed_name(views: ViewReader, feed: str) -> str:
    row = views.load("health", [(feed, HEAD)]).get((feed, HEAD))
    return (row["name"] if row else None) or feed
