"""`tracker subscription`: add, list, remove, test."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.entrypoints.cli.context import Context, pass_context, print_json
from tracker.errors import ConfigError, TrackerError

if TYPE_CHECKING:
    from tracker.domain.subscription_events import SubscriptionAdded

ACTOR = "person"


@click.group()
def subscription() -> None:
    """Choose who is told of developments, by mail or webhook."""


@subscription.command()
@click.option("--email", metavar="ADDRESS", help="Tell this mail address.")
@click.option("--webhook", metavar="URL", help="Tell this web address, signed as Standard Webhooks says.")
@click.option("--story", "story_id", metavar="ID", help="Only of this story; of all stories otherwise.")
@click.option("--sources", is_flag=True, help="Tell as well when a source fails, falls silent, moves or recovers.")
@click.option("--secret", metavar="REFERENCE", help="Where the webhook's secret is: env:NAME or file:PATH.")
@click.option("--id", "identity", metavar="ID", help="What to call the subscription; made from the rest otherwise.")
@pass_context
def add(
    context: Context,
    *,
    email: str | None,
    webhook: str | None,
    story_id: str | None,
    sources: bool,
    secret: str | None,
    identity: str | None,
) -> None:
    """Tell somebody of developments from now on.

    Adding a subscription again with other options changes it: without --sources it is to developments only.
    """
    from tracker.application.subscribe import subscribe, subscription_to

    wanted = subscription_to(
        email=email, webhook=webhook, story=story_id, secret=secret, sources=sources, identity=identity
    )
    app = context.app()
    wanted = _checked(wanted)
    added, new = subscribe(app.log, wanted, ACTOR)
    click.echo(f"{'added' if new else 'already there'} {_line(added)}")
    if new:
        click.echo(f"See that it arrives:  tracker subscription test {added.subscription}", err=True)


@subscription.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def list_(context: Context, as_json: bool) -> None:
    """List who is told of what."""
    from tracker.application.subscribe import subscriptions

    current = tuple(subscriptions(context.app().log).current.values())
    if as_json:
        print_json({"schema_version": 1, "subscriptions": [_row(one) for one in current]})
        return
    for one in current:
        click.echo(_line(one))
    if not current:
        click.echo("Nobody is told yet. Add one:  tracker subscription add --email ADDRESS", err=True)


@subscription.command()
@click.argument("identity", metavar="ID|TARGET")
@pass_context
def remove(context: Context, identity: str) -> None:
    """Tell somebody no longer; what is still owed is not sent either."""
    from tracker.application.subscribe import unsubscribe

    ended = unsubscribe(context.app().log, identity, ACTOR)
    click.echo(f"removed {_line(ended)}")


@subscription.command()
@click.argument("identity", metavar="ID|TARGET")
@pass_context
def test(context: Context, identity: str) -> None:
    """Send a real test message now, once, and say how it ended."""
    from tracker.application.drafts import trial_message
    from tracker.application.subscribe import find_subscription, subscriptions

    app = context.app()
    wanted = find_subscription(subscriptions(app.log), identity)
    notifier = app.notifiers.get(wanted.channel)
    if notifier is None:
        raise ConfigError("no mail server is configured: set mail.host in the config file, or TRACKER_MAIL_HOST")
    attempt = notifier.send(wanted, trial_message(wanted, app.clock()))
    if attempt.outcome != "delivered":
        raise TrackerError(f"not delivered to {wanted.target}: {attempt.detail}")
    click.echo(f"delivered to {wanted.target}: {attempt.detail}")


def _checked(wanted: "SubscriptionAdded") -> "SubscriptionAdded":
    """Return the subscription with a secret that the worker will find too, from whichever folder it runs."""
    from tracker.adapters.notify.signature import keys
    from tracker.config import secret

    kind, _, name = (wanted.secret or "").partition(":")
    if kind == "file" and name:
        wanted = replace(wanted, secret=f"file:{Path(name).expanduser().resolve()}")
    if kind not in ("env", "file") or not name or wanted.channel != "webhook":
        return wanted
    try:
        value = secret(wanted.secret or "")
    except ConfigError as error:
        click.echo(f"tracker: {error}; the worker must find it there", err=True)
        return wanted
    keys(value)
    return wanted


def _row(one: "SubscriptionAdded") -> dict[str, str | bool | None]:
    where = {"channel": one.channel, "target": one.target, "secret": one.secret}
    return {"id": one.subscription, **where, "story": one.story, "sources": one.sources}


def _line(one: "SubscriptionAdded") -> str:
    scope = (one.story or "all stories") + ("; sources too" if one.sources else "")
    return f"{one.subscription}  {one.channel}  {one.target}  [{scope}]"
