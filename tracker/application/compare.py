"""Which claims differ between two moments."""

from dataclasses import replace

from tracker.application.report import claims_of
from tracker.ports.views import ViewReader
from tracker.rendering.view import ClaimDiff, ClaimView


def compare(before: ViewReader, after: ViewReader, story_id: str) -> tuple[ClaimDiff, ...]:
    """Return the claims of a story that stand differently in two sets of views, in the order of the later one.

    One more report by a source that had said the same before is no difference.
    """
    old = {claim.id: claim for claim in claims_of(before, story_id)}
    new = {claim.id: claim for claim in claims_of(after, story_id)}
    ids = [*new, *(claim for claim in old if claim not in new)]
    return tuple(
        ClaimDiff(id_, old.get(id_), new.get(id_)) for id_ in ids if _stance(old.get(id_)) != _stance(new.get(id_))
    )


def _stance(claim: ClaimView | None) -> ClaimView | None:
    """Return a claim without the times at which it was said and came to stand so: what it says and who says it."""
    return replace(claim, last_seen=claim.first_seen, since=claim.first_seen) if claim else None
