"""`tracker feed`: add, list, remove."""

from typing import TYPE_CHECKING, Any

import click

from tracker.entrypoints.cli.context import Context, pass_context, print_json
from tracker.rendering.plain import line

if TYPE_CHECKING:
    from tracker.ports.feeds import FeedState

ACTOR = "person"


@click.group()
def feed() -> None:
    """Choose the sources that are polled."""


@feed.command()
@click.argument("url")
@click.option("--story", "story_id", help="Follow it for this story only; for all stories otherwise.")
@click.option("--name", help="What to call it in reports.")
@pass_context
def add(context: Context, url: str, story_id: str | None, name: str | None) -> None:
    """Follow a feed (RSS, Atom or JSON Feed) from now on."""
    from tracker.application.sources import add_feed

    app = context.app()
    state, new = add_feed(app.log, app.feeds, url=url, name=name, story=story_id, now=app.clock(), actor=ACTOR)
    click.echo(f"{'added' if new else 'already followed'} {state.id}  {state.url}")


@feed.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def list_(context: Context, as_json: bool) -> None:
    """List the feeds and how they fare.

    When each was last read well, when it is due, and what is wrong with it.
    """
    states = context.app().feeds.all()
    if as_json:
        print_json({"schema_version": 1, "feeds": [_row(state) for state in states]})
        return
    for state in states:
        health = f"failing ({state.failures}): {state.last_error}" if state.failures else "ok"
        read = f"{state.last_ok_at:%Y-%m-%d %H:%M}" if state.last_ok_at else "never"
        scope = state.story or "all stories"
        name = f"{line(state.name)}  " if state.name else ""
        due = f"{state.due_at:%Y-%m-%d %H:%M}"
        click.echo(f"{state.id}  {name}{state.url}  [{scope}]  read {read}, due {due} UTC  {health}")
    if not states:
        click.echo("No feed yet. Add one:  tracker feed add URL --story ID", err=True)


@feed.command()
@click.argument("feed_id", metavar="ID|URL")
@pass_context
def remove(context: Context, feed_id: str) -> None:
    """Poll a feed no longer; what it brought stays."""
    from tracker.application.sources import remove_feed

    app = context.app()
    state = remove_feed(app.log, app.feeds, feed_id, ACTOR)
    click.echo(f"removed {state.id}  {state.url}")


def _row(state: "FeedState") -> dict[str, Any]:
    from tracker.projections.rows import stamp, stamp_or_none

    return {
        "id": state.id,
        "url": state.url,
        "name": state.name,
        "story": state.story,
        "failures": state.failures,
        "last_ok_at": stamp_or_none(state.last_ok_at),
        "due_at": stamp(state.due_at),
        "last_error": state.last_error,
        "gone": state.gone,
    }
