"""`tracker export` and `tracker import`: a whole tracker as a file."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from tracker.entrypoints.cli.context import Context, pass_context
from tracker.entrypoints.cli.names import FILE
from tracker.entrypoints.cli.whole_file import write_whole
from tracker.errors import DatabaseTooNew, UsageError

STANDARD = "-"
LONGEST = 256 * 1024 * 1024
"""Bytes of a line from which it is none of ours: no document in the log or the archive is nearly as long."""


@click.command()
@click.argument("file", type=FILE)
@pass_context
def export(context: Context, file: str) -> None:
    """Write everything that is no view to a file that can be imported.

    FILE is - for standard output. The log is proven on the way. Workers may go on: the file holds one moment. It takes
    FILE's place when it is whole and on the disk. Equal states give equal bytes, on SQLite and PostgreSQL alike.
    """
    lines = context.existing().exporter.lines()
    if file == STANDARD:
        sys.stdout.buffer.writelines(lines)
        sys.stdout.buffer.flush()
        return
    path = Path(file)
    try:
        write_whole(path, lines)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or 'cannot be written'}") from error


@click.command("import")
@click.argument("file", type=FILE)
@pass_context
def import_(context: Context, file: str) -> None:
    """Take an export into an empty database, proving it line by line.

    FILE is - for standard input. All or nothing: a file that was damaged, cut off or edited leaves the database empty.
    """
    from tracker.rendering.phrases import count

    app = context.app()
    with _opened(file) as source:
        try:
            moved = app.importer.take(iter(lambda: source.readline(LONGEST), b""))
        except (UsageError, DatabaseTooNew) as error:
            raise type(error)(f"{file}: {error}") from error
    context.views()
    rest = sum(moved.counts.values()) - moved.position
    ends = f"position {moved.position}, head {moved.head}" if moved.head else "an empty log"
    click.echo(f"imported {count(moved.position, 'event')} and {count(rest, 'row')} beside them; {ends}")


# A command of this name, which the language keeps for itself.
globals()["import"] = import_


@contextmanager
def _opened(file: str) -> Iterator[IO[bytes]]:
    if file == STANDARD:
        yield sys.stdin.buffer
        return
    try:
        with Path(file).open("rb") as source:
            yield source
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or 'cannot be read'}") from error
