"""How claims read at the time of what is told of them: beside an old change the claim of then, not that of now."""

from collections.abc import Sequence
from dataclasses import replace

from tracker.ports.views import ViewReader
from tracker.projections.claim_states import states_of
from tracker.projections.projection import Row
from tracker.projections.rows import ordinal
from tracker.rendering.view import Change


def worded(views: ViewReader, story: str, told: Sequence[Change]) -> tuple[Change, ...]:
    """Return events with what the claim of each said after it.

    That is one load, and a look at one row for each event that left its claim as it stood.
    """
    places = {one.position: (states_of(story, one.claim), ordinal(one.position)) for one in told if one.claim}
    found = views.load("ledger", places.values())
    return tuple(
        replace(one, claim_then=_text(found.get(place) or _last(views, *place)))
        if (place := places.get(one.position))
        else one
        for one in told
    )


def _last(views: ViewReader, states: str, before: str) -> Row | None:
    return next(iter(views.scan("ledger", states, before=before, last=1)), None)


def _text(state: Row | None) -> str | None:
    return state["current"]["text"] if state else None
