"""What a subscription asks for, in words."""

from collections.abc import Iterator

from tracker.domain.subscription_events import Filter, SubscriptionAdded, Timing
from tracker.rendering.plain import line

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def scope(one: SubscriptionAdded) -> str:
    """Return what a subscription is told of and when, parted by semicolons: the story first, then what is special."""
    return "; ".join((line(one.story) or "all stories", *_beyond(one), *conditions(one.only), *rhythm(one.timing)))


def rhythm(timing: Timing) -> Iterator[str]:
    """Yield what is special about when somebody is told; nothing for at once, at any hour."""
    match timing.every:
        case "hourly":
            yield f"hourly ({timing.zone})"
        case "daily":
            yield f"daily at {timing.at} {timing.zone}"
        case "weekly":
            yield f"weekly on {DAYS[timing.day]} at {timing.at} {timing.zone}"
    if timing.quiet is not None:
        urgent = f", not for {', '.join(timing.urgent)}" if timing.urgent else ""
        yield f"quiet {'-'.join(timing.quiet)} {timing.zone}{urgent}"
    if timing.group_wait:
        yield f"waits {duration(timing.group_wait)} for company"
    if timing.group_interval:
        yield f"{duration(timing.group_interval)} between messages on a story"


def duration(seconds: float) -> str:
    """Return a duration as `tracker subscription add` takes it, in the largest unit that holds it whole."""
    for unit, length in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds and not seconds % length:
            return f"{seconds / length:g}{unit}"
    return f"{seconds:g}s"


def _beyond(one: SubscriptionAdded) -> Iterator[str]:
    if one.sources:
        yield "sources too"
    if one.endpoints:
        yield "failing ways too"
    if one.person:
        yield f"person {line(one.person)}"


def conditions(only: Filter) -> Iterator[str]:
    """Yield what a filter lets through; nothing for everything."""
    if only.kinds:
        yield f"only {', '.join(only.kinds)}"
    if only.standing != "reported":
        yield f"only what is {only.standing}"
    for name, values in (("claim", only.claims), ("language", only.languages), ("outlet", only.outlets)):
        if values:
            yield f"{name} {', '.join(map(line, values))}"
