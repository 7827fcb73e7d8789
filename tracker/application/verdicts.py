"""A verdict as the JSON object that `tracker judge --json` and `tracker replay` write."""

from collections.abc import Mapping
from typing import Any

from tracker.domain.claims import Relation
from tracker.domain.events import Finding, Recorded, finding_of
from tracker.judging.judge import Verdict


def verdict_document(
    verdict: Verdict, *, item: str, names: Mapping[str, str], recorded: tuple[Recorded, ...], alert: bool
) -> dict[str, Any]:
    """Return the verdict in the agreed form. `names` gives the item id of each entry id that was read before."""
    positions = {(f.claim, f.relation): r.position for r in recorded if (f := finding_of(r.event)) is not None}
    return {
        "item": item,
        "relevant": verdict.relevant,
        "score": round(verdict.score, 4),
        "duplicate_of": names.get(verdict.duplicate_of or ""),
        "alert": alert,
        "needs_review": verdict.needs_review,
        "findings": [_finding(finding, positions) for finding in verdict.findings],
    }


def _finding(finding: Finding, positions: Mapping[tuple[str | None, Relation], int]) -> dict[str, Any]:
    return {
        "claim": None if finding.relation is Relation.NEW else finding.claim,
        "relation": str(finding.relation),
        "field": finding.field,
        "old": finding.old,
        "new": finding.new,
        "score": round(finding.score, 4),
        "sentence": finding.sentence,
        "reason": finding.reason,
        "position": positions.get((finding.claim, finding.relation)),
    }
