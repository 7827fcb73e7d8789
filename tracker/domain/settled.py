"""What a person's word makes of a finding."""

from dataclasses import replace

from tracker.domain.claims import Relation
from tracker.domain.events import Finding


def settled(finding: Finding, said: Relation | None) -> Finding:
    """Return a finding after a review that says what it is, None for what the judge said: nobody doubts it any more."""
    now = said or finding.relation
    news = finding.news or is_made_news(finding.relation, now, doubted=finding.needs_review)
    return replace(finding, relation=now, needs_review=False, news=news)


def is_made_news(was: Relation, now: Relation, *, doubted: bool) -> bool:
    """Tell whether a review makes news of a finding that the judge took for none.

    It does where an update or a denial is one by the word of a person alone: the judge had doubted it, or called it
    something else, and so had told nobody what it changes.
    """
    return now in (Relation.UPDATES, Relation.DENIES) and (doubted or now is not was)
