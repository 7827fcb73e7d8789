"""The options that say how a source is asked; what is secret is a reference, so that no history of a shell holds it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.entrypoints.cli.names import STORY
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.ports.feeds import FeedOptions

ACTOR = "person"

story_option = click.option(
    "--story", "story_id", metavar="ID", type=STORY, help="For this story only; for all stories otherwise."
)

_OPTIONS = (
    click.option("--user-agent", metavar="UA", help="What tracker calls itself to this source."),
    click.option(
        "--header", "headers", multiple=True, metavar="NAME=VALUE", help="A header that is sent to it; may be repeated."
    ),
    click.option("--login", metavar="REF", help="Where user:password is: env:NAME or file:PATH."),
    click.option("--cookie", metavar="REF", help="Where the cookie is: env:NAME or file:PATH."),
    click.option("--proxy", metavar="URL|REF", help="A proxy to ask through; with a password only as a reference."),
    click.option("--article", is_flag=True, help="Read the page of each entry, too: for feeds that only tease."),
)


def how_to_ask(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that `options_of` reads."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def options_of(ways: dict[str, Any]) -> "FeedOptions":
    """Return the options as they were given, files with their whole path: workers run elsewhere. Raises UsageError."""
    from tracker.application.options import feed_options
    from tracker.config import anchored

    here = Path.cwd()
    headers = {name: anchored(value, here) for name, value in map(_parted, ways.pop("headers"))}
    for name in ("login", "cookie", "proxy"):
        ways[name] = anchored(ways[name], here) if ways[name] else None
    return feed_options(headers=headers, **ways)


def _parted(header: str) -> tuple[str, str]:
    name, equals, value = header.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"a header is given as NAME=VALUE, not {ascii(name)[:80]}")
    return name.strip(), value.strip()
