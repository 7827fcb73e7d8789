"""`tracker doctor`: is everything well, and what to do where it is not."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tracker.entrypoints.cli.context import Context, json_word, pass_context, print_json

if TYPE_CHECKING:
    from tracker.application.diagnosis import Diagnosis

FAULTS = 1


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@json_word("json")
@click.option("--online", is_flag=True, help="Greet the mail server and log in as well; nothing is sent.")
@pass_context
def doctor(context: Context, form: str, online: bool) -> int:
    """Name what is wrong with database, log, feeds, alerts or settings, and its remedy.

    Each check tells what it found and, where something is wrong, what to do. Nothing is changed. Exits with 1 when
    there is a fault; a warning is none. JSON holds, under "views", how far each view is behind the log: the events,
    and for how many seconds the oldest of them has waited (age).
    """
    from tracker.application.doctor import examine

    found = examine(context.app().patient, online=online)
    levels = _as_json(found) if form == "json" else _as_text(found)
    return FAULTS if "fault" in levels else 0


def _as_text(found: "Iterable[tuple[str, Diagnosis]]") -> list[str]:
    levels: list[str] = []
    for check, told in found:
        levels.append(told.level)
        click.echo(f"{told.level:8}{check:10}{told.finding}")
        for detail in told.details:
            click.echo(f"{'':18}{detail}")
        if told.remedy:
            click.echo(f"{'':18}-> {told.remedy}")
    return levels


def _as_json(found: "Iterable[tuple[str, Diagnosis]]") -> list[str]:
    told = list(found)
    levels = [str(one.level) for _, one in told]
    counts = {"faults": levels.count("fault"), "warnings": levels.count("warning")}
    checks = [
        {
            "check": check,
            "level": one.level,
            "finding": one.finding,
            "details": one.details,
            "remedy": one.remedy or None,
        }
        for check, one in told
    ]
    views = [asdict(lag) for _, one in told for lag in one.lags]
    print_json({"schema_version": 1, **counts, "checks": checks, "views": views})
    return levels
