"""`tracker feed check`: what is behind an address, without following it."""

import re
from typing import TYPE_CHECKING, Any

import click

from tracker.entrypoints.cli.context import Context, pass_context, print_json
from tracker.entrypoints.cli.feed_options import how_to_ask, options_of
from tracker.entrypoints.cli.names import FEED
from tracker.entrypoints.cli.terminal import colour, width

if TYPE_CHECKING:
    from tracker.bootstrap import App
    from tracker.ports.feeds import FeedOptions, FeedState

NOT_FOLLOWABLE = 1
_ID = re.compile(r"f-[\w-]*")


@click.command()
@click.argument("url", metavar="URL|ID", type=FEED)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@how_to_ask
@pass_context
def check(context: Context, /, *, url: str, as_json: bool, **ways: Any) -> int:
    """Say what is at an address; writes nothing.

    The answer, its redirects and validators, the format, the entries and their dates, how often it would be asked; of
    a web page, which feeds it offers. Two requests at most; with --article one more for the page of the newest entry,
    after its robots.txt. A feed that is followed already is asked in its own way. Exits with 1 when it cannot be
    followed, and says why.
    """
    from tracker.application.check import check_feed
    from tracker.rendering.feed_check import check_json, check_text

    app = context.app()
    seen = check_feed(app.scout, _states(app, url, options_of(ways)), app.pace)
    if as_json:
        print_json(check_json(seen))
    else:
        click.echo(check_text(seen, width=width(), colour=colour()), nl=False)
    return 0 if seen.followable else NOT_FOLLOWABLE


def _states(app: "App", url: str, options: "FeedOptions") -> "list[FeedState]":
    """Return the source that is followed under an id or address, else those that may be meant."""
    from dataclasses import replace

    from tracker.application.discover import spellings
    from tracker.application.near import no_feed
    from tracker.application.sources import canonical, feed_id
    from tracker.ports.feeds import PLAIN, FeedState

    every, known = app.feeds.all(), _ID.fullmatch(url)
    meant = () if known else tuple(map(canonical, spellings(url)))
    held = next((state for state in every if state.id == url or state.url in (url, *meant)), None)
    if held is not None:
        return [held if options == PLAIN else replace(held, options=options)]
    if known:
        raise no_feed(every, url)
    now = app.clock()
    return [FeedState(feed_id(one, None), one, None, None, now, now, options=options) for one in meant]
