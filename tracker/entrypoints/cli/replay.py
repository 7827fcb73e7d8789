"""`tracker replay`: recorded items through a story, and the verdicts."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from tracker.entrypoints.cli.context import Context, pass_context
from tracker.entrypoints.cli.names import FILE
from tracker.errors import TrackerError, UsageError

if TYPE_CHECKING:
    from tracker.bootstrap import App


@click.command()
@click.argument("seed", type=FILE)
@click.argument("items", type=click.Path(path_type=Path))
@click.option("--verdicts", required=True, type=click.Path(path_type=Path), help="Where the verdicts go; - for stdout.")
@click.option("--database-url", help="A fresh database to keep the story in; in memory otherwise.")
@pass_context
def replay(context: Context, seed: str, items: Path, verdicts: Path, database_url: str | None) -> None:
    """Run recorded items through a story and write the verdicts.

    Opens a story from SEED and runs every item of ITEMS (JSON Lines) through the daemon's cycle, with the clock at the
    item's time. One verdict is written a line.
    """
    from tracker.application import replay as recorded

    context.overrides["database"] = {"url": database_url or "sqlite://"}
    app = context.app()
    start = app.read_seed(seed)
    clock = recorded.SimulatedClock(recorded.start_of(start))
    app.clock = clock
    _refuse_used(app)
    with _reading(items) as lines, _writing(verdicts) as out:
        for document in recorded.replay(app.newsroom(), start, recorded.read_items(lines, str(items)), clock):
            out.write(json.dumps(document, ensure_ascii=False) + "\n")


def _refuse_used(app: "App") -> None:
    if app.log.head():
        raise UsageError("replay wants a fresh database; this one holds a log already")


@contextmanager
def _reading(path: Path) -> Iterator[TextIO]:
    try:
        with path.open(encoding="utf-8") as lines:
            yield lines
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"items {path}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}") from error


@contextmanager
def _writing(path: Path) -> Iterator[TextIO]:
    if str(path) == "-":
        yield sys.stdout
        return
    try:
        with path.open("w", encoding="utf-8") as out:
            yield out
    except OSError as error:
        raise TrackerError(f"verdicts {path}: {error.strerror}") from error
