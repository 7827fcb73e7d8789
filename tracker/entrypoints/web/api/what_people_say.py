"""Orders: a person says what a finding is, or how far they have read."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal, TypedDict

from msgspec import Meta, Struct
from starlette.exceptions import HTTPException

from tracker.application.look import last_look, looked
from tracker.application.news import Look
from tracker.application.queue import case
from tracker.application.report import head_of
from tracker.application.review import review
from tracker.domain.actors import person
from tracker.domain.claims import Relation
from tracker.entrypoints.times import moment_of
from tracker.entrypoints.web.api.asked import Asked
from tracker.entrypoints.web.api.orders import Order
from tracker.entrypoints.web.api.parameters import POSITION, STORY
from tracker.projections.rows import stamp
from tracker.rendering.documents.kinds import SCHEMA_VERSION, Position, Time, Version

AnyPosition = Annotated[int, Meta(ge=1, le=2**63 - 1)]


class _Verdict(Struct, frozen=True, forbid_unknown_fields=True, tag_field="verdict"):
    """What a finding is. `seen`: the position up to which its past was looked at: what came after is not overruled."""

    seen: AnyPosition | None = None


class Confirmed(_Verdict, frozen=True, tag="confirmed"):
    """The finding is right."""


class Rejected(_Verdict, frozen=True, tag="rejected"):
    """The finding is wrong: its claim stands as if it had not been made."""


class Relabelled(_Verdict, frozen=True, tag="relabelled", kw_only=True):
    """The finding does something else to its claim."""

    relation: Literal["corroborates", "updates", "denies"]


class Reviewed(TypedDict):
    """What was said of the finding at `finding`, and the event that records it; `new`: it was not said before."""

    schema_version: Version
    finding: Position
    verdict: str
    relation: str | None
    position: Position
    new: bool


class Read(Struct, frozen=True, forbid_unknown_fields=True):
    """How far somebody has read: `position` and `as_of` of the report; without `as_of`, the time of that event."""

    position: AnyPosition
    as_of: Annotated[str, Meta(extra_json_schema={"format": "date-time"})] | None = None


class Mark(TypedDict):
    """How far somebody has read; a mark never moves back."""

    schema_version: Version
    story: str
    reader: str
    position: Position
    at: Time


def _review(asked: Asked, said: Confirmed | Rejected | Relabelled, reader: str) -> Reviewed:
    position = asked.values["position"]
    found = case(asked.app.log, asked.room.views(), position)
    if isinstance(said, Relabelled) and found.told.relation == Relation.NEW:
        raise HTTPException(HTTPStatus.CONFLICT, "The finding is a new claim: confirm or reject it.")
    relation = Relation(said.relation) if isinstance(said, Relabelled) else None
    verdict: Literal["confirmed", "rejected", "relabelled"] = said.__struct_config__.tag  # type: ignore[assignment]
    head = asked.app.log.head()
    recorded = review(asked.app, position, verdict, person(reader), relation, seen=said.seen)
    return {
        "schema_version": SCHEMA_VERSION,
        "finding": position,
        "verdict": verdict,
        "relation": str(relation) if relation else None,
        "position": recorded.position,
        "new": recorded.position > head,
    }


def _looked(asked: Asked, said: Read, reader: str) -> Mark:
    story = asked.story
    position = min(said.position, head_of(asked.room.views(), story)["position"])
    wanted = Look(position, _moment(asked, said, position))
    look = last_look(asked.app.views, story, reader)
    if look is None or look.position <= position:
        look = wanted
        looked(asked.app.views, story, reader, look)
    return {
        "schema_version": SCHEMA_VERSION,
        "story": story,
        "reader": reader,
        "position": look.position,
        "at": stamp(look.at),
    }


def _moment(asked: Asked, said: Read, position: int) -> datetime:
    if said.as_of is not None:
        return min(moment_of(said.as_of), asked.app.clock())
    return next(iter(asked.app.log.read(after=position - 1, upto=position))).recorded_at


ORDERS = (
    Order(
        "/review/{position}", "review", "Say what the finding at a position is. Saying the same again records nothing.",
        Confirmed | Rejected | Relabelled, Reviewed, _review, (POSITION,),
    ),
    Order(
        "/stories/{story}/looked", "markRead", "Say how far somebody has read: what they are told as new begins there.",
        Read, Mark, _looked, (STORY,),
    ),
)  # fmt: skip
