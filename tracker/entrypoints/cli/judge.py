"""`tracker judge`: a verdict and its reasons, with nothing written."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.entrypoints.cli.context import Context, pass_context, print_json
from tracker.entrypoints.cli.names import STORY
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.judging.judge import Verdict

_SHOWN = 300  # characters of a sentence


@click.command(
    epilog="""\b
Try a headline:   tracker judge bridge --title 'Fourteen hurt as railing collapses'"""
)
@click.argument("story_id", metavar="STORY", type=STORY)
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--title", default="", help="The headline.")
@click.option("--text", help="The text, instead of FILE.")
@click.option("--published", help="When it was published (ISO 8601; UTC where no zone is named); now otherwise.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def judge(
    context: Context,
    story_id: str,
    file: Path | None,
    title: str,
    text: str | None,
    published: str | None,
    as_json: bool,
) -> None:
    """Judge a text against a story; writes nothing.

    The text is FILE (- for stdin) or --text. It is compared with the story as it stands.
    """
    from tracker.application.dry_run import dry_run
    from tracker.application.near import no_story
    from tracker.application.shelf import Shelf
    from tracker.application.verdicts import verdict_document

    app = context.existing()
    shelf = Shelf(app.log)
    story = shelf.story(story_id)
    if story is None:
        raise no_story(app.log, story_id)
    words = text if text is not None else _read(file)
    if not (words.strip() or title.strip()):
        raise UsageError("nothing to judge: give --title, --text or a file")
    judge = app.judge.calibrated(shelf.calibration())
    verdict = dry_run(judge, story, title=title, text=words, published=_moment(published), now=app.clock())
    if as_json:
        names = {known.ref.id: known.ref.id for known in story.entries.values()}
        alert = any(finding.news and not finding.needs_review for finding in verdict.findings)
        document = verdict_document(verdict, item="dry-run", names=names, recorded=(), alert=alert)
        stages = [
            {
                "name": stage.name,
                "outcome": stage.outcome,
                "detail": stage.detail,
                "scores": dict(stage.scores),
                "otherwise": stage.otherwise or None,
            }
            for stage in verdict.stages
        ]
        print_json({"schema_version": 1, **document, "reason": verdict.reason, "stages": stages})
        return
    _print(verdict)


def _print(verdict: "Verdict") -> None:
    from tracker.rendering.plain import line

    belongs = "belongs to the story" if verdict.relevant else "does not belong to the story"
    click.echo(f"{belongs} ({verdict.score:.2f}): {verdict.reason}")
    for finding in verdict.findings:
        review = ", needs review" if finding.needs_review else ""
        news = "news" if finding.news else "no news"
        click.echo(f"\n{finding.claim or 'new claim'}  {finding.relation}  ({finding.score:.2f}, {news}{review})")
        click.echo(f"  “{line(finding.sentence, _SHOWN)}”\n  {finding.reason}")
        if finding.doubt:
            click.echo(f"  not sure: {finding.doubt}")
    click.echo("\nStages:")
    for stage in verdict.stages:
        click.echo(f"  {stage.name}: {stage.outcome}. {stage.detail}")
        if stage.otherwise:
            click.echo(f"    otherwise: {stage.otherwise}")


def _read(file: Path | None) -> str:
    if file is None:
        return ""
    if str(file) == "-":
        return sys.stdin.read()
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}") from error


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--published {text}: not a date or time in ISO 8601") from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
