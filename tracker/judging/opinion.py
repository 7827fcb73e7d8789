"""What a second opinion may change of a finding: at most that it waits no longer, and only where both agree."""

from dataclasses import replace

from tracker.domain.events import Finding, Opinion


def weigh(finding: Finding, opinion: Opinion, *, settles: bool) -> Finding:
    """Return an unsure finding with the opinion as evidence, and in its reason for whoever reviews it.

    It waits for a person as before, unless the opinion is the judge's own and `settles` says that this is enough. What
    is found, of which claim and with which values, is never changed.
    """
    agrees = opinion.relation is finding.relation
    words = f"agrees that it {finding.relation}" if agrees else _reads(opinion)
    reason = f"{finding.reason}; a second opinion ({opinion.model}) {words}: {opinion.reason}"
    answered = replace(finding, opinion=opinion, reason=reason)
    return replace(answered, needs_review=False, doubt=None) if agrees and settles else answered


def unanswered(finding: Finding, why: str) -> Finding:
    """Return an unsure finding that nobody gave an opinion on, with why in its reason."""
    return replace(finding, reason=f"{finding.reason}; no second opinion: {why}")


def _reads(opinion: Opinion) -> str:
    return f"reads that it {opinion.relation} the claim" if opinion.relation else "reads nothing of the claim in it"
