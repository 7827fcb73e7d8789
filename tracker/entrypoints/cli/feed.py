"""`tracker feed`: add, list, remove, check, import, export."""

import click

from tracker.entrypoints.cli.context import Context, pass_context
from tracker.entrypoints.cli.feed_add import add
from tracker.entrypoints.cli.feed_check import check
from tracker.entrypoints.cli.feed_list import list_
from tracker.entrypoints.cli.feed_opml import export, import_
from tracker.entrypoints.cli.feed_options import ACTOR
from tracker.entrypoints.cli.names import FEED


@click.group()
def feed() -> None:
    """Choose the sources that are polled."""


@feed.command()
@click.argument("feed_id", metavar="ID|URL", type=FEED)
@pass_context
def remove(context: Context, feed_id: str) -> None:
    """Poll a feed no longer; what it brought stays."""
    from tracker.application.sources import remove_feed

    app = context.existing()
    state = remove_feed(app.log, app.feeds, feed_id, ACTOR)
    click.echo(f"removed {state.id}  {state.url}")


for command in (add, check, export, import_, list_):
    feed.add_command(command)
