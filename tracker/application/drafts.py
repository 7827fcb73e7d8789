"""From a delivery that is owed to the message that is sent."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tracker.application.audience import audience_at
from tracker.application.bulletins import Bulletin
from tracker.application.contents import Contents, contents
from tracker.application.recall import Recall
from tracker.application.told_before import ToldBefore
from tracker.domain.endpoint import Endpoint, reaches
from tracker.domain.events import Recorded, entry_of
from tracker.domain.ids import content_id
from tracker.domain.source import Source, source_of
from tracker.domain.subscription_events import EndpointEvent, SubscriptionAdded
from tracker.errors import NotFound
from tracker.ports.log import EventLog
from tracker.ports.notify import Message
from tracker.ports.outbox import Delivery, Outbox, Owed
from tracker.rendering.alert import compose, trial
from tracker.rendering.alert_correction import compose_correction
from tracker.rendering.alert_endpoint import compose_endpoint, way
from tracker.rendering.alert_letter import Letter
from tracker.rendering.alert_source import compose_source

_KEPT = 4096
"""Deliveries that were expected and may never be written."""
SEVERAL = "digest"
"""The thread of messages that are on no one story."""


class Drafts:
    """Writes messages out of the log alone, as of the position of the delivery: a retry repeats what was sent.

    What was read for one message is kept for the next ones; for one thread.
    """

    def __init__(self, log: EventLog, outbox: Outbox) -> None:
        self._log = log
        self._outbox = outbox
        self._recall = Recall(log)
        self._owed: dict[str, list[Owed]] = {}

    def expect(self, deliveries: Iterable[Delivery]) -> None:
        """Bring all that is kept level with the log, and read at once what many messages need. Raises StoreError."""
        self._recall.look()
        ids = [one.id for one in deliveries]
        if len(self._owed) > _KEPT:
            self._owed.clear()
        self._owed |= {one: [] for one in ids}
        for owed in self._outbox.notices(ids):
            self._owed[owed.delivery or ""].append(owed)
        self._recall.events(owed.position for one in ids for owed in self._owed[one])

    def draft(self, delivery: Delivery, *, terse: bool = False) -> tuple[SubscriptionAdded, Message]:
        """Return whom to tell and the message, as of when it was expected; else it is now.

        `terse`: to be sent and not shown, so that for a webhook, which gets the payload, text and HTML are left out.
        Raises NotFound when the subscription or the event is no more, or the way to take is gone.
        """
        if delivery.id not in self._owed:
            self.expect((delivery,))
        owed = self._owed.pop(delivery.id)
        subscription = self._recall.subscribed.current.get(delivery.subscription)
        if subscription is None:
            raise NotFound("subscription removed")
        held = contents(delivery, owed, self._recall)
        letter, thread, answers = self._written(held, subscription)
        whom = self._told_then(held) or subscription
        text, html = ("", "") if terse and whom.channel == "webhook" else (letter.text, letter.html)
        return whom, Message(delivery.id, thread, letter.subject, text, html, letter.payload, answers)

    def _written(self, held: Contents, subscription: SubscriptionAdded) -> tuple[Letter, str, tuple[str, ...]]:
        """Return the message, its thread, and the messages that it answers."""
        delivery = held.delivery
        if delivery.kind != "alert":
            letter, answers = Bulletin(self._log, self._outbox, self._recall, held, subscription).letter()
            return letter, delivery.story or SEVERAL, answers
        if held.corrections:
            return self._correction(held, subscription)
        if held.developments:
            return self._development(held, subscription), delivery.story, ()
        (recorded, *_) = (*held.sources, *held.endpoints)
        if isinstance(recorded.event, EndpointEvent):
            served = self._served(recorded, recorded.event)
            letter = compose_endpoint(recorded, served, subscription, self._fared(recorded))
        else:
            letter = compose_source(self._source(recorded), recorded, subscription)
        return letter, recorded.stream, ()

    def _told_then(self, held: Contents) -> SubscriptionAdded | None:
        """Return the subscription with the way of what is corrected, None where that is the present one.

        What travels with other news is sent with it.
        """
        identity, subscribed = held.delivery.subscription, self._recall.subscribed
        alone = held.delivery.kind == "alert" and held.corrections and not held.developments
        if not alone or identity not in subscribed.former:
            return None
        past = ToldBefore(self._recall, self._outbox, held.delivery, held.delivery.story, held.upto)
        told = (past.corrected(one, subscribed) for one in held.corrections)
        moved = next((one for one in told if one and one.moved), None)
        if moved is None:
            return None
        whom = moved.way
        if whom is None:
            raise NotFound("not sent: the way by which the message that it corrects went was removed")
        for one in self._outbox.troubled():
            if one.state == "disabled" and reaches(one, whom):
                raise NotFound(f"not sent: the {way(one.channel, one.target)} is disabled ({one.last_error})")
        return whom

    def _development(self, held: Contents, subscription: SubscriptionAdded) -> Letter:
        wording = self._recall.wording(held.delivery.story)
        past = ToldBefore(self._recall, self._outbox, held.delivery, held.delivery.story, held.upto)
        events = [past.development(one) for one in held.developments]
        return compose(
            events,
            story=held.delivery.story,
            story_title=wording.title(held.upto),
            claims=wording.of(events, held.upto),
            subscription=subscription,
        )

    def _correction(self, held: Contents, subscription: SubscriptionAdded) -> tuple[Letter, str, tuple[str, ...]]:
        story = held.delivery.story
        wording = self._recall.wording(story)
        past = ToldBefore(self._recall, self._outbox, held.delivery, story, held.upto)
        corrections = [past.correction(one) for one in held.corrections]
        beside = [past.development(one) for one in held.developments]
        answers = tuple(dict.fromkeys(message for one in corrections for _, message in one.said))
        title, thread = wording.title(held.upto), self._thread(answers, story)
        letter = compose_correction(
            corrections,
            _by_entry(beside),
            story=story,
            story_title=title,
            claims=wording.of([*beside, *(one for made in corrections for one, _ in made.said)], held.upto),
            prefix=title if thread == story else "tracker",
            subscription=subscription,
        )
        return letter, thread, answers

    def _thread(self, answers: Sequence[str], story: str) -> str:
        """Return the thread of the message that is corrected: that of its story, unless it was on several."""
        stories = {owed.story for owed in self._outbox.notices(answers[-1:])} if answers else {story}
        return story if stories == {story} else SEVERAL

    def _source(self, recorded: Recorded) -> Source:
        return source_of(self._log.read(upto=recorded.position - 1, stream=recorded.stream))

    def _fared(self, recorded: Recorded) -> EndpointEvent | None:
        """Return what was said of an endpoint before an event."""
        before = None
        for one in self._log.read(upto=recorded.position - 1, stream=recorded.stream):
            before = one.event if isinstance(one.event, EndpointEvent) else before
        return before

    def _served(self, recorded: Recorded, event: EndpointEvent) -> tuple[SubscriptionAdded, ...]:
        """Return the subscriptions that are told over an endpoint, as of its event."""
        endpoint = Endpoint(event.endpoint, event.channel, event.target)
        current = audience_at(self._log, recorded.position).current
        return tuple(one for one in current.values() if reaches(endpoint, one))


def trial_message(subscription: SubscriptionAdded, now: datetime) -> Message:
    """Return the message that proves a subscription's way; each one has an id of its own."""
    letter = trial(subscription, now)
    identity = content_id("test", (subscription.subscription, now.isoformat()))
    return Message(identity, "test", letter.subject, letter.text, letter.html, letter.payload)


def _by_entry(events: Iterable[Recorded]) -> list[list[Recorded]]:
    of: dict[str, list[Recorded]] = {}
    for one in events:
        entry = entry_of(one.event)
        of.setdefault(entry.id if entry else "", []).append(one)
    return [*of.values()]
