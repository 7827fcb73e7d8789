"""What somebody was told that is not so any more: the matter of corrections."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tracker.application.corrected import Corrected, corrections
from tracker.application.recall import Recall
from tracker.domain.correction import History
from tracker.domain.events import (
    ClaimTracked,
    ClaimWithdrawn,
    EntryRemoved,
    EntryRestored,
    Event,
    FindingEvent,
    FindingReviewed,
    Recorded,
    claim_of,
)
from tracker.domain.routing import Subscriptions, kind_said
from tracker.domain.tracked import TrackedClaim
from tracker.ports.outbox import Delivery, Outbox
from tracker.rendering.alert_correction_words import Correction


class ToldBefore:
    """The past of a story, as a delivery looks back at it; written as of the position `upto`."""

    def __init__(self, recall: Recall, outbox: Outbox, delivery: Delivery, story: str, upto: int) -> None:
        self._recall = recall
        self._outbox = outbox
        self._delivery = delivery
        self._story = story
        self._upto = upto
        self._stream: tuple[Recorded, ...] = ()

    def correction(self, recorded: Recorded) -> Correction:
        """Return a correcting event with what this subscription was told of before, in other messages than this.

        A review by which a source takes something back corrects as that does, unless its finding was told before: then
        it is that which is said again.
        """
        stream, event = self._before(recorded), recorded.event
        history, by_position = History(stream), {one.position: one for one in stream}
        told = list(self._messages(history, event))
        back, again = frozenset[int](), False
        if isinstance(event, FindingReviewed):
            back = history.retracted_by(event)
            again = any(_finding_at(by_position[at]) == event.position for at, _ in told)
        said: dict[int, tuple[Recorded, str]] = {}
        for at, message in told:
            one = self.development(by_position[at])
            if kind_said(one.event) and not (again and at in back):
                said[_finding_at(by_position[at])] = (one, message)
        claims = self._claims(recorded, [one for one, _ in said.values()])
        made = self.development(recorded) if back and not again else recorded
        return Correction(made, tuple(said.values()), claims)

    def corrected(self, recorded: Recorded, subscribed: Subscriptions) -> Corrected | None:
        """Return that this subscription was told of what an event corrects, None where that stands nowhere."""
        name = self._delivery.subscription
        told = corrections(self._outbox, History(self._before(recorded)), recorded.event, subscribed, only=name)
        return told[0] if told else None

    def development(self, recorded: Recorded) -> Recorded:
        """Return a development; of a review that makes one, the finding as it stands from then on."""
        if not isinstance(recorded.event, FindingReviewed):
            return recorded
        event = History(self._before(recorded)).development(recorded.event)
        if not isinstance(event, FindingEvent | ClaimTracked) or event.finding is None:
            return recorded
        reason = f"{event.finding.reason}; settled by a person"
        return replace(recorded, event=replace(event, finding=replace(event.finding, reason=reason)))

    def _before(self, recorded: Recorded) -> Sequence[Recorded]:
        self._stream = self._stream or self._recall.stream(self._story, self._upto)
        return self._stream[: bisect_left(self._stream, recorded.position, key=lambda one: one.position)]

    def _messages(self, history: History, event: Event) -> Iterator[tuple[int, str]]:
        """Yield where that was recorded which an event corrects, with the message in which it was told."""
        for owed in self._outbox.owed(history.ids(history.corrected_by(event))):
            mine = owed.subscription == self._delivery.subscription and owed.dropped is None
            if mine and owed.delivery and owed.delivery != self._delivery.id:
                yield owed.position, owed.delivery

    def _claims(self, recorded: Recorded, said: Iterable[Recorded]) -> dict[str, TrackedClaim]:
        """Return the claims concerned, as they stand."""
        story = self._recall.story(self._story, self._upto)
        event = recorded.event
        named = [event.claim] if isinstance(event, ClaimWithdrawn) else []
        named += event.claims if isinstance(event, EntryRemoved | EntryRestored) else []
        named += filter(None, (claim_of(one.event) for one in said))
        return {claim: story.claims[claim] for claim in dict.fromkeys(named) if claim in story.claims}


def _finding_at(recorded: Recorded) -> int:
    """Return where the finding was recorded that an event tells of."""
    return recorded.event.position if isinstance(recorded.event, FindingReviewed) else recorded.position
