"""`tracker alert`: list, show, retry, route."""

from typing import TYPE_CHECKING, Any

import click

from tracker.entrypoints.cli.alert_route import route
from tracker.entrypoints.cli.context import Context, pass_context, print_json
from tracker.errors import NotFound, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.ports.outbox import Delivery, Outbox, State

_SEARCHED = 100_000


@click.group()
def alert() -> None:
    """See which alerts went out, and send one again."""


@alert.command("list")
@click.option("--state", type=click.Choice(["pending", "delivered", "dead"]), help="Only these.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def list_(context: Context, state: "State | None", as_json: bool) -> None:
    """List the last hundred deliveries, newest first."""
    found = context.app().outbox.deliveries(state)
    if as_json:
        print_json({"schema_version": 1, "deliveries": [_row(one) for one in found]})
        return
    for one in found:
        click.echo(f"{one.id}  {one.story or 'all stories'}  to {one.subscription}  {_how(one)}")
    if not found:
        click.echo("No delivery." if state is None else f"No delivery is {state}.", err=True)


@alert.command()
@click.argument("delivery_id", metavar="ID")
@pass_context
def show(context: Context, delivery_id: str) -> None:
    """Show one delivery, how it stands, and the message itself. The beginning of an id is enough."""
    from tracker.application.drafts import Drafts

    app = context.app()
    one = _find(app.outbox, delivery_id)
    for name, value in _row(one).items():
        if value is not None:
            click.echo(f"{name.replace('_', ' ')}: {value}")
    try:
        target, message = Drafts(app.log, app.outbox).draft(one)
    except NotFound as missing:
        click.echo(f"\nno message: {missing}")
        return
    click.echo(f"to: {target.target}\nsubject: {message.subject}\n\n{message.text}", nl=False)


@alert.command()
@click.argument("delivery_id", metavar="ID")
@pass_context
def retry(context: Context, delivery_id: str) -> None:
    """Make a delivery due again, from the first attempt.

    The worker or `tracker poll` sends it.
    """
    app = context.app()
    one = _find(app.outbox, delivery_id)
    app.outbox.retry(one.id, app.clock())
    click.echo(f"due again {one.id}")


def _find(outbox: "Outbox", wanted: str) -> "Delivery":
    found = [one for one in outbox.deliveries(limit=_SEARCHED) if one.id.startswith(wanted)]
    exact = [one for one in found if one.id == wanted]
    if not found:
        raise NotFound(f"no delivery {wanted}; `tracker alert list` shows them")
    if len(found) > 1 and not exact:
        raise UsageError(f"{wanted} begins {len(found)} ids; give more of it")
    return (exact or found)[0]


def _how(one: "Delivery") -> str:
    from tracker.rendering.phrases import count

    if one.state == "delivered":
        return f"delivered {_minute(one.delivered_at)}"
    if one.state == "dead":
        return f"given up after {count(one.attempts, 'attempt')}: {one.last_error}"
    failed = f", failed {count(one.attempts, 'time')}: {one.last_error}" if one.last_error else ""
    return f"due {_minute(one.due_at)}{failed}"


def _row(one: "Delivery") -> dict[str, Any]:
    from tracker.projections.rows import stamp_or_none

    return {
        "id": one.id,
        "state": one.state,
        "subscription": one.subscription,
        "story": one.story or None,
        "position": one.position,
        "attempts": one.attempts,
        "created_at": stamp_or_none(one.created_at),
        "due_at": stamp_or_none(one.due_at) if one.state == "pending" else None,
        "delivered_at": stamp_or_none(one.delivered_at),
        "last_error": one.last_error,
    }


def _minute(moment: "datetime | None") -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""


alert.add_command(route)
