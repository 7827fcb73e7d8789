"""The foot of a message: why somebody gets it, how to hear less, and what makes the reader a witness of the log."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from tracker.domain.subscription_events import DevelopmentKind, Filter, SubscriptionAdded, Timing
from tracker.rendering.phrases import PROOF
from tracker.rendering.plain import line
from tracker.rendering.view import Head

_KINDS: Mapping[DevelopmentKind, str] = {
    "denied": "denials",
    "removed": "removals",
    "restored": "what is put back",
    "updated": "updates",
    "new": "what is new",
    "revised": "edits",
    "corroborated": "confirmations",
}
_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_SHOWN = 8


def footer(
    subscription: SubscriptionAdded, story: str | None, positions: Collection[int], head: Head
) -> tuple[str, ...]:
    """Return the foot of a message on developments of a story, None for several."""
    return (*why(subscription, story), recorded(positions), *witness(head))


def why(subscription: SubscriptionAdded, story: str | None) -> Iterator[str]:
    """Yield why somebody is told, how to have peace for a while, and how to end it."""
    yield f"You get this because subscription {subscription.subscription} follows {_follows(subscription)}."
    if story is not None:
        yield f"To mute this story for three days: tracker mute story {line(story)} --for 3d"
    yield ending(subscription)


def ending(subscription: SubscriptionAdded) -> str:
    """Return how to end a subscription."""
    return f"To end it: tracker subscription remove {subscription.subscription}"


def recorded(positions: Collection[int]) -> str:
    """Return where in the log it stands, and how to have it explained."""
    ordered = sorted(positions)
    shown = ", ".join(map(str, ordered[:_SHOWN]))
    rest = f" and {len(ordered) - _SHOWN} more" if len(ordered) > _SHOWN else ""
    return f"Recorded in the log at position {shown}{rest}: tracker why POSITION explains it."


def witness(head: Head) -> tuple[str, str]:
    """Return the head of the log that makes the reader a witness, and what it is good for."""
    return f"Head of the log at position {head.position}: {head.hash}", f"({PROOF})"


def _follows(subscription: SubscriptionAdded) -> str:
    whom = "every story" if subscription.story is None else f"the story {line(subscription.story)}"
    return "; ".join((f"{whom}{_only(subscription.only)}", *_when(subscription.timing)))


def _only(only: Filter) -> str:
    """Return what a filter lets through, after a colon; "" where that is everything."""
    asked = [
        _listed(_KINDS[kind] for kind in only.kinds),
        f"of claim {_listed(only.claims)}" if only.claims else "",
        f"in {_listed(only.languages)}" if only.languages else "",
        f"from {_listed(only.outlets)}" if only.outlets else "",
        "once two independent sources stand behind it" if only.standing == "corroborated" else "",
    ]
    given = [line(one, 200) for one in asked if one]
    return f": only {', '.join(given)}" if given else ""


def _when(timing: Timing) -> Iterator[str]:
    zone = line(timing.zone)
    match timing.every:
        case "hourly":
            yield "once an hour"
        case "daily":
            yield f"daily at {timing.at} {zone}"
        case "weekly":
            yield f"on {_DAYS[timing.day]} at {timing.at} {zone}"
        case _ if timing.group_wait or timing.group_interval:
            yield "grouped"
        case _:
            pass
    if timing.quiet:
        first, last = timing.quiet
        urgent = f" but for {_listed(_KINDS[kind] for kind in timing.urgent)}" if timing.urgent else ""
        yield f"quiet from {first} to {last} {zone}{urgent}"


def _listed(words: Iterable[str]) -> str:
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last
