"""`tracker subscription`: add, list, remove, test."""

import click

from tracker.entrypoints.cli.context import Context, json_option, pass_context, print_json
from tracker.entrypoints.cli.names import SUBSCRIPTION
from tracker.entrypoints.cli.subscription_add import ACTOR, add, in_a_line
from tracker.entrypoints.cli.subscription_test import test


@click.group()
def subscription() -> None:
    """Choose who is told of developments, by mail, webhook or chat."""


@subscription.command("list")
@json_option
@pass_context
def list_(context: Context, as_json: bool) -> None:
    """List who is told of what."""
    from tracker.application.subscribe import subscriptions
    from tracker.entrypoints.cli.awaited import awaited
    from tracker.entrypoints.documents import audience

    app = context.existing()
    current = tuple(subscriptions(app.log).current.values())
    if as_json:
        print_json(audience.subscriptions(current))
        return
    for one in current:
        click.echo(in_a_line(one))
    waits = awaited(app)[1]
    if waits:
        click.echo(waits, err=True)
    elif not current:
        click.echo("Nobody is told yet. Add one:  tracker subscription add --email ADDRESS", err=True)


@subscription.command()
@click.argument("identity", metavar="ID|TARGET", type=SUBSCRIPTION)
@pass_context
def remove(context: Context, identity: str) -> None:
    """Tell somebody no longer; what is still owed is not sent either."""
    from tracker.application.subscribe import unsubscribe

    ended = unsubscribe(context.existing().log, identity, ACTOR)
    click.echo(f"removed {in_a_line(ended)}")


subscription.add_command(add)
subscription.add_command(test)
