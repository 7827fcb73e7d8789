"""`tracker evaluate`: how often the judge is right on recorded cases."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.entrypoints.cli.context import PARTLY, Context, json_option, pass_context, print_json
from tracker.errors import NotFound, UsageError

if TYPE_CHECKING:
    from tracker.application.evaluate_case import Case
    from tracker.bootstrap import App

FILES = ("seed.toml", "items.jsonl", "gold.jsonl")


@click.command(
    epilog="""\b
Where the judge went wrong:   tracker evaluate CASES_DIR --errors CASE"""
)
@click.argument("cases_dir", metavar="CASES_DIR", type=click.Path(path_type=Path))
@click.option("--lang", default="en", show_default=True, help="Score items in this language; all: in every one.")
@click.option("--errors", metavar="CASE", help="Print item by item where judge and readers part (marked !).")
@json_option
@pass_context
def evaluate(context: Context, cases_dir: Path, lang: str, errors: str | None, as_json: bool) -> int:
    """Measure how often the judge is right on recorded cases.

    A case is a folder in CASES_DIR with seed.toml, items.jsonl and gold.jsonl (what careful readers say of the items).
    Each is replayed in memory as `tracker replay` does it, and scored: beside simpler rules, and beside the judge
    without each of its parts. Exit code 4: a folder could not be used and was left out; 2: none could.
    """
    app = context.app()
    cases, left_out = _cases(app, cases_dir, lang)
    if errors is not None:
        _errors(app, cases, errors, as_json=as_json)
    else:
        _table(app, cases, lang, as_json=as_json)
    return PARTLY if left_out else 0


def _table(app: "App", cases: "list[Case]", lang: str, *, as_json: bool) -> None:
    from tracker.application.evaluate import evaluate as measure
    from tracker.application.evaluate_sheet import document, sheet
    from tracker.bootstrap.rehearsal import rehearsal
    from tracker.rendering.evaluation import sheet_text

    done = measure(cases, app.judge, app.encoder, rehearsal, _progress)
    _progress("")
    if as_json:
        print_json(document(done, lang))
    else:
        click.echo(sheet_text(sheet(done, lang)), nl=False)


def _errors(app: "App", cases: "list[Case]", name: str, *, as_json: bool) -> None:
    from tracker.application.evaluate import verdicts
    from tracker.application.evaluate_errors import partings
    from tracker.bootstrap.rehearsal import rehearsal
    from tracker.rendering.evaluation_errors import parting_text
    from tracker.rendering.near import near

    case = next((one for one in cases if one.name == name), None)
    if case is None:
        raise NotFound(f"no case {name}{near(name, [one.name for one in cases], 'each is a folder')}")
    found = partings(case, verdicts(case, app.judge, rehearsal))
    if as_json:
        print_json({"schema_version": 1, "case": name, "judge": app.judge.version, "items": list(found)})
        return
    for one in found:
        click.echo(parting_text(one))


def _cases(app: "App", folder: Path, lang: str) -> "tuple[list[Case], int]":
    """Return the cases of a folder that can be used, and how many cannot: each is told. Raises UsageError."""
    found, left_out = [], 0
    for one in _folders(folder):
        try:
            found.append(_case(app, one, lang))
        except UsageError as error:
            left_out += 1
            click.echo(f"tracker: {error}; left out", err=True)
    if not found:
        raise UsageError(f"{folder}: no case in it that can be used: a folder with {', '.join(FILES)}")
    return found, left_out


def _folders(folder: Path) -> Iterator[Path]:
    """Yield the folders that hold some file of a case, in order of name."""
    try:
        inner = sorted(one for one in folder.iterdir() if one.is_dir())
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}") from error
    return (one for one in inner if any((one / file).exists() for file in FILES))


def _case(app: "App", folder: Path, lang: str) -> "Case":
    from tracker.application.evaluate_case import case_of

    items, gold = (_lines(folder / file) for file in FILES[1:])
    return case_of(folder.name, app.read_seed(str(folder / FILES[0])), items, gold, lang)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}") from error


def _progress(doing: str) -> None:
    from tracker.entrypoints.cli.terminal import capable

    if capable(sys.stderr):
        click.echo(f"\r\x1b[K{doing}", nl=False, err=True)
