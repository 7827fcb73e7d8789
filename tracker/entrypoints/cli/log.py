"""`tracker log`, `verify`, `rebuild`: the log itself."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from tracker.entrypoints.cli.context import Context, pass_context
from tracker.errors import BrokenLog

if TYPE_CHECKING:
    from tracker.bootstrap import App
    from tracker.domain.events import Recorded

FOLLOW_SECONDS = 1.0
AFTER = click.IntRange(min=0, max=2**63 - 1)


@click.command()
@click.option("--story", metavar="ID", help="Only the events of one story.")
@click.option("--after", type=AFTER, default=0, metavar="POSITION", help="Only what comes after.")
@click.option("--follow", is_flag=True, help="Go on printing what is recorded, until interrupted.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@pass_context
def log(context: Context, story: str | None, after: int, follow: bool, form: str) -> None:
    """Print the events of the log, oldest first."""
    from tracker.rendering.event_text import event_line
    from tracker.rendering.json_report import dumps

    app = context.app()
    stream = _stream(app, story) if story else None
    for recorded in _followed(app, stream, after) if follow else app.log.read(after=after, stream=stream):
        described = app.describe(recorded)
        click.echo(dumps(described, indent=None) if form == "jsonl" else event_line(described))


@click.command()
@pass_context
def verify(context: Context) -> None:
    """Check that no event was changed, lost or added.

    Positions, versions and the hash chain of each stream. Whoever can rewrite the whole database can rewrite the chain,
    too: keep the head that is printed in another place, and compare.
    """
    from tracker.rendering.phrases import count

    audit = context.app().auditor.verify()
    for fault in audit.faults:
        click.echo(fault)
    if audit.faults:
        raise BrokenLog(f"the log does not verify: {len(audit.faults)} of its events or streams are at fault")
    head = f", head {audit.head}" if audit.head else ""
    held = f"{count(audit.events, 'event')} in {count(audit.streams, 'stream')}"
    click.echo(f"verified {held}{head}: nothing changed, lost or added")


@click.command()
@pass_context
def rebuild(context: Context) -> None:
    """Make the views anew from the log."""
    from tracker.application.project import rebuild as make_anew
    from tracker.projections import ALL

    app = context.app()
    count = make_anew(app.log, app.views, ALL)
    click.echo(f"made {len(ALL)} views anew from {count} events")


def _followed(app: "App", stream: str | None, after: int) -> "Iterator[Recorded]":
    while True:
        for recorded in app.log.read(after=after, stream=stream):
            after = recorded.position
            yield recorded
        time.sleep(FOLLOW_SECONDS)


def _stream(app: "App", story: str) -> str:
    """Return the stream of a story that there is. Raises NotFound."""
    from tracker.application.project import catch_up
    from tracker.application.report import head_of
    from tracker.domain.events import story_stream
    from tracker.projections import ALL

    catch_up(app.log, app.views, ALL)
    head_of(app.views, story)
    return story_stream(story)
