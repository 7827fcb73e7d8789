"""`tracker alert endpoints`: how the ways to everybody fare."""

from typing import TYPE_CHECKING

import click

from tracker.entrypoints.cli.alert_rows import minute
from tracker.entrypoints.cli.context import Context, json_option, pass_context, print_json

if TYPE_CHECKING:
    from tracker.domain.endpoint import Endpoint


@click.command()
@json_option
@pass_context
def endpoints(context: Context, as_json: bool) -> None:
    """List the addresses that were ever sent to, and how they fare.

    Failing: the last four tries failed; it is tried on. Disabled: nothing is sent there since it said that it is gone,
    or nothing arrived for five days; `retry`, `replay` and `tracker subscription test` try it again.
    """
    from tracker.entrypoints.documents.deliveries import endpoints as document

    found = context.existing().outbox.endpoints()
    if as_json:
        print_json(document(found))
        return
    for one in found:
        click.echo(f"{one.channel}  {one.target}  {_how(one)}")
    if not found:
        click.echo("Nothing was sent yet.", err=True)


def _how(one: "Endpoint") -> str:
    from tracker.rendering.phrases import count

    last = f"last success {minute(one.last_ok_at)}" if one.last_ok_at else "no success yet"
    if one.since is None:
        return f"{one.state}, {last}"
    failed = f"{count(one.failures, 'failure')} in a row since {minute(one.since)}"
    return f"{one.state}, {failed}, {last}: {one.last_error}"
