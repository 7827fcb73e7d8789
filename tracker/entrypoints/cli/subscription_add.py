"""`tracker subscription add`: who is told, of what, and when."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.entrypoints.cli.context import Context, pass_context
from tracker.entrypoints.cli.names import CLAIM, STORY, SUBSCRIPTION
from tracker.errors import ConfigError

if TYPE_CHECKING:
    from tracker.domain.subscription_events import SubscriptionAdded

ACTOR = "person"
KINDS = ("denied", "removed", "restored", "updated", "new", "revised", "corroborated")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_WHAT = (
    click.option("--kind", multiple=True, type=click.Choice(KINDS), help="Only this kind of development; repeatable."),
    click.option(
        "--standing", type=click.Choice(["reported", "corroborated"]),
        help="corroborated: only what two independent sources stand behind.",
    ),
    click.option(
        "--claim", multiple=True, metavar="ID", type=CLAIM,
        help="Only what bears on this claim of --story; repeatable.",
    ),
    click.option("--language", multiple=True, metavar="CODE", help="Only what is written in it (en); repeatable."),
    click.option("--outlet", multiple=True, metavar="NAME", help="Only what it publishes or says; repeatable."),
)  # fmt: skip
_WHEN = (
    click.option(
        "--every", type=click.Choice(["immediate", "hourly", "daily", "weekly"]),
        help="At once (the default), or one message on all of an hour, a day, a week.",
    ),
    click.option("--at", metavar="HH:MM", help="When a daily or weekly digest is sent; 08:00 otherwise."),
    click.option("--day", type=click.Choice(DAYS, case_sensitive=False), help="Of a weekly digest; monday otherwise."),
    click.option("--zone", metavar="ZONE", help="Whose clock all hours are of: Europe/Paris; UTC otherwise."),
    click.option("--quiet", metavar="FROM-UNTIL", help="Hours in which nothing is sent: 22:00-07:00."),
    click.option(
        "--urgent", multiple=True, type=click.Choice(KINDS), help="A kind sent in quiet hours, too; repeatable."
    ),
    click.option("--group-wait", metavar="TIME", help="Wait so long for more on the same story: 30s, 5m."),
    click.option("--group-interval", metavar="TIME", help="So long at least between two messages on a story."),
)  # fmt: skip


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed((*_WHAT, *_WHEN)):
        command = option(command)
    return command


@click.command(
    epilog="""\b
Of everything, at once:      tracker subscription add --email ada@example.org
Of denials alone:            tracker subscription add --email ada@example.org --kind denied
Once a day:                  tracker subscription add --email ada@example.org --every daily"""
)
@click.option("--email", metavar="ADDRESS", help="Tell this mail address.")
@click.option("--webhook", metavar="URL", help="Tell this web address, signed as Standard Webhooks says.")
@click.option("--chat", metavar="REFERENCE", help="Tell a chat service: where its address is, env:NAME or file:PATH.")
@click.option("--story", "story_id", metavar="ID", type=STORY, help="Only of this story; of all stories otherwise.")
@click.option("--sources", is_flag=True, help="Tell as well when a source fails, falls silent, moves or recovers.")
@click.option("--endpoints", is_flag=True, help="Tell as well when a way to anybody fails or works again.")
@click.option("--person", metavar="NAME", help="Whose this is: when one way to them fails, their others tell it.")
@click.option("--secret", metavar="REFERENCE", help="Where the webhook's secret is: env:NAME or file:PATH.")
@click.option(
    "--id",
    "identity",
    metavar="ID",
    type=SUBSCRIPTION,
    help="What to call the subscription; made from the rest otherwise.",
)
@_options
@pass_context
def add(context: Context, /, *, story_id: str | None, **given: Any) -> None:
    """Tell somebody of developments from now on.

    Of all of them, and at once, unless the options say otherwise. Adding a subscription again with other options
    replaces it: what is not said again is as if never said. One address may have several subscriptions to a story, each
    with its own --id.
    """
    from tracker.application.endpoints import give_chance
    from tracker.application.subscribe import subscribe, subscription_to
    from tracker.application.wish import OnlyGiven, TimingGiven, filter_of, timing_of
    from tracker.config import anchored

    only = filter_of(**_taken(given, OnlyGiven))
    timing = timing_of(**_taken(given, TimingGiven))
    chat = given.pop("chat")
    wanted = subscription_to(
        **given, chat=chat and anchored(chat, Path.cwd()), story=story_id, only=only, timing=timing
    )
    app = context.app()
    added, new = subscribe(app.log, _checked(wanted), ACTOR)
    _warn_of_private(context, added)
    give_chance(app.outbox, (added,), app.clock)
    click.echo(f"{'added' if new else 'already there'} {in_a_line(added)}")
    if new:
        click.echo(f"See that it arrives:  tracker subscription test {added.subscription}", err=True)


def in_a_line(one: "SubscriptionAdded") -> str:
    """Return a subscription as the list shows it."""
    from tracker.rendering.wish import scope

    return f"{one.subscription}  {one.channel}  {one.target}  [{scope(one)}]"


def _taken(given: dict[str, Any], wanted: type) -> Any:
    return {name: given.pop(name) for name in wanted.__annotations__}


def _warn_of_private(context: Context, added: "SubscriptionAdded") -> None:
    """Say that a webhook's address is one of a private network, which the worker refuses unless it is allowed."""
    from urllib.parse import urlsplit

    from tracker.adapters.http.connect import refuse_private_literal
    from tracker.adapters.http.guard import Guard
    from tracker.ports.http import AddressRefused

    if added.channel != "webhook":
        return
    parts = urlsplit(added.target)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        refuse_private_literal(Guard(frozenset(context.settings().worker.allow_private)), parts.hostname or "", port)
    except AddressRefused as error:
        click.echo(f"tracker: {error}; until then the worker sends nothing there", err=True)


def _checked(wanted: "SubscriptionAdded") -> "SubscriptionAdded":
    """Return the subscription with a secret that the worker will find too, from whichever folder it runs."""
    from tracker.adapters.notify.signature import keys
    from tracker.config import anchored, secret

    if wanted.secret is not None:
        wanted = replace(wanted, secret=anchored(wanted.secret, Path.cwd()))
    reference = wanted.target if wanted.channel == "chat" else wanted.secret or ""
    kind, _, name = reference.partition(":")
    if kind not in ("env", "file") or not name or wanted.channel == "email":
        return wanted
    try:
        value = secret(reference)
    except ConfigError as error:
        click.echo(f"tracker: {error}; the worker must find it there", err=True)
        return wanted
    if wanted.channel == "webhook":
        keys(value)
    return wanted
