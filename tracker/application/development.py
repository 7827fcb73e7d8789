"""One recorded event of a story with all that explains it: what was said, what it was compared with, what it did.

What a page shows of a story of any length costs the same: nothing is folded anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.application.claim_history import claim_row, stood
from tracker.application.report import change_of, changes_at, claim_view
from tracker.domain.events import EntryRevised, Recorded, entry_of
from tracker.errors import NotFound
from tracker.ports.archive import Library
from tracker.ports.log import EventLog
from tracker.ports.views import ViewReader
from tracker.projections.projection import Row
from tracker.projections.rows import ordinal, story_of
from tracker.projections.sources import entries_of
from tracker.rendering.context import Said, context
from tracker.rendering.view import Change, ClaimDiff, ClaimView
from tracker.rendering.word_diff import Piece, word_diff

_CLAIMS = 20
"""Claims shown of an event that bears on several."""
_LATER = 20
"""Later events shown of the same entry."""
_FATES = frozenset({"revised", "removed", "restored"})


@dataclass(frozen=True, slots=True)
class Development:
    """An event and what explains it.

    `context`: the sentence between its neighbours, as the entry had them, empty where they are not held. `claims`: each
    claim it bears on before and after it, by what was known then; `now`: the one that it speaks of as it stands today.
    `review`: the event by which a person decided on it. `later`: what became of its entry since. `of`: for a review,
    the event that it is about. `twin`: the entry whose words it repeats. `edit`: what a publisher changed.
    """

    recorded: Recorded
    told: Change
    context: tuple[Said, ...]
    claims: tuple[ClaimDiff, ...]
    now: ClaimView | None
    review: Change | None
    later: tuple[Change, ...]
    of: Change | None
    twin: str | None
    edit: tuple[Piece, ...]


class Elsewhere(NotFound):
    """The event is no development of the story: it belongs to `story`, None for none, or tells nothing of it."""

    def __init__(self, words: str, story: str | None) -> None:
        super().__init__(words)
        self.story = story


def development(log: EventLog, views: ViewReader, archive: Library, story: str, position: int) -> Development:
    """Return the event of a story at a position. Raises NotFound, and Elsewhere for one that is none of this story."""
    recorded = next(iter(log.read(after=position - 1, upto=position)), None)
    if recorded is None:
        raise NotFound(f"no event at position {position}; the log ends at {log.head()}")
    row = views.load("timeline", [(story, ordinal(position))]).get((story, ordinal(position)))
    if story_of(recorded) != story or row is None:
        raise _elsewhere(recorded, story)
    linked = {row["decided"], row["of"]} - {position, None}
    told = changes_at(views, story, linked)
    return Development(
        recorded=recorded,
        told=change_of(row),
        context=_context(archive, recorded, row),
        claims=tuple(stood(views, story, claim, position) for claim in _claims(row)),
        now=_now(views, story, row),
        review=told.get(row["decided"]),
        later=tuple(_later(views, story, row)),
        of=told.get(row["of"]),
        twin=row["duplicate_of"],
        edit=word_diff(recorded.event.old, recorded.event.new) if isinstance(recorded.event, EntryRevised) else (),
    )


def _elsewhere(recorded: Recorded, story: str) -> Elsewhere:
    owner, position = story_of(recorded), recorded.position
    if owner == story:
        return Elsewhere(f"the event at position {position} tells nothing of what happened in the story", None)
    whose = f"belongs to the story {owner}" if owner else "is of no story"
    return Elsewhere(f"the event at position {position} {whose}", owner)


def _context(archive: Library, recorded: Recorded, row: Row) -> tuple[Said, ...]:
    entry = entry_of(recorded.event)
    if entry is None or not row["sentence"]:
        return ()
    version = archive.version(entry.id, entry.version)
    return context(version, row["sentence"]) if version else ()


def _claims(row: Row) -> tuple[str, ...]:
    """Return the claims that an event moves; a repeat moves none."""
    if row["kind"] == "repeat":
        return ()
    return tuple(dict.fromkeys((*([row["claim"]] if row["claim"] else ()), *row["claims"])))[:_CLAIMS]


def _now(views: ViewReader, story: str, row: Row) -> ClaimView | None:
    if row["claim"] is None or (story, row["claim"]) not in views.load("ledger", [(story, row["claim"])]):
        return None
    return claim_view(claim_row(views, story, row["claim"]))


def _later(views: ViewReader, story: str, row: Row) -> Iterator[Change]:
    """Yield what became of the entry after the event, the newest first."""
    place = (entries_of(story), row["entry"])
    known = views.load("sources", [place]).get(place) if row["entry"] else None
    since = [at for at in known["positions"] if at > row["position"]] if known else []
    told = changes_at(views, story, since[-_LATER:])
    return (told[at] for at in reversed(since) if at in told and told[at].kind in _FATES)
