"""Why a finding waits for a person, in words."""

from tracker.domain.claims import Relation
from tracker.judging.case import Case
from tracker.judging.compare import names_another_day
from tracker.judging.moved import ONE_COUNT
from tracker.judging.relation import CONFLICT, NEAR, Related


def doubt_of(one: Related, case: Case, *, repeats: bool) -> str | None:
    """Return why the judge is not sure of what a line does to a claim, None where it is.

    A denial on a faint link may be of something else; one of the claim's own deed is of the claim.
    """
    if case.foreign:
        return one.reason
    if one.unsure:
        return _unsure(one, case)
    if one.relation is Relation.DENIES and one.link.score < NEAR and not (one.difference and one.difference.outright):
        return f"it denies, but that it bears on this very claim is believed by {one.link.score:.2f} only"
    if repeats and one.another_count and one.difference is not None:
        hours = int(ONE_COUNT.total_seconds() // 3600)
        return (
            f"{one.difference.new} is told within {hours} hours of {one.difference.old}, of the same happening: "
            "perhaps the figure of another thing, or an earlier one"
        )
    return None


def _unsure(one: Related, case: Case) -> str:
    difference = one.difference
    if difference is None:
        return one.reason
    if difference.effect == "supports" and names_another_day(one.current, difference.sentence, case.day):
        return "it agrees with the claim, but names another day to come than the claim's"
    if difference.effect == "denies" and difference.field == "quantity":
        return f"it tells of none where the claim says {difference.old}, perhaps of other people, or of another place"
    reads = "bears the claim out" if one.relation is Relation.DENIES else "refutes the claim"
    return f"the comparison says {one.relation}, while the pair model is sure ({CONFLICT:.2f} or more) that it {reads}"
