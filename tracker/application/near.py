"""What to say of a name that there is not: those that come nearest, else where they are listed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tracker.errors import NotFound
from tracker.rendering.near import near

if TYPE_CHECKING:
    from tracker.domain.routing import Subscriptions
    from tracker.ports.feeds import FeedState
    from tracker.ports.log import EventLog


def no_story(log: "EventLog", story: str) -> NotFound:
    """Return the error for a story that was never opened, with those that come nearest."""
    from tracker.domain.events import StoryOpened  # noqa: PLC0415 - so that a slip in a command is told at once

    opened = (recorded.event.story for recorded in log.read() if isinstance(recorded.event, StoryOpened))
    return NotFound(f"no story {story}{near(story, opened, '`tracker story list` shows them')}")


def no_claim(story: str, claim: str, claims: Iterable[str]) -> NotFound:
    """Return the error for a claim that a story does not hold."""
    listed = f"`tracker story claims {story}` shows them"
    return NotFound(f"story {story} has no claim {claim}{near(claim, claims, listed)}")


def no_feed(feeds: "Iterable[FeedState]", wanted: str) -> NotFound:
    """Return the error for a source that is not followed, by its id or its address."""
    known = (name for feed in feeds for name in (feed.id, feed.url))
    return NotFound(f"no feed {wanted}{near(wanted, known, '`tracker feed list` shows them')}")


def no_subscription(held: "Subscriptions", wanted: str) -> NotFound:
    """Return the error for a subscription that there is not, by its id or its target."""
    known = (name for one in held.current.values() for name in (one.subscription, one.target))
    return NotFound(f"no subscription {wanted}{near(wanted, known, '`tracker subscription list` shows them')}")
