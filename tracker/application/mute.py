"""Commands on mutes: something is not told for a while, or is told again."""

from datetime import datetime
from typing import Literal

from tracker.application.near import no_subscription
from tracker.application.retry import retried
from tracker.application.subscribe import append_alert, check_claims, subscriptions
from tracker.domain.mutes import in_force, mute_id
from tracker.domain.subscription_events import MuteLifted, MuteSet
from tracker.errors import NotFound, UsageError
from tracker.ports.log import EventLog
from tracker.rendering.near import near

_LONGEST_NAME = 200


def mute_of(
    *,
    story: str | None = None,
    claim: str | None = None,
    outlet: str | None = None,
    until: datetime | None = None,
    subscription: str | None = None,
) -> MuteSet:
    """Return the wish to hear nothing of a story, of a claim of it, or of an outlet (of a story, or of every one).

    Raises UsageError for what names none of them.
    """
    if outlet is not None:
        outlet = outlet.strip()
        if not outlet or not outlet.isprintable() or len(outlet) > _LONGEST_NAME:
            raise UsageError("an outlet has a name that can be printed")
        return MuteSet(
            mute_id("outlet", story, outlet.casefold(), subscription), "outlet", story, outlet, until, subscription
        )
    if story is None:
        raise UsageError("what is muted is a story, a claim of a story, or an outlet")
    what: Literal["story", "claim"] = "story" if claim is None else "claim"
    return MuteSet(mute_id(what, story, claim, subscription), what, story, claim, until, subscription)


@retried
def mute(log: EventLog, wanted: MuteSet, now: datetime, actor: str) -> bool:
    """Record that something is not told until a moment, None: until it is lifted; return whether that is new.

    The same again with another end replaces the end. Raises UsageError for an end that is past, NotFound for a story, a
    claim or a subscription that is not there.
    """
    if wanted.until is not None and wanted.until <= now:
        raise UsageError(f"{wanted.until:%Y-%m-%d %H:%M} UTC is past: what is muted is muted until a moment to come")
    check_claims(log, wanted.story, (wanted.about,) if wanted.what == "claim" and wanted.about else ())
    held = subscriptions(log)
    if wanted.subscription is not None and wanted.subscription not in held.current:
        raise no_subscription(held, wanted.subscription)
    if held.mutes.get(wanted.mute) == wanted:
        return False
    append_alert(log, held.version, wanted.mute, wanted, actor)
    return True


@retried
def lift(log: EventLog, identity: str, now: datetime, actor: str) -> MuteSet:
    """Record that a mute ends before its time; return it. Raises NotFound for one that is not in force."""
    held = subscriptions(log)
    found = next((one for one in in_force(held.mutes.values(), now) if one.mute == identity), None)
    if found is None:
        known = [one.mute for one in in_force(held.mutes.values(), now)]
        raise NotFound(f"no mute {identity} is in force{near(identity, known, '`tracker mute list` shows them')}")
    append_alert(log, held.version, identity, MuteLifted(identity), actor)
    return found


def mutes(log: EventLog, now: datetime) -> tuple[MuteSet, ...]:
    """Return the mutes in force at a moment, in the order in which they were set."""
    return in_force(subscriptions(log).mutes.values(), now)
