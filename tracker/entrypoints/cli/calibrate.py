"""`tracker calibrate`: how right the judge was by what people said, and what it may learn from that."""

from typing import TYPE_CHECKING, Literal, get_args

import click

from tracker.entrypoints.cli.context import Context, json_option, pass_context, print_json
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.bootstrap import App

ACTOR = "person"
Doing = Literal["look", "apply", "reset"]


@click.command(
    epilog="""\b
Have the judge follow what it was taught:   tracker calibrate --apply"""
)
@click.option("--dry-run", is_flag=True, help="Only look; this is what is done anyway.")
@click.option("--apply", is_flag=True, help="Have the judge follow what the reviews teach.")
@click.option("--reset", is_flag=True, help="Have the judge be as it was made.")
@json_option
@pass_context
def calibrate(context: Context, dry_run: bool, apply: bool, reset: bool, as_json: bool) -> None:
    """Show how often findings were right by their reviews, and what that teaches.

    Counted are the reviews of all stories (`tracker review`). Where enough findings of a relation that waited for a
    person were reviewed, it is proposed how far to trust the judge in them: the belief that is shown, and from which
    belief on such a finding is told without waiting. Nothing is changed but with --apply and --reset; both are events
    of the log. Exit code 3: with --apply, where nothing is learnt.
    """
    from tracker.application.calibrate import report
    from tracker.application.calibration_sheet import document, sheet
    from tracker.rendering.calibration import calibration_text

    doing = _asked(look=dry_run, apply=apply, reset=reset)
    app = context.app()
    said = _done(app, doing)
    found = report(app.log)
    if as_json:
        print_json(document(found))
        return
    if doing == "look":
        click.echo(calibration_text(sheet(found)), nl=False)
        said = "\nNothing is changed; have the judge follow it:  tracker calibrate --apply" if found.taught else ""
    if said:
        click.echo(said)


def _asked(**flags: bool) -> Doing:
    """Return the one thing that is to be done, and nothing but looking where none is named."""
    wanted = [name for name, given in flags.items() if given]
    if len(wanted) > 1:
        raise UsageError("give one of --dry-run, --apply and --reset")
    return next((doing for doing in get_args(Doing) if doing in wanted), "look")


def _done(app: "App", doing: Doing) -> str:
    """Apply or reset, and return what to say of it."""
    from tracker.application.calibrate import apply, reset

    if doing == "look":
        return ""
    recorded = (apply if doing == "apply" else reset)(app.log, ACTOR)
    if recorded is None:
        return "the judge follows that already" if doing == "apply" else "the judge is as it was made already"
    undo = "; undo it:  tracker calibrate --reset" if doing == "apply" else ""
    return f"#{recorded.position} recorded: from now on the judge {_follows(doing)}{undo}"


def _follows(doing: Doing) -> str:
    return "follows what the reviews teach" if doing == "apply" else "is as it was made"
