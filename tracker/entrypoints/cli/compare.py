"""`tracker compare`: one sentence against one claim, or a file of them; no story, and nothing written to the log."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from tracker.entrypoints.cli.context import PARTLY, Context, json_option, pass_context, print_json
from tracker.entrypoints.cli.names import FILE
from tracker.entrypoints.cli.times import Moment
from tracker.entrypoints.cli.whole_file import write_whole
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.application.comparing import Unreadable
    from tracker.judging.pairing import Compared

STANDARD = "-"


@click.command(
    epilog="""\b
Try:   tracker compare 'At least 40 people were hurt.' 'Twelve people were hurt.'"""
)
@click.argument("claim", required=False)
@click.argument("sentence", required=False)
@click.option("--published", type=Moment(), metavar="T", help="When the sentence was published; for “on Friday”.")
@click.option("--pairs", type=FILE, metavar="IN", help="Lines of JSON: id, claim, sentence, published; - for stdin.")
@click.option("--out", type=FILE, metavar="OUT", help="Where the answers to --pairs go; - for stdout.")
@json_option
@pass_context
def compare(
    context: Context,
    claim: str | None,
    sentence: str | None,
    published: datetime | None,
    pairs: str | None,
    out: str | None,
    as_json: bool,
) -> int:
    """Say whether a sentence corroborates a claim, denies it or does neither.

    Another value denies, too: then the field and both values are named. With --pairs and --out a file of them is
    answered, a line of JSON for each in their order. A line that is no pair is told and left out, and the command ends
    with 4; OUT is written whole or not at all.
    """
    if pairs is None and out is None and claim and sentence and claim.strip() and sentence.strip():
        return _one(context, claim, sentence, published, as_json=as_json)
    if pairs is not None and out is not None and claim is None and published is None:
        return _many(context, pairs, out)
    raise UsageError("give a claim and a sentence, or --pairs IN and --out OUT")


def _one(context: Context, claim: str, sentence: str, published: datetime | None, *, as_json: bool) -> int:
    from tracker.application.comparing import Pair, compare_all, document

    pair = Pair(claim, sentence, published.date() if published else None)
    (found,) = compare_all([pair], context.app().relation)
    if as_json:
        print_json({"schema_version": 1, **document(found)})
    else:
        _print(found)
    return 0


def _print(found: "Compared") -> None:
    from tracker.judging.pairing import ANSWERS

    click.echo(f"{found.relation} ({max(found.chances):.2f}): {found.reason}")
    if found.field:
        click.echo(f"\n{found.field}\n  claim     {found.old}\n  sentence  {found.new}")
    chances = ", ".join(f"{name} {chance:.2f}" for name, chance in zip(ANSWERS, found.chances, strict=True))
    click.echo(f"\nChances: {chances}")


def _many(context: Context, pairs: str, out: str) -> int:
    from tracker.application.comparing import answers

    refused: list[int] = []

    def refuse(line: "Unreadable") -> None:
        refused.append(line.number)
        click.echo(f"tracker: {pairs}, line {line.number}: {line.why}; left out", err=True)

    with _opened(pairs) as lines:
        found = answers(_text(lines), context.app().relation, refuse)
        _write(out, (f"{json.dumps(one, ensure_ascii=False)}\n".encode() for one in found))
    return PARTLY if refused else 0


def _text(lines: Iterable[bytes]) -> Iterator[str]:
    """Yield lines as text; bytes that are no UTF-8 make a line that is no JSON, so that it is told by its number."""
    for line in lines:
        try:
            yield line.decode("utf-8-sig")
        except UnicodeDecodeError:
            yield "not UTF-8"


def _write(out: str, lines: Iterable[bytes]) -> None:
    if out == STANDARD:
        for line in lines:
            sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
        return
    try:
        write_whole(Path(out), lines)
    except OSError as error:
        raise UsageError(f"{out}: {error.strerror or 'cannot be written'}") from error


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
