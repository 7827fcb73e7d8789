"""`tracker status`, `timeline`, `why`, `diff`: what a reader is told of a story."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

import click

from tracker.entrypoints.cli.context import POSITION, Context, json_option, json_word, pass_context, print_json
from tracker.entrypoints.cli.names import STORY
from tracker.entrypoints.cli.terminal import colour, width, zone
from tracker.entrypoints.cli.times import LAST, Moment, Since
from tracker.errors import NotFound, UsageError
from tracker.rendering.formats import FORMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.application.news import Look
    from tracker.bootstrap import App
    from tracker.ports.feeds import FeedReader
    from tracker.ports.views import ViewReader
    from tracker.rendering.view import StatusView

NEWS = 10
"""Exit code of `status --exit-code` when there is news."""

AS_OF = Moment(end_of_day=True)

as_of_option = click.option(
    "--as-of", type=AS_OF, metavar="T", help="Only what had been seen by T; a date means the end of that day."
)
valid_at_option = click.option(
    "--valid-at", type=AS_OF, metavar="T", help="Only what had been published by T; a date means the end of that day."
)


@click.command(
    epilog="""\b
What is new since you last asked:   tracker status --since last
What was known on a day:            tracker status STORY --as-of 2024-06-05
For a script (10: there is news):   tracker status STORY --exit-code"""
)
@click.argument("story", required=False, type=STORY)
@as_of_option
@valid_at_option
@click.option("--since", type=Since(), metavar="T|last", help="What is new since T, or since your last --since last.")
@click.option(
    "--format", "form", type=click.Choice(list(FORMS)), default="text", show_default=True,
    help="A report of the moment (text, markdown, json, html), or an export of what the log says.",
)  # fmt: skip
@json_word("json")
@click.option("--exit-code", is_flag=True, help="Exit with 10 when there is news (since T; else in the last 24 hours).")
@pass_context
def status(
    context: Context,
    story: str | None,
    as_of: datetime | None,
    valid_at: datetime | None,
    since: datetime | Literal["last"] | None,
    form: str,
    exit_code: bool,
) -> int:
    """Report how a story stands.

    Without STORY the only one, or a short line on each.

    --as-of asks what had been seen by a moment, --valid-at what had been published by one; together they answer what
    we believed on Tuesday about Monday. --since is a time of seeing.

    `--since last` compares with the moment of your previous `--since last` and then moves it: asking that question is
    the explicit act, and no other command, report or alert moves the mark. With --as-of or --valid-at the mark stays.
    """
    app = context.app()
    views, feeds = context.reading()
    chosen = (story,) if story else _stories(views)
    moments = {"as_of": as_of, "valid_at": valid_at}
    if not FORMS[form].report:
        if since or exit_code:
            raise UsageError(f"--since and --exit-code are for reports; --format {form} is an export")
        click.echo(_export(app, views, chosen, moments, form), nl=False)
        return 0
    reports = [_report(app, (views, feeds), one, moments, since, whole=form == "json") for one in chosen]
    click.echo(_render(reports, form), nl=False)
    if since == LAST and not any(moments.values()):
        _mark(app, reports)
    return NEWS if exit_code and any(report.news for report in reports) else 0


@click.command()
@click.argument("story", type=STORY)
@as_of_option
@valid_at_option
@json_option
@pass_context
def timeline(context: Context, story: str, as_of: datetime | None, valid_at: datetime | None, as_json: bool) -> None:
    """List what happened in a story, oldest first."""
    from tracker.application.report import newest
    from tracker.application.report import timeline as changes_of
    from tracker.rendering.documents import changes as documents
    from tracker.rendering.text import timeline_text

    views = _at(context.app(), context.views(), story, {"as_of": as_of, "valid_at": valid_at})
    changes, head = changes_of(views, story), newest(views, story)
    if as_json:
        print_json(documents.timeline(story, changes, head, as_of=as_of, valid_at=valid_at))
        return
    click.echo(timeline_text(changes, head, width=width(), colour=colour()), nl=False)


@click.command()
@click.argument("position", type=POSITION)
@json_option
@pass_context
def why(context: Context, position: int, as_json: bool) -> None:
    """Explain the event at a position of the log.

    What was found, why, what it did to its claim, and the record itself.
    """
    from tracker.application.explain import explain
    from tracker.rendering.documents.explanation import explanation
    from tracker.rendering.event_text import why_text

    app = context.existing()
    found = explain(app.log, context.views(), position)
    if as_json:
        print_json(explanation(found, app.describe(found.recorded)))
        return
    click.echo(why_text(found, app.describe(found.recorded), width=width(), colour=colour()), nl=False)


@click.command()
@click.argument("story", type=STORY)
@click.argument("start", metavar="FROM", type=AS_OF)
@click.argument("end", metavar="TO", type=AS_OF)
@valid_at_option
@json_option
@pass_context
def diff(
    context: Context, story: str, start: datetime, end: datetime, valid_at: datetime | None, as_json: bool
) -> None:
    """Show which claims of a story differ between two moments of seeing.

    FROM and TO are dates (their end is meant) or times, in UTC unless they say otherwise. With --valid-at: how our
    picture of that moment changed between the two.
    """
    from tracker.application.compare import compare
    from tracker.application.report import head_of, newest
    from tracker.application.then import views_upto
    from tracker.projections.ledger import Ledger
    from tracker.projections.stories import Stories
    from tracker.rendering.documents import claims as documents
    from tracker.rendering.text import diff_text

    if start > end:
        raise UsageError("FROM is later than TO")
    app = context.app()
    head_of(context.views(), story)
    before, after = (
        views_upto(app.log, (Stories(), Ledger()), story, app.log.position_at(moment), valid_at=valid_at)
        for moment in (start, end)
    )
    differences, head = compare(before, after, story), newest(after, story)
    if as_json:
        print_json(documents.differences(story, differences, head, start=start, end=end, valid_at=valid_at))
        return
    click.echo(diff_text(differences, head, width=width(), colour=colour()), nl=False)


def _stories(views: "ViewReader") -> tuple[str, ...]:
    from tracker.application.report import heads

    found = heads(views)
    if not found:
        raise NotFound("no story yet; open one with: tracker story open SEED")
    return tuple(head["id"] for head in found if not head["closed"]) or tuple(head["id"] for head in found)


def _report(
    app: "App",
    reading: "tuple[ViewReader, FeedReader]",
    story: str,
    moments: "Mapping[str, datetime | None]",
    since: datetime | Literal["last"] | None,
    *,
    whole: bool,
) -> "StatusView":
    from tracker.application.report import head_of, report

    views, feeds = reading
    opened = datetime.fromisoformat(head_of(views, story)["opened_at"])
    begin = since if since is None or isinstance(since, datetime) else _last_look(app, story, opened)
    shown = _at(app, views, story, moments)
    return report(
        shown, feeds if moments["as_of"] is None else None, story, **moments, since=begin, whole=whole, now=app.clock()
    )


def _at(app: "App", views: "ViewReader", story: str, moments: "Mapping[str, datetime | None]") -> "ViewReader":
    """Return the views of the moments that were asked for; those of the present need no log."""
    if not any(moments.values()):
        return views
    from tracker.application.then import views_at

    return views_at(app.log, views, story, **moments)


def _export(
    app: "App", views: "ViewReader", chosen: "Sequence[str]", moments: "Mapping[str, datetime | None]", form: str
) -> str:
    from tracker.application.export import material

    if len(chosen) > 1:
        raise UsageError(f"--format {form} is for one story; name one of {', '.join(chosen)}")
    shown = _at(app, views, chosen[0], moments)
    given = material(
        app.log,
        shown,
        chosen[0],
        FORMS[form],
        describe=app.describe,
        site=app.settings.serve.url,
        before=None,
        **moments,
    )
    return "".join(FORMS[form].write(given))


def _render(reports: "Sequence[StatusView]", form: str) -> str:
    from tracker.rendering import text

    if form == "text" and len(reports) == 1:
        return text.status_text(reports[0], width=width(), colour=colour(), zone=zone(reports[0].as_of))
    from tracker.rendering import html, json_report, markdown

    if len(reports) == 1:
        only = reports[0]
        forms = {"markdown": markdown.status_markdown, "json": json_report.status_json, "html": html.status_html}
        return forms[form](only)
    if form == "json":
        return json_report.overview_json(reports)
    if form == "text":
        return text.overview_text(reports, width=width(), colour=colour())
    raise UsageError(f"--format {form} is for one story; name one of {', '.join(report.id for report in reports)}")


def _last_look(app: "App", story: str, opened: datetime) -> "Look":
    """Return how far this reader had got; to a first look everything since the opening is new."""
    from tracker.application.look import last_look
    from tracker.application.news import Look

    return last_look(app.views, story, _reader()) or Look(0, opened)


def _mark(app: "App", reports: "Sequence[StatusView]") -> None:
    from tracker.application.look import looked
    from tracker.application.news import Look

    for report in reports:
        looked(app.views, report.id, _reader(), Look(report.head.position, report.as_of))


def _reader() -> str:
    """Return who is reading: the account's name, where it has one."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "reader"
