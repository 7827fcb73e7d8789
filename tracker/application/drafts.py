"""From a delivery that is owed to the message that is sent."""

from datetime import datetime

from tracker.application.subscribe import subscriptions
from tracker.domain.events import Recorded, story_stream
from tracker.domain.ids import content_id
from tracker.domain.routing import worth_telling
from tracker.domain.source import SourceEvent, source_of
from tracker.domain.story import Story, evolve
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.errors import NotFound
from tracker.ports.log import EventLog
from tracker.ports.notify import Message
from tracker.ports.outbox import Delivery, Outbox
from tracker.rendering.alert import Letter, compose, trial
from tracker.rendering.alert_source import compose_source


class Drafts:
    """Writes messages out of the log alone, as it stood at the development: a retry repeats what was sent.

    A story is folded once and then brought forward, so that a round of many alerts reads each event once.
    """

    def __init__(self, log: EventLog, outbox: Outbox) -> None:
        self._log = log
        self._outbox = outbox
        self._stories: dict[str, tuple[int, Story]] = {}

    def draft(self, delivery: Delivery) -> tuple[SubscriptionAdded, Message]:
        """Return whom to tell and the message. Raises NotFound when the subscription or the event is no more."""
        subscription = subscriptions(self._log).current.get(delivery.subscription)
        if subscription is None:
            raise NotFound("subscription removed")
        first = next(self._log.read(after=delivery.position - 1, limit=1), None)
        if first is not None and isinstance(first.event, SourceEvent):
            letter, thread = self._on_source(first, subscription), first.stream
        else:
            letter, thread = self._on_story(delivery, subscription), delivery.story
        return subscription, Message(delivery.id, thread, letter.subject, letter.text, letter.html, letter.payload)

    def _on_source(self, recorded: Recorded, subscription: SubscriptionAdded) -> Letter:
        before = source_of(self._log.read(upto=recorded.position - 1, stream=recorded.stream))
        return compose_source(before, recorded, subscription)

    def _on_story(self, delivery: Delivery, subscription: SubscriptionAdded) -> Letter:
        events = self._developments(delivery)
        story = self._story(delivery.story, events[-1].position)
        return compose(
            events,
            story=story.id,
            story_title=story.title,
            claims={claim_id: claim.original.text for claim_id, claim in story.claims.items()},
            subscription=subscription,
        )

    def _developments(self, delivery: Delivery) -> tuple[Recorded, ...]:
        """Return the developments that the message holds."""
        positions = {one.position for one in self._outbox.notices((delivery.id,))}
        found = self._log.read(
            after=delivery.position - 1, upto=max(positions, default=0), stream=story_stream(delivery.story)
        )
        events = tuple(event for event in found if event.position in positions and worth_telling(event.event))
        if not events:
            raise NotFound(f"no development of story {delivery.story} at position {delivery.position}")
        return events

    def _story(self, story_id: str, upto: int) -> Story:
        position, known = self._stories.get(story_id, (0, None))
        if position > upto:
            position, known = 0, None
        story = evolve(known, self._log.read(after=position, upto=upto, stream=story_stream(story_id)))
        assert story is not None, "a story that holds a development"
        self._stories[story_id] = (upto, story)
        return story


def trial_message(subscription: SubscriptionAdded, now: datetime) -> Message:
    """Return the message that proves a subscription's way; each one has an id of its own."""
    letter = trial(subscription, now)
    identity = content_id("test", (subscription.subscription, now.isoformat()))
    return Message(identity, "test", letter.subject, letter.text, letter.html, letter.payload)
