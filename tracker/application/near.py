"""What to say of a name that there is not: those that come nearest, else where they are listed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tracker.errors import NotFound

if TYPE_CHECKING:
    from tracker.domain.routing import Subscriptions
    from tracker.ports.feeds import FeedState
    from tracker.ports.log import EventLog

_FEW = 3
_ALIKE = 0.6


def near(wanted: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return "; did you mean A or B?" for names that come near what was typed, else "; " with `otherwise`, if any.

    A name that begins as it was typed comes near, and capitals make no difference.
    """
    typed = wanted.casefold()
    likeness = {name: _likeness(typed, name.casefold()) for name in known}
    found = sorted((name for name in likeness if likeness[name] >= _ALIKE), key=lambda name: (-likeness[name], name))[
        :_FEW
    ]
    if found:
        return f"; did you mean {' or '.join(found)}?"
    return f"; {otherwise}" if otherwise else ""


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


def _likeness(typed: str, name: str) -> float:
    """Return how near a name comes to what was typed, from 0 to 1."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - who has typed well pays nothing

    begun = _ALIKE if typed and name.startswith(typed) else 0.0
    return max(begun, SequenceMatcher(None, typed, name).ratio())
