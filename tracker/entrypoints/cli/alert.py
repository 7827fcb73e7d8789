"""`tracker alert`: list, show, retry, replay, endpoints, route."""

from typing import TYPE_CHECKING

import click

from tracker.entrypoints.cli.alert_again import replay, retry
from tracker.entrypoints.cli.alert_endpoints import endpoints
from tracker.entrypoints.cli.alert_route import route
from tracker.entrypoints.cli.alert_rows import delivery_line, found_by_id, notice_line
from tracker.entrypoints.cli.alert_rows import tries as tries_of
from tracker.entrypoints.cli.context import Context, json_option, pass_context, print_json
from tracker.entrypoints.cli.names import STORY, SUBSCRIPTION
from tracker.entrypoints.cli.times import Moment
from tracker.errors import NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.entrypoints.documents.deliveries import Message
    from tracker.ports.outbox import Delivery, Outbox, Sought

_STATES = ("pending", "delivered", "dead", "waiting")


@click.group()
def alert() -> None:
    """See which alerts went out, and send some again."""


@alert.command("list")
@click.option("--state", type=click.Choice(_STATES), help="Only these; waiting: not yet in a message.")
@click.option("--story", metavar="ID", type=STORY, help="Only of this story.")
@click.option("--subscription", metavar="ID", type=SUBSCRIPTION, help="Only to this subscription.")
@click.option("--since", type=Moment(), metavar="T", help="Only what was owed at T or later.")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, help="No more than so many.")
@json_option
@pass_context
def list_(
    context: Context,
    state: str | None,
    story: str | None,
    subscription: str | None,
    since: "datetime | None",
    limit: int,
    as_json: bool,
) -> None:
    """List deliveries, newest first, or what waits.

    What waits does so for company, for the end of quiet hours or for its digest; it is in no message yet.
    """
    from tracker.entrypoints.documents.deliveries import deliveries
    from tracker.ports.outbox import Sought

    outbox = context.existing().outbox
    _known(context, story, subscription)
    if state == "waiting":
        _list_waiting(outbox, Sought(story=story, subscription=subscription, since=since), limit, as_json=as_json)
        return
    found = outbox.search(Sought(state, story, subscription, since), limit)  # type: ignore[arg-type]  # click has checked
    if as_json:
        print_json(deliveries(found))
        return
    for one in found:
        click.echo(delivery_line(one))
    if not found:
        click.echo("No delivery." if state is None else f"No delivery is {state}.", err=True)


def _known(context: Context, story: str | None, subscription: str | None) -> None:
    """Raise NotFound for a story or a subscription that never was; of one that was removed, deliveries remain."""
    from tracker.application.near import no_subscription
    from tracker.application.sources import check_story
    from tracker.application.subscribe import subscriptions

    log = context.existing().log
    check_story(log, story)
    if subscription is not None:
        held = subscriptions(log)
        if subscription not in held.current and subscription not in held.removed:
            raise no_subscription(held, subscription)


def _list_waiting(outbox: "Outbox", sought: "Sought", limit: int, *, as_json: bool) -> None:
    from tracker.entrypoints.documents.deliveries import notices

    found = outbox.waiting(sought, limit)
    if as_json:
        print_json(notices(found))
        return
    for one in found:
        click.echo(notice_line(one))
    if not found:
        click.echo("Nothing waits.", err=True)


@alert.command()
@click.argument("delivery_id", metavar="ID")
@json_option
@pass_context
def show(context: Context, delivery_id: str, as_json: bool) -> None:
    """Show one delivery: how it stands, each try, and the message.

    The beginning of an id is enough.
    """
    from tracker.entrypoints.documents.deliveries import delivery_row, shown

    outbox = context.existing().outbox
    one = found_by_id(outbox, delivery_id)
    tries, holds = outbox.attempts(one.id), outbox.notices((one.id,))
    message, missing = _message(context, one)
    if as_json:
        print_json(shown(one, tries, holds, message))
        return
    for name, value in delivery_row(one).items():
        if value is not None:
            click.echo(f"{name.replace('_', ' ')}: {value}")
    for text in tries_of(tries):
        click.echo(text)
    for notice in holds:
        click.echo(f"holds {notice_line(notice)}")
    click.echo(_letter(message) if message else f"\nno message: {missing}\n", nl=False)


def _message(context: Context, one: "Delivery") -> "tuple[Message | None, str]":
    """Return the message, or why there is none."""
    from tracker.application.drafts import Drafts

    app = context.existing()
    try:
        target, message = Drafts(app.log, app.outbox).draft(one)
    except NotFound as missing:
        return None, str(missing)
    return {"to": target.target, "subject": message.subject, "text": message.text}, ""


def _letter(message: "Message") -> str:
    return f"to: {message['to']}\nsubject: {message['subject']}\n\n{message['text']}"


for command in (retry, replay, endpoints, route):
    alert.add_command(command)
