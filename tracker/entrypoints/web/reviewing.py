"""What a person says of a finding by its buttons, and what is told of it: the same on every page that has them."""

from starlette.requests import Request

from tracker.application.queue import Case
from tracker.application.report import head_of
from tracker.application.review import Said, review
from tracker.domain.actors import person, shown
from tracker.domain.claims import Relation
from tracker.domain.events import FindingReviewed, Recorded, entry_of, finding_of
from tracker.entrypoints.web.room import Room, position_of, visitor_of
from tracker.entrypoints.web.writing import Form, number
from tracker.errors import Overtaken, UsageError
from tracker.rendering.doubt import doubt
from tracker.rendering.plain import line

_SAID: dict[str, tuple[Said, Relation | None]] = {
    "confirm": ("confirmed", None),
    "reject": ("rejected", None),
    "corroborates": ("relabelled", Relation.CORROBORATES),
    "updates": ("relabelled", Relation.UPDATES),
    "denies": ("relabelled", Relation.DENIES),
}
"""What the buttons say."""


def say(room: Room, request: Request, form: Form) -> Recorded:
    """Record what the button says of the finding in the path. Raises NotFound, UsageError, Overtaken."""
    seen = number(form, "seen")
    if (button := form.get("said", "")) not in _SAID:
        raise UsageError("The form does not tell what the finding is.")
    said, relation = _SAID[button]
    return review(room.app, position_of(request), said, person(visitor_of(request).name or ""), relation, seen=seen)


def refused(error: Overtaken) -> str:
    """Return what to tell whom somebody else has overtaken."""
    return f"Not recorded: {error}."


def told(room: Room, position: int, reader: str | None) -> tuple[int, str] | None:
    """Return of which finding the review at a position is, and what it says; None where there is no review."""
    recorded = _at(room, position)
    if recorded is None or not isinstance(recorded.event, FindingReviewed):
        return None
    event = recorded.event
    said = f"{event.verdict}{f' as {event.relation}' if event.relation else ''}"
    if reader is not None and recorded.actor == person(reader):
        return event.position, f"The finding at position {event.position} is {said}."
    return event.position, f"The finding at position {event.position} was already {said} by {shown(recorded.actor)}."


def doubt_of(recorded: Recorded, language: str) -> str:
    """Return why the judge was not sure of a finding, of a story in this language."""
    entry, finding = entry_of(recorded.event), finding_of(recorded.event)
    if finding is not None and finding.doubt:
        return line(finding.doubt)
    return doubt(entry.language if entry else None, language)


def doubts(room: Room, cases: tuple[Case, ...]) -> dict[int, str]:
    """Return why the judge was not sure, by the positions of findings that wait."""
    languages = {story: str(head_of(room.app.views, story)["language"]) for story in {one.story for one in cases}}
    found = {one.told.position: (_at(room, one.told.position), languages[one.story]) for one in cases}
    return {position: doubt_of(recorded, language) for position, (recorded, language) in found.items() if recorded}


def _at(room: Room, position: int) -> Recorded | None:
    return next(iter(room.app.log.read(after=position - 1, upto=position)), None)
