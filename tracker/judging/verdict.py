"""What the judge says of one entry and one story."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.domain.claims import Claim
from tracker.domain.entry import Entry
from tracker.domain.events import Finding


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the judgement, for a reader: its name, how it ended, why in words, and its figures.

    `otherwise` says what would have changed it, where that was asked: see `otherwise.otherwise`.
    """

    name: str
    outcome: str
    detail: str
    scores: Mapping[str, float] = field(default_factory=dict)
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of an entry.

    `claims` are new claims to track; `current` holds, by id, each claim that a finding updates as it then stands.
    `repeats` are the claims that it merely repeats. `score` is the belief in [0, 1] that it belongs to the story.
    """

    entry: Entry
    source: str
    relevant: bool
    score: float
    duplicate_of: str | None
    happening: str
    findings: tuple[Finding, ...]
    claims: tuple[Claim, ...]
    current: Mapping[str, Claim]
    reason: str
    needs_review: bool
    stages: tuple[Stage, ...]
    repeats: tuple[str, ...] = ()
