"""`tracker feed add`: an address of a feed, of a site that has one, or a search."""

from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from tracker.entrypoints.cli.context import Context, pass_context
from tracker.entrypoints.cli.feed_options import ACTOR, how_to_ask, options_of, story_option
from tracker.errors import NotFound, UsageError
from tracker.rendering.plain import line

if TYPE_CHECKING:
    from tracker.application.discover import Found
    from tracker.bootstrap import App
    from tracker.domain.story import Story
    from tracker.ports.feeds import FeedOptions, FeedState
    from tracker.ports.finding import Offer

_FROM_STORY = " "
AMBIGUOUS = 2


@click.command(
    epilog="""\b
A site:      tracker feed add news.example --story bridge
A search:    tracker feed add --query --story bridge"""
)
@click.argument("url", required=False)
@story_option
@click.option("--name", help="What to call it in reports; the feed's own title otherwise.")
@click.option("--all", "everything", is_flag=True, help="Add every feed that the site offers, but those of comments.")
@click.option(
    "--query",
    "words",
    is_flag=False,
    flag_value=_FROM_STORY,
    metavar="[WORDS]",
    help="Follow a search for these words; without WORDS for those of the story.",
)
@click.option("--from", "service", type=click.Choice(["google", "gdelt"]), default="google", show_default=True)
@click.option("--dry-run", is_flag=True, help="Say what would be added; add nothing.")
@how_to_ask
@pass_context
def add(
    context: Context,
    /,
    *,
    url: str | None,
    story_id: str | None,
    name: str | None,
    everything: bool,
    words: str | None,
    service: str,
    dry_run: bool,
    **ways: Any,
) -> int:
    """Follow a feed (RSS, Atom or JSON Feed) from now on.

    URL is a feed, or a site whose feed is looked for: the first that its page declares, else the one that it links to,
    else the usual places. An address that cannot be read now is added all the same, with a warning. Adding a feed again
    with other options changes how it is asked, and nothing else. --query follows a news search instead, by Google
    (--from google) or GDELT. Exits with 2 when a site offers several feeds and none is the main one, with 3 when it
    offers none.
    """
    from tracker.application.sources import check_story

    options = options_of(ways)
    if (url is None) == (words is None):
        raise UsageError("give the address of a feed or a site, or --query for a search")
    if everything and name:
        raise UsageError("--name is for one feed; with --all each keeps its own title")
    app = context.app()
    check_story(app.log, story_id)
    adding = _Adding(app, story_id, options, dry_run=dry_run)
    if url is None:
        return adding.search(words or "", service, name)
    return adding.site(url, name, everything=everything)


class _Adding:
    """One call of the command."""

    def __init__(self, app: "App", story: str | None, options: "FeedOptions", *, dry_run: bool) -> None:
        self._app = app
        self._story = story
        self._options = options
        self._dry_run = dry_run

    def search(self, words: str, service: str, name: str | None) -> int:
        """Follow a search. Raises UsageError when there are no words, or words that no service understands."""
        from tracker.domain.search import SERVICES, checked

        story = _story(self._app, self._story)
        if words == _FROM_STORY:
            words = _words_of(story)
        words = checked(words)
        asked = SERVICES[service]
        url = asked.address(words, story.language if story else "en")
        click.echo(f"searching {asked.name} for:  {line(words)}", err=not self._dry_run)
        self._follow(url, name or f"{asked.name}: {line(story.title if story else words, 100)}")
        return 0

    def site(self, address: str, name: str | None, *, everything: bool) -> int:
        """Follow the feed at an address, or those of the site there."""
        from tracker.application.discover import find, spellings
        from tracker.application.sources import followed

        held = [followed(self._app.feeds.all(), one, self._story) for one in spellings(address)]
        known = next(filter(None, held), None)
        if known is not None and not everything:
            self._try_other_options(known)
            self._again(known, name)
            return 0
        found = find(self._app.scout, address, self._options, everything=everything)
        if not found.clear:
            return self._which(address, found)
        for feed in found.feeds:
            self._refuse_strangers(address, feed.url)
        for feed in found.feeds:
            self._follow(feed.url, name or feed.title)
        _warn(found.unread)
        self._name_others(found.others)
        return 0

    def _follow(self, url: str, name: str | None) -> None:
        from tracker.application.sources import add_feed, also_followed

        if self._dry_run:
            click.echo(f"would add  {url}{_title(name)}")
            return
        app = self._app
        state, new = add_feed(
            app.log, app.feeds, url=url, name=name, story=self._story, now=app.clock(), actor=ACTOR,
            options=self._options,
        )  # fmt: skip
        if new:
            click.echo(f"added {state.id}  {state.url}")
        else:
            self._again(state, None)
        for other in also_followed(app.feeds.all(), state) if new else ():
            whose = f"story {other.story}" if other.story else "all stories"
            click.echo(f"tracker: this address is also followed for {whose}, as {other.id}", err=True)

    def _try_other_options(self, state: "FeedState") -> None:
        """Ask a source that is followed in another way once, as a new one is asked, and say why that fails."""
        from tracker.application.discover import why_unread
        from tracker.ports.feeds import PLAIN

        if self._options not in (PLAIN, state.options):
            _warn(why_unread(self._app.scout, state.url, self._options))

    def _again(self, state: "FeedState", name: str | None) -> None:
        """Have a source that is followed already asked in the way that was given, if one was."""
        from tracker.application.sources import change_feed
        from tracker.ports.feeds import PLAIN

        options = state.options if self._options == PLAIN else self._options
        changed = None
        if not self._dry_run:
            changed = change_feed(self._app.feeds, state, options=options, name=name, now=self._app.clock())
        click.echo(f"already followed{'; settings changed' if changed else ''} {state.id}  {state.url}")

    def _which(self, address: str, found: "Found") -> int:
        for feed in found.feeds:
            click.echo(self._command(feed))
        click.echo(f"tracker: {address} offers {len(found.feeds)} feeds; add one of them, or all with --all", err=True)
        return AMBIGUOUS

    def _name_others(self, others: "tuple[Offer, ...]") -> None:
        if others:
            click.echo("Offered there as well:", err=True)
        for offer in others:
            click.echo(f"  {self._command(offer)}", err=True)

    def _command(self, offer: "Offer") -> str:
        scope = f" --story {quote(self._story)}" if self._story else ""
        return f"tracker feed add {quote(offer.url)}{scope}{_title(offer.title)}"

    def _refuse_strangers(self, address: str, url: str) -> None:
        """Raise UsageError rather than send what is secret to another host than the one that was named."""
        from tracker.application.discover import host_of, spellings

        options = self._options
        secret = options.login or options.cookie or options.headers
        if secret and host_of(url) != host_of(spellings(address)[0]):
            raise UsageError(f"the feed of {address} is at {url}, another host: if your secrets are for it, add that")


def _warn(unread: str | None) -> None:
    if unread:
        click.echo(f"tracker: not read now ({line(unread)}); the worker goes on trying", err=True)


def _title(name: str | None) -> str:
    return f"  # {line(name, 60)}" if line(name) else ""


def _story(app: "App", story_id: str | None) -> "Story | None":
    from tracker.application.shelf import Shelf

    return Shelf(app.log).story(story_id) if story_id else None


def _words_of(story: "Story | None") -> str:
    from tracker.application.search import words_for

    if story is None:
        raise UsageError("--query takes words, or those of a story: --story ID")
    words = words_for(story)
    if words is None:
        raise NotFound(f"story {story.id} holds no words to search for; give some: --query 'WORDS'")
    return words
