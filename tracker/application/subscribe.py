"""Commands on subscriptions: somebody wants to be told, or to be told no longer."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from tracker.application.near import no_claim, no_story, no_subscription
from tracker.application.retry import retried
from tracker.domain.events import NewEvent, story_stream
from tracker.domain.ids import content_id
from tracker.domain.routing import Subscriptions, fold_subscriptions, subscription_id
from tracker.domain.story import fold
from tracker.domain.subscription_events import (
    ALERTS,
    AlertEvent,
    Channel,
    Filter,
    SubscriptionAdded,
    SubscriptionRemoved,
    Timing,
)
from tracker.errors import UsageError
from tracker.ports.log import EventLog

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_REFERENCE = re.compile(r"(env|file):.+")
_LONGEST = 2000


def subscriptions(log: EventLog) -> Subscriptions:
    """Return who is told of what, as of now, from the beginning of the log: see `audience.Audience` for many looks."""
    return fold_subscriptions(log.read(stream=ALERTS))


@retried
def subscribe(
    log: EventLog, wanted: SubscriptionAdded, actor: str, *, again: bool = True
) -> tuple[SubscriptionAdded, bool]:
    """Record that somebody wants to be told; return the subscription, and whether it is new or changed.

    Adding the same again changes nothing; with something else under the same id it replaces the old one.
    `again` False leaves one alone that was removed once: a config file must not bring back what a reader ended.
    Raises UsageError for a target or secret that cannot be used, NotFound for a story or claim that is not there.
    """
    check_wish(log, wanted)
    held = subscriptions(log)
    if held.current.get(wanted.subscription) == wanted or (not again and wanted.subscription in held.removed):
        return wanted, False
    append_alert(log, held.version, wanted.subscription, wanted, actor)
    return wanted, True


def check_wish(log: EventLog, wanted: SubscriptionAdded) -> None:
    """Raise UsageError for a target or secret that cannot be used, NotFound for a story or claim that is not there."""
    check_target(wanted)
    check_claims(log, wanted.story, wanted.only.claims)


@retried
def unsubscribe(log: EventLog, identity: str, actor: str) -> SubscriptionAdded:
    """Record that somebody wants to be told no longer; return the subscription that ended. Raises NotFound."""
    held = subscriptions(log)
    ended = find_subscription(held, identity)
    append_alert(log, held.version, ended.subscription, SubscriptionRemoved(ended.subscription), actor)
    return ended


def find_subscription(held: Subscriptions, identity: str) -> SubscriptionAdded:
    """Return the subscription of that id, or the only one to that address. Raises NotFound, UsageError."""
    found: Sequence[SubscriptionAdded] = [
        one for one in held.current.values() if identity in (one.subscription, one.target)
    ]
    if not found:
        raise no_subscription(held, identity)
    if len(found) > 1:
        ids = ", ".join(one.subscription for one in found)
        raise UsageError(f"{identity} has several subscriptions: name one of {ids}")
    return found[0]


def subscription_to(
    *,
    email: str | None = None,
    webhook: str | None = None,
    chat: str | None = None,
    story: str | None = None,
    secret: str | None = None,
    sources: bool = False,
    person: str | None = None,
    endpoints: bool = False,
    only: Filter = Filter(),  # noqa: B008 - frozen
    timing: Timing = Timing(),  # noqa: B008 - frozen
    identity: str | None = None,
) -> SubscriptionAdded:
    """Return the wish for a mail, a webhook or a chat message. Raises UsageError unless exactly one is named."""
    targets: dict[Channel, str | None] = {"email": email, "webhook": webhook, "chat": chat}
    named = [(channel, target) for channel, target in targets.items() if target is not None]
    if len(named) != 1:
        raise UsageError("a subscription goes to either --email ADDRESS, --webhook URL or --chat REFERENCE")
    ((channel, target),) = named
    name = subscription_id(channel, target, story) if identity is None else identity
    return SubscriptionAdded(name, channel, target, story, secret, sources, person, endpoints, only, timing)


def check_claims(log: EventLog, story: str | None, claims: Sequence[str]) -> None:
    """Raise NotFound for a story that was never opened or a claim that it does not hold, UsageError for one of none."""
    if story is None:
        if claims:
            raise UsageError("a claim is one of a story: name the story, too")
        return
    told = fold(log.read(stream=story_stream(story), limit=None if claims else 1))
    if told is None:
        raise no_story(log, story)
    unknown = next((claim for claim in claims if claim not in told.claims), None)
    if unknown is not None:
        raise no_claim(story, unknown, told.claims)


def append_alert(log: EventLog, version: int, about: str, event: AlertEvent, actor: str) -> None:
    """Append what a person or a config file asks for to the stream whose version was read. Raises Conflict."""
    identity = content_id("alerts", (type(event).__name__, about, str(version)))
    log.append(ALERTS, version, (NewEvent(identity, event, actor),))


def check_target(wanted: SubscriptionAdded) -> None:
    """Raise UsageError for an id, a target or a secret that cannot be used."""
    if not re.fullmatch(r"[\w.-]{1,64}", wanted.subscription):
        raise UsageError("an id of a subscription is at most 64 letters, digits, dots, dashes and underscores")
    if wanted.person is not None and not (wanted.person.strip() and wanted.person.isprintable()):
        raise UsageError("a person has a name that can be printed")
    checks = {"email": _check_email, "webhook": _check_webhook, "chat": _check_chat}
    checks[wanted.channel](wanted)


def _check_email(wanted: SubscriptionAdded) -> None:
    if len(wanted.target) > 254 or not _ADDRESS.fullmatch(wanted.target):  # noqa: PLR2004 - RFC 5321, 4.5.3.1
        raise UsageError(f"{wanted.target!r} is no mail address of the form name@example.org")
    if wanted.secret is not None:
        raise UsageError("a secret signs webhooks; a mail has none")


def _check_chat(wanted: SubscriptionAdded) -> None:
    if not _REFERENCE.fullmatch(wanted.target):
        raise UsageError(
            "the address of a chat service is a secret: give it as env:NAME or file:PATH, never as a value"
        )
    if wanted.secret is not None:
        raise UsageError("a secret signs webhooks; a chat message has none")


def _check_webhook(wanted: SubscriptionAdded) -> None:
    if "@" in re.split(r"[/?#]", wanted.target.partition("//")[2])[0]:
        raise UsageError("an address of the form https://host/path has no user name and no password: the log keeps it")
    if not _is_web_address(wanted.target):
        raise UsageError(f"{wanted.target!r} is no address of the form https://host/path")
    if wanted.secret is None:
        raise UsageError(
            "a webhook is signed: put a secret into a file that only you can read, "
            "(umask 077; echo whsec_$(openssl rand -base64 32) > hook.secret), and give --secret file:hook.secret"
        )
    if not _REFERENCE.fullmatch(wanted.secret):
        raise UsageError("a secret is given as env:NAME or file:PATH, never as a value")


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    printable = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    return bool(host) and parts.scheme in ("http", "https") and printable and len(url) <= _LONGEST
