"""`tracker review`: findings that the judge is unsure of, and what a person says of any finding."""

from typing import TYPE_CHECKING

import click

from tracker.entrypoints.cli.context import POSITION, Context, json_option, pass_context, print_json
from tracker.entrypoints.cli.names import STORY

if TYPE_CHECKING:
    from tracker.application.review import Said
    from tracker.rendering.view import Change

ACTOR = "person"
RELATIONS = ("corroborates", "updates", "denies")


@click.group()
def review() -> None:
    """Say whether what the judge found is right."""


@review.command("list")
@click.argument("story_id", metavar="[STORY]", required=False, type=STORY)
@json_option
@pass_context
def list_(context: Context, story_id: str | None, as_json: bool) -> None:
    """List the findings that wait for a person, oldest first."""
    from tracker.rendering.documents import changes
    from tracker.rendering.phrases import kind
    from tracker.rendering.plain import line, moment

    waiting = _waiting(context, story_id)
    if as_json:
        print_json(changes.review(waiting))
        return
    for story, told in waiting:
        about = told.claim or "a new claim"
        click.echo(f"#{told.position}  {moment(told.seen)}  {story}  {kind(told)} {about}: {line(told.headline)}")
        click.echo(f"    “{line(told.sentence)}”  {line(told.reason)}")
    if not waiting:
        click.echo("Nothing waits for a review.", err=True)


@review.command()
@click.argument("position", type=POSITION)
@pass_context
def confirm(context: Context, position: int) -> None:
    """Say that the finding at POSITION is right."""
    _say(context, position, "confirmed")


@review.command()
@click.argument("position", type=POSITION)
@pass_context
def reject(context: Context, position: int) -> None:
    """Say that the finding at POSITION is wrong.

    Its claim then stands as if the finding had not been made.
    """
    _say(context, position, "rejected")


@review.command()
@click.argument("position", type=POSITION)
@click.argument("relation", type=click.Choice(RELATIONS))
@pass_context
def relabel(context: Context, position: int, relation: str) -> None:
    """Say what the finding at POSITION really does to its claim."""
    _say(context, position, "relabelled", relation)


def _say(context: Context, position: int, said: "Said", relation: str | None = None) -> None:
    from tracker.application.review import review as record
    from tracker.domain.claims import Relation

    app = context.existing()
    before = app.log.head()
    recorded = record(app, position, said, ACTOR, Relation(relation) if relation else None)
    context.views()
    already = "already " if recorded.position <= before else ""
    click.echo(f"#{position} {already}{said}{f' as {relation}' if relation else ''}; see it:  tracker why {position}")


def _waiting(context: Context, story_id: str | None) -> "list[tuple[str, Change]]":
    from tracker.application.report import head_of, heads, waiting

    views = context.views()
    stories = [head_of(views, story_id)["id"]] if story_id else [head["id"] for head in heads(views)]
    return [(story, told) for story in stories for told in waiting(views, story)]
