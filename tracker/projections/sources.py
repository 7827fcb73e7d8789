"""Who stands behind a story's words: a row a source, and a row an entry that it brought."""

from collections.abc import Mapping
from typing import Any

from tracker.domain.entry import EntryRef
from tracker.domain.events import EntryRevised, Recorded, entry_of, finding_of
from tracker.projections.projection import Key, Projection, Row
from tracker.projections.rows import stamp, stamp_or_none, story_of


def entries_of(story: str) -> str:
    """Return the partition that holds a story's entries; no story id has a slash."""
    return f"{story}/entries"


class Sources(Projection):
    """Rows under (story, source) and under (`entries_of(story)`, entry id).

    A source counts its `entries`, its `findings`, and the `edits` noticed in its entries; `latest` is the id of the
    entry that was seen for the first time last. The rows of entries keep an entry from being counted twice, whatever
    number of claims it bears on; `positions` are those of the events that rest on it.
    """

    name = "sources"
    folds = 3

    def keys(self, recorded: Recorded) -> tuple[Key, ...]:
        """Return the row of the source and that of the entry, for events that rest on an entry."""
        story, entry = story_of(recorded), entry_of(recorded.event)
        return _keys(story, entry) if story and entry else ()

    def apply(self, rows: Mapping[Key, Row], recorded: Recorded) -> dict[Key, Row]:
        """Return both rows after an event."""
        story, entry = story_of(recorded), entry_of(recorded.event)
        if not story or not entry:
            return {}
        of_source, of_entry = _keys(story, entry)
        seen, known = stamp(recorded.recorded_at), rows.get(of_entry)
        first = known["seen"] if known else seen
        row = dict(rows.get(of_source) or _fresh(entry.source, seen))
        row["entries"] += known is None
        row["latest"] = row["latest"] if known and row["latest"] else entry.id
        row["findings"] += finding_of(recorded.event) is not None
        row["edits"] += isinstance(recorded.event, EntryRevised)
        row["last_seen"] = max(row["last_seen"], seen)
        row["publishers"] = sorted({*row["publishers"], *([entry.publisher] if entry.publisher else [])})
        positions = [*(known["positions"] if known else ()), recorded.position]
        return {of_source: row, of_entry: {**_entry_row(entry, first), "positions": positions}}


def _keys(story: str, entry: EntryRef) -> tuple[Key, Key]:
    return (story, entry.source), (entries_of(story), entry.id)


def _fresh(source: str, seen: str) -> dict[str, Any]:
    return {
        "source": source, "publishers": [], "entries": 0, "findings": 0, "edits": 0, "latest": None,
        "first_seen": seen, "last_seen": seen,
    }  # fmt: skip


def _entry_row(entry: EntryRef, seen: str) -> dict[str, Any]:
    return {
        "id": entry.id, "version": entry.version, "title": entry.title, "url": entry.url, "source": entry.source,
        "publisher": entry.publisher, "published": stamp_or_none(entry.published), "seen": seen,
    }  # fmt: skip
