"""The foot of a message: why somebody gets it, how to hear less, and what makes the reader a witness of the log."""

from collections.abc import Collection, Iterator

from tracker.domain.subscription_events import SubscriptionAdded
from tracker.rendering.phrases import PROOF
from tracker.rendering.plain import line
from tracker.rendering.view import Head
from tracker.rendering.wish import conditions, rhythm

ENDING = "To end it: "
"""How the line begins that says how to end a subscription."""

_SHOWN = 8
_LONGEST = 300


def footer(
    subscription: SubscriptionAdded, story: str | None, positions: Collection[int], head: Head
) -> tuple[str, ...]:
    """Return the foot of a message on developments of a story, None for several."""
    return (*why(subscription, story), recorded(positions or [head.position]), *witness(head))


def why(subscription: SubscriptionAdded, story: str | None) -> Iterator[str]:
    """Yield why somebody is told, how to have peace for a while, and how to end it."""
    yield f"You get this because subscription {subscription.subscription} follows {_follows(subscription)}."
    if story is not None:
        only = f"--subscription {subscription.subscription}"
        yield f"To mute this story for three days: tracker mute story {line(story)} --for 3d {only}"
    yield ending(subscription)


def ending(subscription: SubscriptionAdded) -> str:
    """Return how to end a subscription."""
    return f"{ENDING}tracker subscription remove {subscription.subscription}"


def recorded(positions: Collection[int]) -> str:
    """Return where in the log it stands, and how to have it explained."""
    first, *others = sorted({*positions})
    left = len(others) - _SHOWN
    more = f" and {left} more" if left > 0 else ""
    also = f" (also {', '.join(map(str, others[:_SHOWN]))}{more})" if others else ""
    return f"Recorded in the log at position {first}: tracker why {first}{also}"


def witness(head: Head) -> tuple[str, str]:
    """Return the head of the log that makes the reader a witness, and what it is good for."""
    return f"Head of the log at position {head.position}: {head.hash}", f"({PROOF})"


def _follows(subscription: SubscriptionAdded) -> str:
    whom = "every story" if subscription.story is None else f"the story {line(subscription.story)}"
    asked = (line(one, _LONGEST) for one in (*conditions(subscription.only), *rhythm(subscription.timing)))
    return "; ".join((whom, *asked))
