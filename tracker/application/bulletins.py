"""Messages on many things: what is new, corrected, newly disputed and resolved, story by story."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from tracker.application.audience import audience_at
from tracker.application.contents import Contents
from tracker.application.recall import Recall
from tracker.application.told_before import ToldBefore
from tracker.domain.claims import Standing
from tracker.domain.events import Recorded, story_stream
from tracker.domain.mutes import Subject, in_force, muting
from tracker.domain.source import source_of
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.domain.tracked import TrackedClaim
from tracker.errors import NotFound
from tracker.ports.log import EventLog
from tracker.ports.outbox import Outbox
from tracker.rendering.alert_bulletin import Issue, Note, compose_bulletin
from tracker.rendering.alert_letter import Letter
from tracker.rendering.alert_rows import Share
from tracker.rendering.alert_source import source_note
from tracker.rendering.view import Head

_INSTANT = timedelta(microseconds=1)
_OVER = frozenset({Standing.REPORTED, Standing.CORROBORATED})
"""How a claim stands whose dispute is over. One that is withdrawn is told as a correction."""


class Bulletin:
    """The message on all that one delivery holds: a group, a catch-up or a digest."""

    def __init__(
        self, log: EventLog, outbox: Outbox, recall: Recall, held: Contents, subscription: SubscriptionAdded
    ) -> None:
        self._log = log
        self._outbox = outbox
        self._recall = recall
        self._held = held
        self._subscription = subscription
        self._delivery = held.delivery

    def letter(self) -> tuple[Letter, tuple[str, ...]]:
        """Return the message, and the ids of those that it corrects. Raises NotFound, StoreError."""
        developments, corrections = _by_story(self._held.developments), _by_story(self._held.corrections)
        shares = [
            self._share(story, developments.get(story, ()), corrections.get(story, ()))
            for story in dict.fromkeys((*developments, *corrections))
        ]
        kind, events = self._delivery.kind, self._held.events
        assert kind != "alert", "an alert is on one entry"
        letter = compose_bulletin(
            Issue(kind, self._delivery.created_at, self._delivery.period),
            shares,
            [*self._notes()],
            positions=[one.position for one in events],
            head=Head(events[-1].position, events[-1].hash),
            subscription=self._subscription,
        )
        messages = (message for share in shares for made in share.corrections for _, message in made.said)
        return letter, tuple(dict.fromkeys(messages))

    def _share(self, story: str, developments: Sequence[Recorded], corrections: Sequence[Recorded]) -> Share:
        upto = self._held.upto
        past = ToldBefore(self._recall, self._outbox, self._delivery, story, upto)
        wording = self._recall.wording(story)
        made = tuple(map(past.correction, corrections))
        new = tuple(map(past.development, developments))
        before = self._disputed_before(story, [one.position for one in (*developments, *corrections)])
        after = self._recall.story(story, upto).claims
        over = (claim for name, claim in after.items() if name in before and claim.standing in _OVER)
        return Share(
            story=story,
            title=wording.title(upto),
            claims=wording.of([*new, *(told for one in made for told, _ in one.said)], upto),
            developments=new,
            corrections=made,
            disputed=_disputed(after) - before,
            resolved=tuple(claim for claim in over if self._wants(story, claim)),
        )

    def _disputed_before(self, story: str, positions: Iterable[int]) -> frozenset[str]:
        """Return the claims that were disputed when the period began, or else before the first thing that is told."""
        begin = min(positions) - 1
        if self._delivery.period:
            begin = min(begin, self._log.position_at(self._delivery.period[0] - _INSTANT))
        try:
            return _disputed(self._recall.story(story, begin).claims)
        except NotFound:  # it was not opened yet
            return frozenset()

    def _wants(self, story: str, claim: TrackedClaim) -> bool:
        """Tell whether a digest is to say that a dispute is over: not to who muted the claim, or asked for others."""
        name, only = claim.original.id, self._subscription.only.claims
        if not self._delivery.period or (only and name not in only):
            return False
        mutes = audience_at(self._log, self._held.upto).mutes.values()
        now = in_force(mutes, self._delivery.created_at)
        return muting(now, self._subscription.subscription, Subject(story, (name,))) is None

    def _notes(self) -> Iterator[Note]:
        for one in self._held.sources:
            before = source_of(self._log.read(upto=one.position - 1, stream=one.stream))
            kind, text = source_note(before, one)
            yield Note(f"source.{kind}", text, one.position)


def _by_story(events: Iterable[Recorded]) -> dict[str, list[Recorded]]:
    of: dict[str, list[Recorded]] = {}
    for one in events:
        of.setdefault(one.stream.removeprefix(story_stream("")), []).append(one)
    return of


def _disputed(claims: Mapping[str, TrackedClaim]) -> frozenset[str]:
    return frozenset(name for name, claim in claims.items() if claim.standing is Standing.DISPUTED)
