"""`tracker alert retry` and `replay`: the same message again, under the same id."""

from typing import TYPE_CHECKING

import click

from tracker.entrypoints.cli.alert_rows import delivery_line, found_by_id
from tracker.entrypoints.cli.context import Context, pass_context, print_json
from tracker.entrypoints.cli.names import STORY, SUBSCRIPTION
from tracker.entrypoints.cli.times import Moment
from tracker.errors import NotFound, TrackerError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.application.send_again import Again
    from tracker.ports.outbox import Delivery, Outbox


@click.command()
@click.argument("delivery_id", metavar="ID")
@pass_context
def retry(context: Context, delivery_id: str) -> None:
    """Make a delivery due again, from the first attempt.

    The worker or `tracker poll` sends it, also over a way that is disabled: success enables that again.
    """
    from tracker.application.send_again import again, send_again

    app = context.existing()
    one = found_by_id(app.outbox, delivery_id)
    what = again(app.outbox, app.log, [one])
    _check(what)
    if not send_again(app.outbox, app.log, app.clock, what):
        raise TrackerError(f"nothing is sent again: delivery {one.id} is there no more")
    click.echo(f"due again {one.id}")
    _tell_corrections(what)


@click.command()
@click.argument("delivery_ids", metavar="[ID]...", nargs=-1)
@click.option("--since", type=Moment(), metavar="T", help="What was owed at T or later.")
@click.option("--story", metavar="ID", type=STORY, help="Only of this story.")
@click.option("--subscription", metavar="ID", type=SUBSCRIPTION, help="Only to this subscription.")
@click.option("--state", type=click.Choice(["dead", "delivered"]), help="Only these; otherwise both.")
@click.option("--dry-run", is_flag=True, help="Only say which.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def replay(
    context: Context,
    delivery_ids: tuple[str, ...],
    since: "datetime | None",
    story: str | None,
    subscription: str | None,
    state: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Send alerts again that were given up or delivered.

    Those that are named, all since a moment, or all of a story; what was taken back since is followed by its correction
    again. Each goes out under its old id, so that a receiver that has it already
    can tell. The worker or `tracker poll` sends them, also over a way that is disabled.
    """
    from tracker.application.send_again import again, finished, send_again
    from tracker.ports.outbox import Sought

    app = context.existing()
    sought = Sought(state, story, subscription, since)  # type: ignore[arg-type]  # click has checked the state
    if bool(delivery_ids) == (sought != Sought()) or (since is None and story is None and not delivery_ids):
        raise UsageError("name deliveries, or give --since T or --story ID, with --subscription or --state if you like")
    found = _named(app.outbox, delivery_ids) if delivery_ids else finished(app.outbox, sought)
    if not found:
        raise NotFound("no delivery matches")
    what = again(app.outbox, app.log, found)
    _check(what)
    if not dry_run:
        send_again(app.outbox, app.log, app.clock, what)
    _tell(what, dry_run=dry_run, as_json=as_json)


def _named(outbox: "Outbox", names: tuple[str, ...]) -> "tuple[Delivery, ...]":
    return tuple({one.id: one for one in (found_by_id(outbox, name) for name in names)}.values())


def _check(what: "Again") -> None:
    if not what.deliveries:
        whose = ", ".join(sorted({one.subscription for one in what.removed}))
        raise TrackerError(f"nothing is sent again: subscription removed: {whose}")


def _tell(what: "Again", *, dry_run: bool, as_json: bool) -> None:
    from tracker.entrypoints.documents.deliveries import delivery_row

    found, count = what.deliveries, len(what.deliveries)
    if as_json:
        document = {"schema_version": 1, "dry_run": dry_run, "count": count, "deliveries": [*map(delivery_row, found)]}
        beside = {"corrections": [*map(delivery_row, what.corrections)], "skipped": [*map(delivery_row, what.removed)]}
        print_json({**document, **beside})
        return
    if dry_run:
        for one in found:
            click.echo(delivery_line(one))
    click.echo(f"{'would be due' if dry_run else 'due'} again: {count}")
    _tell_corrections(what)
    if what.removed:
        click.echo(f"skipped, since their subscription was removed: {len(what.removed)}", err=True)


def _tell_corrections(what: "Again") -> None:
    if what.corrections:
        click.echo(f"some was corrected since; corrections that follow again: {len(what.corrections)}", err=True)
