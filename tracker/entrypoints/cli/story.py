"""`tracker story`: open, list, close, withdraw, claims, entries."""

from typing import TYPE_CHECKING

import click

from tracker.entrypoints.cli.context import Context, json_option, pass_context, print_json
from tracker.entrypoints.cli.names import CLAIM, FILE, STORY
from tracker.rendering.plain import line

if TYPE_CHECKING:
    from tracker.domain.claims import Claim
    from tracker.domain.story import Story
    from tracker.ports.seeds import Seed
    from tracker.rendering.documents.stories import Opened

ACTOR = "person"


@click.group()
def story() -> None:
    """Open, list and close stories."""


@story.command(
    "open",
    epilog="""\b
From an article:   tracker story open https://news.example/bridge --id bridge
From a file:       tracker story open bridge.html --title 'The old bridge'""",
)
@click.argument("seed", type=FILE)
@click.option("--id", "story_id", help="The story's id; made from the title otherwise.")
@click.option("--title", help="The story's title; read from the seed otherwise.")
@click.option("--json", "as_json", is_flag=True, help="Print what was tracked as JSON.")
@pass_context
def open_(context: Context, seed: str, story_id: str | None, title: str | None, as_json: bool) -> None:
    """Open a story from a seed file or an article.

    SEED is a .toml seed, an article (.txt .html .md) or an article's address.
    """
    from tracker.application.sources import add_feed, check_address
    from tracker.application.stories import open_story
    from tracker.ports.feeds import FeedOptions

    app = context.app()
    read = app.read_seed(seed, story_id=story_id, title=title)
    for feed in read.feeds:
        check_address(feed.url)
    opened = open_story(app.log, read, ACTOR)
    for feed in read.feeds:
        add_feed(
            app.log, app.feeds, url=feed.url, name=feed.name, story=opened.id, now=app.clock(), actor=ACTOR,
            options=FeedOptions(article=feed.article),
        )  # fmt: skip
    context.views()
    if as_json:
        print_json(_opened_document(opened, read))
    else:
        _print_opened(opened, read)


@story.command("list")
@json_option
@pass_context
def list_(context: Context, as_json: bool) -> None:
    """List the stories that are or were followed."""
    from tracker.application.parts import stories_part
    from tracker.rendering.documents import stories
    from tracker.rendering.phrases import count

    listed = sorted(stories_part(context.views()).items, key=lambda one: one.opened_at)
    if as_json:
        print_json(stories.stories(listed))
        return
    for item in listed:
        state = "closed" if item.closed else "open"
        held = f"{count(item.claims, 'claim')}, {count(item.entries, 'entry', 'entries')}"
        click.echo(f"{item.id}  {state}  {held}  {line(item.title)}")
    if not listed:
        click.echo("No story yet. Open one:  tracker story open ARTICLE.txt", err=True)


@story.command()
@click.argument("story_id", metavar="ID", type=STORY)
@pass_context
def close(context: Context, story_id: str) -> None:
    """Follow a story no longer; its log stays."""
    from tracker.application.stories import close_story

    app = context.existing()
    close_story(app.log, story_id, ACTOR)
    context.views()
    click.echo(f"closed {story_id}")


@story.command()
@click.argument("story_id", metavar="ID", type=STORY)
@click.argument("claim", type=CLAIM)
@click.option("--reason", required=True, help="Why; told to whoever was told of the claim.")
@pass_context
def withdraw(context: Context, story_id: str, claim: str, reason: str) -> None:
    """Follow a claim of a story no longer, because it was wrong.

    CLAIM is an id as `tracker story claims` shows it. Whoever was told of the claim is told that it is withdrawn, once.
    """
    from tracker.application.withdraw import withdraw as withdraw_claim

    app = context.existing()
    if not withdraw_claim(app, story_id, claim, reason=reason, actor=ACTOR):
        click.echo(f"{claim} was withdrawn before", err=True)
        return
    context.views()
    click.echo(f"withdrawn {claim} of {story_id}; see it:  tracker status {story_id}")


@story.command()
@click.argument("story_id", metavar="ID", type=STORY)
@json_option
@pass_context
def claims(context: Context, story_id: str, as_json: bool) -> None:
    """List a story's claims as they stand."""
    from tracker.application.report import claims_of, head_of
    from tracker.projections.ledger import claim_in
    from tracker.rendering.documents import claims as documents

    views = context.views()
    head_of(views, story_id)
    if as_json:
        print_json(documents.claims(story_id, claims_of(views, story_id)))
        return
    for row in sorted(views.scan("ledger", story_id), key=lambda row: (row["first_seen"], row["id"])):
        click.echo(f"{_claim_line(claim_in(row).current)}  [{row['standing']}]")


@story.command()
@click.argument("story_id", metavar="ID", type=STORY)
@json_option
@pass_context
def entries(context: Context, story_id: str, as_json: bool) -> None:
    """List the entries of a story and the claims they bear on."""
    from tracker.application.parts import entries_part
    from tracker.application.report import head_of
    from tracker.rendering.documents import entries as documents

    views = context.views()
    head_of(views, story_id)
    listed = entries_part(views, story_id).items
    if as_json:
        print_json(documents.entries(story_id, listed))
        return
    for one in listed:
        links = ", ".join(f"{link.claim} {link.relation}" for link in one.links)
        click.echo(f"{one.id}  {line(one.title)}  ({line(one.source)})  {links}".rstrip())


def _print_opened(opened: "Story", seed: "Seed") -> None:
    from tracker.rendering.phrases import count

    click.echo(f"Following {opened.id}: {line(opened.title)}")
    click.echo(f"\n{count(len(seed.claims), 'claim')} tracked:")
    for claim in seed.claims:
        click.echo(f"  {_claim_line(claim)}")
    if seed.left_out:
        click.echo(f"\n{count(len(seed.left_out), 'sentence')} left out:")
        for left in seed.left_out:
            click.echo(f"  {left.reason}: {line(left.sentence, 90)}")
    if seed.feeds:
        click.echo(f"\n{count(len(seed.feeds), 'feed')} followed; `tracker feed list` shows them.")
    hint = "tracker run" if seed.feeds else f"tracker feed add URL --story {opened.id}"
    click.echo(f"\nNext:  {hint}", err=True)


def _opened_document(opened: "Story", seed: "Seed") -> "Opened":
    from tracker.rendering.documents import stories

    listed = stories.Listed(
        opened.id, opened.title, opened.opened_at, opened.closed, len(opened.claims), len(opened.entries)
    )
    left_out = [stories.LeftOut(sentence=left.sentence, reason=left.reason) for left in seed.left_out]
    return stories.opened(listed, seed.claims, left_out, [feed.url for feed in seed.feeds])


def _claim_line(claim: "Claim") -> str:
    parts = [str(claim.status), *(quantity.text for quantity in claim.quantities), *(when.text for when in claim.dates)]
    said = f" - {line(claim.attributed_to)}" if claim.attributed_to else ""
    return f"{line(claim.id)}  {line(claim.text)}{said}  ({', '.join(line(part) for part in parts)})"
