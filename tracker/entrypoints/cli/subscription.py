"""`tracker subscription`: add, list, remove, test."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tracker.entrypoints.cli.context import Context, pass_context, print_json
from tracker.entrypoints.cli.subscription_add import ACTOR, DAYS, add, in_a_line
from tracker.entrypoints.cli.subscription_test import test

if TYPE_CHECKING:
    from tracker.domain.subscription_events import SubscriptionAdded, Timing


@click.group()
def subscription() -> None:
    """Choose who is told of developments, by mail, webhook or chat."""


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
        click.echo(in_a_line(one))
    if not current:
        click.echo("Nobody is told yet. Add one:  tracker subscription add --email ADDRESS", err=True)


@subscription.command()
@click.argument("identity", metavar="ID|TARGET")
@pass_context
def remove(context: Context, identity: str) -> None:
    """Tell somebody no longer; what is still owed is not sent either."""
    from tracker.application.subscribe import unsubscribe

    ended = unsubscribe(context.app().log, identity, ACTOR)
    click.echo(f"removed {in_a_line(ended)}")


def _row(one: "SubscriptionAdded") -> dict[str, object]:
    where = {"channel": one.channel, "target": one.target, "secret": one.secret}
    also = {"sources": one.sources, "endpoints": one.endpoints, "person": one.person}
    wish = {"only": asdict(one.only), "timing": _times(one.timing)}
    return {"id": one.subscription, **where, "story": one.story, **also, **wish}


def _times(timing: "Timing") -> dict[str, object]:
    """Return a timing without what has no meaning in it."""
    digest = {"at": timing.at} if timing.every in {"daily", "weekly"} else {}
    day = {"day": DAYS[timing.day]} if timing.every == "weekly" else {}
    return asdict(timing) | {"at": None, "day": None} | digest | day


subscription.add_command(add)
subscription.add_command(test)
