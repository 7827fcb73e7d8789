"""`tracker feed import` and `tracker feed export`: the lists of other readers."""

import sys
from pathlib import Path

import click

from tracker.entrypoints.cli.context import PARTLY, Context, pass_context
from tracker.entrypoints.cli.feed_options import ACTOR, story_option
from tracker.entrypoints.cli.names import FILE, STORY
from tracker.errors import UsageError
from tracker.rendering.plain import line

STANDARD = "-"
NOTHING = 3
LONGEST = 32_000_000
"""Bytes that are read of a list; one that is longer than 20 MB is refused anyway."""
_SHOWN = 20
"""Addresses that are refused in so many words; of more only the number is told."""


@click.command("import")
@click.argument("file", type=FILE)
@story_option
@pass_context
def import_(context: Context, file: str, story_id: str | None) -> int:
    """Follow the feeds of an OPML or text list.

    OPML of another reader, or addresses one a line. FILE is - for standard input. Names and folders are kept; what is
    followed already stays as it is. Nothing is fetched now: the worker finds out what can be read. Exits with 4 when
    some addresses were refused.
    """
    from tracker.application.feed_lists import add_listed
    from tracker.rendering.phrases import count

    app = context.app()
    listed = app.read_feed_list(_read(file), file)
    taken = add_listed(app.log, app.feeds, listed, story=story_id, now=app.clock(), actor=ACTOR)
    for one, reason in taken.refused[:_SHOWN]:
        click.echo(f"tracker: {line(file)}: {f'{line(one.name)}: ' if one.name else ''}{line(reason, 160)}", err=True)
    if len(taken.refused) > _SHOWN:
        click.echo(f"tracker: and {len(taken.refused) - _SHOWN} more", err=True)
    added = f"added {count(len(taken.added), 'feed')}"
    click.echo(f"{added}, already followed {taken.held}, refused {len(taken.refused)}")
    if not listed:
        click.echo(f"tracker: {line(file)}: there is no feed in it", err=True)
        return NOTHING
    return PARTLY if taken.refused else 0


@click.command()
@click.argument("file", default=STANDARD, type=FILE)
@click.option(
    "--story", "story_id", metavar="ID", type=STORY, help="Only what this story hears, feeds of all stories included."
)
@pass_context
def export(context: Context, file: str, story_id: str | None) -> None:
    """Write the feeds as OPML 2.0.

    Other readers take it. FILE is - for standard output, as it is without one. How a feed is asked is no part of it,
    nor is any reference to a secret.
    """
    from tracker.application.feed_lists import listed_of
    from tracker.application.sources import check_story

    app = context.existing()
    check_story(app.log, story_id)
    document = app.write_feed_list(listed_of(app.feeds, story_id))
    if file == STANDARD:
        sys.stdout.buffer.write(document)
        sys.stdout.buffer.flush()
        return
    try:
        Path(file).write_bytes(document)
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: {_reason(error, 'cannot be written')}") from error


def _read(file: str) -> bytes:
    try:
        if file == STANDARD:
            return sys.stdin.buffer.read(LONGEST)
        with Path(file).open("rb") as source:
            return source.read(LONGEST)
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: {_reason(error, 'cannot be read')}") from error


def _reason(error: Exception, otherwise: str) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or otherwise
