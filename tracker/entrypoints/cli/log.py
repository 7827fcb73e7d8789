"""`tracker log`, `verify`, `rebuild`: the log itself."""

import re
import select
import sys
from typing import TYPE_CHECKING

import click

from tracker.entrypoints.cli.context import PARTLY, POSITION, Context, json_option, json_word, pass_context, print_json
from tracker.entrypoints.cli.names import STORY
from tracker.errors import BrokenLog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.bootstrap import App
    from tracker.domain.events import Recorded
    from tracker.errors import StoreError

AFTER = click.IntRange(min=0, max=2**63 - 1)


def _hash(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Return a hash as the log writes it: half of one must not be told as a log that was tampered with."""
    del ctx, param
    if value is None:
        return None
    written = value.strip().lower()
    if not re.fullmatch("[0-9a-f]{64}", written):
        raise click.BadParameter("a head is 64 digits of 0-9 and a-f")
    return written


@click.command(
    epilog="""\b
To a program, as it happens:   tracker log --follow --format jsonl | program"""
)
@click.option("--story", metavar="ID", type=STORY, help="Only the events of one story.")
@click.option("--after", type=AFTER, default=0, metavar="POSITION", help="Only what comes after.")
@click.option("--follow", is_flag=True, help="Go on printing what is recorded, until interrupted.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@json_word("jsonl")
@pass_context
def log(context: Context, story: str | None, after: int, follow: bool, form: str) -> int:
    """Print the events of the log, oldest first.

    With --follow no event is skipped and none is printed twice, in the order of the log, whatever happens to the
    database meanwhile; to go on later, give the last position as --after.
    """
    from tracker.entrypoints.cli.main import INTERRUPTED
    from tracker.rendering.event_text import event_line
    from tracker.rendering.json_report import dumps

    app = context.existing()
    stream = _stream(context, story) if story else None
    try:
        for recorded in _followed(app, stream, after) if follow else app.log.read(after=after, stream=stream):
            described = app.describe(recorded)
            click.echo(dumps(described, indent=None) if form == "jsonl" else event_line(described))
    except KeyboardInterrupt:
        return INTERRUPTED  # the way to end it: nothing to say about it
    return 0


@click.command()
@click.option("--from", "start", type=POSITION, default=1, metavar="POSITION", help="Take what is before on trust.")
@click.option(
    "--head", metavar="HASH", callback=_hash, help="Check that the log still holds the event of a hash noted before."
)
@json_option
@pass_context
def verify(context: Context, start: int, head: str | None, as_json: bool) -> None:
    """Check that no event was changed, lost, added or moved.

    Every event holds a hash of itself and of the hash before: the last one, the head, stands for the whole log.
    Whoever can rewrite the whole database can rewrite all of them, too, or cut off the end: hand --head a hash that was
    printed elsewhere before, as it is in every alert and report.
    """
    from tracker.entrypoints.documents.proof import proof
    from tracker.rendering.phrases import count

    audit = context.existing().auditor.verify(start=start, head=head)
    if as_json:
        print_json(proof(audit, start))
    else:
        for fault in audit.faults:
            click.echo(fault)
    if audit.faults:
        raise BrokenLog(f"the log does not verify: {count(len(audit.faults), 'fault')}")
    if as_json:
        return
    erased = f", {audit.erased} of them erased" if audit.erased else ""
    since = f" from position {start} on" if start > 1 else ""
    held = f"{count(audit.events, 'event')} in {count(audit.streams, 'stream')}{since}{erased}"
    ends = f"position {audit.position}, head {audit.head}" if audit.head else "an empty log"
    click.echo(f"verified {held}; {ends}: nothing changed, lost or added")


@click.command()
@pass_context
def rebuild(context: Context) -> int:
    """Make the views anew from the log.

    Reports stay readable meanwhile, workers may go on, and nobody is alerted anew. A rebuild that was cut short is
    taken up where it got to. Exit code 4: some events could not be folded; they are named.
    """
    from tracker.application.lag import dead_letters
    from tracker.application.project import rebuild as make_anew
    from tracker.projections import ALL
    from tracker.rendering.phrases import count

    app = context.existing()
    read = make_anew(app.log, app.views, ALL)
    click.echo(f"made {len(ALL)} views anew from {count(read, 'event')}")
    letters = dead_letters(app.views, ALL)
    for letter in letters:
        click.echo(f"{letter.projection} lacks the event at position {letter.position}: {letter.error}", err=True)
    return PARTLY if letters else 0


def _followed(app: "App", stream: str | None, after: int) -> "Iterator[Recorded]":
    from tracker.application.follow import follow

    return follow(app.log, app.wakeup, after=after, stream=stream, stopping=_nobody_reads, lost=_say_lost)


def _say_lost(error: "StoreError") -> None:
    click.echo(f"tracker: {error}; trying again each second", err=True)


def _nobody_reads() -> bool:
    """Tell whether the reader of a pipe has gone: without an event to print, nothing else would say so."""
    watch = select.poll()
    watch.register(sys.stdout, select.POLLERR)
    return any(said & select.POLLERR for _, said in watch.poll(0))


def _stream(context: Context, story: str) -> str:
    """Return the stream of a story that there is. Raises NotFound."""
    from tracker.application.report import head_of
    from tracker.domain.events import story_stream

    head_of(context.views(), story)
    return story_stream(story)
