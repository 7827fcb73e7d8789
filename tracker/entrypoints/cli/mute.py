"""`tracker mute`: story, claim, outlet, list, lift."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from tracker.entrypoints.cli.context import Context, json_option, pass_context, print_json
from tracker.entrypoints.cli.names import CLAIM, STORY, SUBSCRIPTION
from tracker.entrypoints.cli.times import Moment
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.domain.subscription_events import MuteSet

ACTOR = "person"
_LONGEST = 3650 * 86_400.0  # seconds; longer is for ever, and some of it would overflow a calendar

_OPTIONS = (
    click.option("--until", type=Moment(), help="Until this moment; until it is lifted otherwise."),
    click.option("--for", "how_long", metavar="TIME", help="For so long: 2h, 3d, 1w."),
    click.option(
        "--subscription", metavar="ID|TARGET", type=SUBSCRIPTION, help="For this one only; for everybody otherwise."
    ),
)


@click.group()
def mute() -> None:
    """Be told nothing of a story, a claim or an outlet for a while.

    What is muted is not told later either: it stays in the log and in every report. Whoever was told of something
    before is told all the same when it turns out to be wrong.
    """


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@mute.command()
@click.argument("story_id", metavar="STORY", type=STORY)
@_options
@pass_context
def story(context: Context, /, story_id: str, **limits: Any) -> None:
    """Tell nothing of a story, nor of its sources."""
    _set(context, limits, story=story_id)


@mute.command()
@click.argument("story_id", metavar="STORY", type=STORY)
@click.argument("claim_id", metavar="CLAIM", type=CLAIM)
@_options
@pass_context
def claim(context: Context, /, story_id: str, claim_id: str, **limits: Any) -> None:
    """Tell nothing that bears on one claim of a story alone."""
    _set(context, limits, story=story_id, claim=claim_id)


@mute.command()
@click.argument("name")
@click.option("--story", "story_id", metavar="ID", type=STORY, help="In this story only; in all stories otherwise.")
@_options
@pass_context
def outlet(context: Context, /, name: str, story_id: str | None, **limits: Any) -> None:
    """Tell nothing that an outlet publishes, or that it stands behind.

    NAME is written as reports and alerts have it; capitals make no difference.
    """
    _set(context, limits, story=story_id, outlet=name)


@mute.command("list")
@json_option
@pass_context
def list_(context: Context, as_json: bool) -> None:
    """List what is muted now."""
    from tracker.application.mute import mutes
    from tracker.entrypoints.documents import audience

    app = context.existing()
    found = mutes(app.log, app.clock())
    if as_json:
        print_json(audience.mutes(found))
        return
    for one in found:
        click.echo(_line(one))
    if not found:
        click.echo("Nothing is muted.", err=True)


@mute.command()
@click.argument("mute_id", metavar="ID")
@pass_context
def lift(context: Context, mute_id: str) -> None:
    """End a mute before its time."""
    from tracker.application.mute import lift as lift_

    app = context.existing()
    click.echo(f"lifted {_line(lift_(app.log, mute_id, app.clock(), ACTOR))}")


def _set(context: Context, limits: dict[str, Any], **what: str | None) -> None:
    from tracker.application.mute import mute as mute_
    from tracker.application.mute import mute_of
    from tracker.application.subscribe import find_subscription, subscriptions

    app = context.app()
    now, whose = app.clock(), limits["subscription"]
    if whose is not None:
        whose = find_subscription(subscriptions(app.log), whose).subscription
    wanted = mute_of(**what, until=_end(limits["until"], limits["how_long"], now), subscription=whose)
    new = mute_(app.log, wanted, now, ACTOR)
    click.echo(f"{'muted' if new else 'already muted'} {_line(wanted)}")


def _end(until: datetime | None, how_long: str | None, now: datetime) -> datetime | None:
    from tracker.application.wish import seconds_of

    if until is not None and how_long is not None:
        raise UsageError("a mute ends at a moment (--until) or after a time (--for), not both")
    return until if how_long is None else now + timedelta(seconds=seconds_of(how_long, _LONGEST))


def _line(one: "MuteSet") -> str:
    from tracker.domain.mutes import in_words
    from tracker.rendering.plain import line

    return f"{one.mute}  {line(in_words(one))}"
