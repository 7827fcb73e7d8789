"""Lists in order of key, a part at a time: no more is read than is shown, and what is appended moves nothing.

Each part names the key after which the next one begins, None where nothing more is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from tracker.application.report import change_of, claim_view, source_view
from tracker.errors import NotFound
from tracker.ports.views import ViewReader
from tracker.projections.developments import BY_SOURCE, Developments
from tracker.projections.projection import Row
from tracker.projections.rows import HEAD, ordinal
from tracker.projections.sources import entries_of
from tracker.projections.timeline import history_of, is_development
from tracker.rendering.documents import entries, stories
from tracker.rendering.view import Change, ClaimView, SourceView

Item = TypeVar("Item")
_CHUNK = 200
"""Rows of the timeline in which entries are sought at once: most entries have one or two."""


@dataclass(frozen=True, slots=True)
class Part(Generic[Item]):
    """Some items of a list, and the key after which the next ones are."""

    items: tuple[Item, ...]
    after: str | None


def stories_part(views: ViewReader, after: str = "", most: int | None = None) -> Part[stories.Listed]:
    """Return stories, in order of id."""
    ids = [story for story in views.partitions("stories") if story > after]
    heads = views.load("stories", [(story, HEAD) for story in ids[:most]])
    found = tuple(_story(views, story, heads[story, HEAD]) for story in ids[:most])
    return Part(found, ids[len(found) - 1] if len(ids) > len(found) else None)


def claims_part(views: ViewReader, story: str, after: str, most: int) -> Part[ClaimView]:
    """Return claims of a story as they stand, in order of id."""
    rows = list(views.scan("ledger", story, after=after, first=most + 1))
    return Part(tuple(map(claim_view, rows[:most])), rows[most - 1]["id"] if len(rows) > most else None)


def history_part(views: ViewReader, story: str, claim: str, after: str, most: int) -> Part[Change]:
    """Return what happened to a claim, oldest first."""
    marks = [
        ordinal(row["position"]) for row in views.scan(_TIMELINE, history_of(story, claim), after=after, first=most + 1)
    ]
    rows = views.load(_TIMELINE, [(story, mark) for mark in marks[:most]])
    told = tuple(change_of(rows[story, mark]) for mark in marks[:most])
    return Part(told, marks[most - 1] if len(marks) > most else None)


def timeline_part(views: ViewReader, story: str, after: str, most: int) -> Part[Change]:
    """Return what happened in a story, oldest first."""
    rows = list(views.scan(_TIMELINE, story, after=after, first=most + 1))
    return Part(tuple(map(change_of, rows[:most])), ordinal(rows[most - 1]["position"]) if len(rows) > most else None)


def entries_part(views: ViewReader, story: str, after: str = "", most: int | None = None) -> Part[entries.Listed]:
    """Return the entries of a story, in the order in which they came."""
    found: list[entries.Listed] = []
    for row in _first_rows(views, story, after):
        if len(found) == most:
            return Part(tuple(found), ordinal(found[-1].position))
        found.append(row)
    return Part(tuple(found), None)


def sources_part(views: ViewReader, story: str, after: str, most: int) -> Part[SourceView]:
    """Return sources of a story, in order of name."""
    rows = list(views.scan(_SOURCES, story, after=after, first=most + 1))
    latest = views.load(_SOURCES, {(entries_of(story), row["latest"]) for row in rows[:most]})
    developed = views.load(Developments.name, [(story, BY_SOURCE)]).get((story, BY_SOURCE), {})
    found = (
        source_view(row, developed.get(row["source"], 0), latest.get((entries_of(story), row["latest"])))
        for row in rows[:most]
    )
    return Part(tuple(found), rows[most - 1]["source"] if len(rows) > most else None)


def entry_of(views: ViewReader, story: str, entry: str) -> entries.Listed:
    """Return an entry of a story. Raises NotFound."""
    row = views.load(_SOURCES, [(entries_of(story), entry)]).get((entries_of(story), entry))
    if row is None:
        raise NotFound(f"no entry {entry} in {story}; `tracker story entries {story}` lists them")
    return next(_listed(views, story, [row]))


_TIMELINE, _SOURCES = "timeline", "sources"


def _story(views: ViewReader, story: str, head: Row) -> stories.Listed:
    return stories.Listed(
        head["id"], head["title"], datetime.fromisoformat(head["opened_at"]), head["closed"],
        claims=views.count("ledger", story), entries=views.count(_SOURCES, entries_of(story)),
    )  # fmt: skip


def _first_rows(views: ViewReader, story: str, after: str) -> Iterator[entries.Listed]:
    """Yield entries where the timeline first speaks of them."""
    while rows := list(views.scan(_TIMELINE, story, after=after, first=_CHUNK)):
        named = {row["entry"]: row["position"] for row in reversed(rows) if row["entry"]}
        held = views.load(_SOURCES, [(entries_of(story), entry) for entry in named])
        fresh = [row for (_, entry), row in held.items() if row["positions"][0] == named[entry]]
        yield from _listed(views, story, sorted(fresh, key=lambda row: int(row["positions"][0])))
        after = ordinal(rows[-1]["position"])


def _listed(views: ViewReader, story: str, found: Iterable[Row]) -> Iterator[entries.Listed]:
    rows = list(found)
    told = views.load(_TIMELINE, [(story, ordinal(at)) for row in rows for at in row["positions"]])
    for row in rows:
        steps = [step for at in row["positions"] if (step := told.get((story, ordinal(at))))]
        links = {(one.claim, one.relation): one for step in reversed(steps) for one in reversed(list(_links(step)))}
        yield entries.Listed(
            id=row["id"], version=row["version"], title=row["title"], url=row["url"], source=row["source"],
            publisher=row["publisher"],
            published=datetime.fromisoformat(row["published"]) if row["published"] else None,
            seen=datetime.fromisoformat(row["seen"]), position=row["positions"][0],
            news=any(step["relation"] and is_development(step) for step in steps),
            links=tuple(reversed(links.values())),
        )  # fmt: skip


def _links(step: Row) -> Iterator[entries.Linked]:
    """Yield what a row of the timeline says that its entry did to claims."""
    if step["type"] == "entry.linked":
        yield from (entries.Linked(claim, "corroborates", step["position"]) for claim in step["claims"])
    elif step["relation"] and step["claim"]:
        yield entries.Linked(step["claim"], step["relation"], step["position"])
