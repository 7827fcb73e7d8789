"""Does a line give a claim another state than the reports known, so that the entry is no repeat of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from tracker.domain.claims import Relation
from tracker.judging.case import Case
from tracker.judging.compare import Difference, differences
from tracker.judging.relation import Related, unmoved
from tracker.judging.withdrawal import takes_back

ONE_COUNT = timedelta(hours=36)
"""Time after a report within which another figure is another count of the same happening."""


def moves(one: Related, case: Case) -> bool:
    """Say whether a line gives a claim another state than the likeliest known report did: then it is no repeat.

    A figure that differs from one told hours ago is another count of the same happening, unless it moves outright; what
    takes a claim back is new unless somebody took it back before.
    """
    if one.difference is None or not one.difference.moves:
        return False
    if taken_back(one, case):
        return True
    if case.same is None:
        return False
    later = case.entry.moment - (case.same.known.moment or case.entry.moment)
    if one.relation is Relation.DENIES and one.difference.effect != "changes":
        return not _denied_alike(one, case)
    return later > ONE_COUNT or (one.difference.outright and later >= timedelta(0))


def _denied_alike(one: Related, case: Case) -> bool:
    """Say whether the claim was denied before: who denies it once more tells no news, who takes it back then does."""
    claim = case.story.claims[one.link.claim.id]
    if one.difference is None or not takes_back(one.difference.sentence):
        return bool(claim.denied_by)
    denials = (step for step in claim.steps if step.applied and step.relation is Relation.DENIES)
    return any(takes_back(step.finding.sentence) for step in denials)


def taken_back(one: Related, case: Case) -> bool:
    """Say whether an edit takes a claim's value back: its entry set it and says it no more, and nobody else does."""
    if one.difference is None or one.relation is not Relation.UPDATES or not _is_figure(one.difference):
        return False
    claim = case.story.claims[one.link.claim.id]
    moved = [step.entry for step in claim.steps if step.says == claim.current]
    setter, source = (moved[-1].id, moved[-1].source) if moved else (claim.entry, claim.first_source)
    if setter != case.entry.id or claim.sources - {source}:
        return False
    said = (told for line in one.link.lines for told in differences(claim.current, line.text, case.day))
    return not any(told.effect == "supports" and told.field == one.difference.field for told in said)


def own_values(related: Sequence[Related]) -> tuple[Related, ...]:
    """Take back changes whose new value is another claim's own: "38%" that an offer holds moves no demand.

    A figure that moves two claims counts one thing all the same: it moves the claim that the line bears on most surely.
    """
    held = {one.difference.new for one in related if one.difference and one.difference.effect == "supports"}
    surest: dict[tuple[str, str], str] = {}
    for one in sorted(related, key=lambda one: (-one.link.score, one.link.claim.id)):
        if one.difference and one.difference.effect == "changes" and one.difference.field == "quantity":
            surest.setdefault((one.difference.new, one.difference.sentence), one.link.claim.id)
    return tuple(unmoved(one) if _of_another(one, held, surest) else one for one in related)


def _of_another(one: Related, held: Collection[str], surest: Mapping[tuple[str, str], str]) -> bool:
    if one.difference is None or not _is_figure(one.difference):
        return False
    mine = one.link.claim.id
    return one.difference.new in held or surest.get((one.difference.new, one.difference.sentence), mine) != mine


def _is_figure(difference: Difference) -> bool:
    return difference.moves and difference.field in ("quantity", "date")
