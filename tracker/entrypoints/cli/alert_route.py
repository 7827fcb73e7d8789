"""`tracker alert route`: who is told of an event, who is not, and why."""

from typing import TYPE_CHECKING

import click

from tracker.entrypoints.cli.context import POSITION, Context, json_option, pass_context, print_json

if TYPE_CHECKING:
    from tracker.application.explain_route import Fare

_WAITS = {"quiet": "quiet hours", "digest": "its digest", "group": "company"}


@click.command()
@click.argument("position", type=POSITION)
@json_option
@pass_context
def route(context: Context, position: int, as_json: bool) -> None:
    """Say who is told of the event at POSITION, and why.

    Also when, and over which channel. Subscriptions and mutes are taken as they stood then. Nothing is written or sent.
    """
    from tracker.application.explain_route import explain_route
    from tracker.entrypoints.documents.audience import route as document

    found = explain_route(context.existing(), position)
    if as_json:
        print_json(document(found))
        return
    if found.nobody is not None:
        click.echo(f"Nobody is told of #{position}: {found.nobody}.")
    elif not found.fares:
        click.echo(f"Nobody is told of #{position}: there was no subscription.")
    for fare in found.fares:
        click.echo(_lines(fare))


def _lines(fare: "Fare") -> str:
    from tracker.rendering.plain import line

    one, told = fare.subscription, fare.ruling.told
    when = _when(fare) if told else "not told"
    what = f"{one.subscription}  {one.channel}  {line(one.target)}  {when}"
    return f"{what}\n    {line(fare.ruling.why)}{_outbox(fare)}"


def _when(fare: "Fare") -> str:
    if fare.waits is None:
        return "told at once"
    held, until = fare.waits
    return f"told, held for {_WAITS[held]} until {until:%Y-%m-%d %H:%M:%S} UTC at the least"


def _outbox(fare: "Fare") -> str:
    """Return what became of it so far, where it is told."""
    if not fare.ruling.told and fare.owed is None:
        return ""
    if fare.owed is None:
        return "; the outbox holds nothing of it"
    if fare.owed.dropped:
        return f"; not sent: {fare.owed.dropped}"
    return f"; message {fare.owed.delivery}" if fare.owed.delivery else "; waits for its message"
