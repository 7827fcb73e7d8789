"""A finding as persons left it, and as what it was told when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tracker.domain.events import ClaimDenied, ClaimTracked, FindingEvent, FindingReviewed, finding_of
from tracker.domain.routing import kind_said
from tracker.domain.settled import settled
from tracker.domain.subscription_events import DevelopmentKind


@dataclass(frozen=True, slots=True)
class Case:
    """A finding, with what persons said of it.

    `event` is what they left of it, see `settled`. `kinds`: as what kind of development it stood from a position on,
    its own or that of a review; None where it did not stand.
    """

    event: FindingEvent | ClaimTracked
    kinds: Mapping[int, DevelopmentKind | None]
    withdrawn: bool = False

    @property
    def kind(self) -> DevelopmentKind | None:
        """As what kind of development it stands now; None where it does not."""
        return None if self.withdrawn else list(self.kinds.values())[-1]

    def after(self, review: FindingReviewed, position: int) -> "Case":
        """Return the case after a review that is recorded at a position."""
        finding = finding_of(self.event)
        assert finding is not None, "a case is of a finding"
        event = replace(self.event, finding=settled(finding, review.relation))
        kind = None if review.verdict == "rejected" else kind_said(event)
        return replace(self, event=event, kinds={**self.kinds, position: kind})

    def retracted_by(self, review: FindingReviewed) -> ClaimDenied | None:
        """Return the denial by which a source takes something back, where it is one by a review."""
        after = self.after(review, 0)
        made = after.kind == "denied" != self.kind
        return after.event if made and isinstance(after.event, ClaimDenied) and after.event.takes_back else None
