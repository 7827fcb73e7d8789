"""`tracker feed list`."""

import sys
from typing import TYPE_CHECKING

import click

from tracker.entrypoints.cli.context import Context, json_option, pass_context, print_json
from tracker.entrypoints.cli.terminal import colour, width

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.ports.feeds import FeedState
    from tracker.rendering.feeds import FeedLine


@click.command("list")
@json_option
@pass_context
def list_(context: Context, as_json: bool) -> None:
    """List the feeds and how they fare.

    When each was last read well, when and how often it is asked, and what is wrong with it. Through a pipe each feed is
    one line.
    """
    from tracker.entrypoints.cli.awaited import awaited
    from tracker.entrypoints.documents.feeds import feeds
    from tracker.rendering.feeds import feed_lines, feed_table

    app = context.existing()
    states = app.feeds.all()
    resting = app.feeds.resting({state.host for state in states}, app.clock())
    if as_json:
        print_json(feeds(states, resting))
        return
    lines = [_line(state, resting.get(state.host)) for state in states]
    if sys.stdout.isatty():
        click.echo(feed_table(lines, width=width(), colour=colour()), nl=False)
    else:
        click.echo(feed_lines(lines), nl=False)
    waits = awaited(app)[0]
    if waits:
        click.echo(waits, err=True)
    elif not states:
        click.echo("No feed yet. Add one:  tracker feed add URL --story ID", err=True)


def _line(state: "FeedState", rests_until: "datetime | None") -> "FeedLine":
    from tracker.rendering.feeds import FeedLine
    from tracker.rendering.sources import condition, trouble_words

    return FeedLine(
        id=state.id,
        url=state.url,
        name=state.name,
        story=state.story,
        folder=state.folder,
        read_at=state.last_ok_at,
        next_at=max(state.due_at, rests_until or state.due_at),
        interval=state.interval,
        gap=state.gap,
        condition=condition(state),
        failures=state.failures,
        trouble=trouble_words(state),
        criterion=state.criterion or "id",
        article=state.options.article,
        moved_to=state.moved_to,
        moves=state.moves,
        last_new_at=state.last_new_at,
    )
