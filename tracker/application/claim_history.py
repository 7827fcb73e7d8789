"""One claim and all that was ever found on it, the newest first; no more is read than is shown."""

from dataclasses import dataclass
from typing import Literal

from tracker.application.claim_values import charts
from tracker.application.grounds import grounded, grounds
from tracker.application.near import no_claim
from tracker.application.report import changes_at, claim_view, head_of
from tracker.ports.views import ViewReader
from tracker.projections.claim_states import states_of
from tracker.projections.ledger import steps_of
from tracker.projections.projection import Row
from tracker.projections.rows import ordinal
from tracker.rendering.chart import Chart
from tracker.rendering.view import Change, ClaimDiff, ClaimView

SHOWN = 50
"""Findings of one page."""

Origin = Literal["seed", "entry", "person"]


@dataclass(frozen=True, slots=True)
class ClaimHistory:
    """A claim with its findings, the newest first; `older`: the position before which more are, None at the beginning.

    `beginning` says how it came to be followed, newest first; it comes with the oldest findings. `newest` is the last
    finding of all, None where there is none.
    """

    claim: ClaimView
    origin: Origin
    findings: tuple[Change, ...]
    beginning: tuple[Change, ...]
    newest: Change | None
    older: int | None
    charts: tuple[Chart, ...]


def claim_history(views: ViewReader, story: str, claim: str, *, before: int | None = None) -> ClaimHistory:
    """Return a claim with the newest of its findings, of positions less than `before`.

    Raises NotFound for a story or claim that the views do not hold.
    """
    row = claim_row(views, story, claim)
    steps = _steps(views, story, row, before, SHOWN + 1)
    shown, whole = steps[-SHOWN:], len(steps) <= SHOWN
    last = steps[-1:] if before is None else _steps(views, story, row, None, 1)
    told = changes_at(views, story, {*shown, *last, row["begun"], *grounds((row,))})
    beginning = _beginning(views, story, told.get(row["begun"])) if whole else ()
    return ClaimHistory(
        claim=grounded(claim_view(row), row, told),
        origin=row["origin"],
        findings=tuple(told[at] for at in reversed(shown) if at in told),
        beginning=beginning,
        newest=next((told[at] for at in last if at in told), None),
        older=None if whole else shown[0],
        charts=charts(views, story, row) if before is None else (),
    )


def claim_row(views: ViewReader, story: str, claim: str) -> Row:
    """Return the row of a claim in the ledger. Raises NotFound, with the ids that come nearest."""
    head_of(views, story)
    row = views.load("ledger", [(story, claim)]).get((story, claim))
    if row is None:
        raise no_claim(story, claim, (one["id"] for one in views.scan("ledger", story)))
    return row


def stood(views: ViewReader, story: str, claim: str, position: int) -> ClaimDiff:
    """Return a claim as it stood before an event and as it stood after it, by what was known then.

    Each None where it was not followed.
    """
    row = views.load("ledger", [(story, claim)]).get((story, claim))
    if row is None:
        return ClaimDiff(claim, None, None)
    return ClaimDiff(claim, *(_state(views, story, row, upto) for upto in (position, position + 1)))


def _state(views: ViewReader, story: str, row: Row, before: int) -> ClaimView | None:
    state = next(iter(views.scan("ledger", states_of(story, row["id"]), before=ordinal(before), last=1)), None)
    return claim_view({**row, **state}) if state else None


def _steps(views: ViewReader, story: str, row: Row, before: int | None, most: int) -> list[int]:
    """Return the positions of the newest findings of a claim since it is followed, in order."""
    end = None if before is None else ordinal(before)
    since = ordinal(row["begun"])
    found = views.scan("ledger", steps_of(story, row["id"]), after=since, before=end, last=most)
    return [step["position"] for step in found]


def _beginning(views: ViewReader, story: str, begun: Change | None) -> tuple[Change, ...]:
    """Return the event since which a claim is followed; where that is a person's word, also what was proposed."""
    if begun is None:
        return ()
    if begun.kind != "review":
        return (begun,)
    place = (story, ordinal(begun.position))
    proposed = views.load("timeline", [place])[place]["of"]
    return (begun, *changes_at(views, story, {proposed}).values())
