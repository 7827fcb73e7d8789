"""`tracker story`: open, list, close, withdraw, claims, entries."""

from typing import TYPE_CHECKING, Any

import click

from tracker.entrypoints.cli.context import Context, pass_context, print_json
from tracker.rendering.plain import line

if TYPE_CHECKING:
    from tracker.domain.claims import Claim
    from tracker.domain.story import Story
    from tracker.ports.seeds import Seed

ACTOR = "person"


@click.group()
def story() -> None:
    """Open, list and close stories."""


@story.command("open")
@click.argument("seed")
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
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def list_(context: Context, as_json: bool) -> None:
    """List the stories that are or were followed."""
    from tracker.rendering.phrases import count

    stories = _stories(context)
    if as_json:
        print_json({"schema_version": 1, "stories": [_story_row(item) for item in stories]})
        return
    for item in stories:
        state = "closed" if item.closed else "open"
        held = f"{count(len(item.claims), 'claim')}, {count(len(item.entries), 'entry', 'entries')}"
        click.echo(f"{item.id}  {state}  {held}  {item.title}")
    if not stories:
        click.echo("No story yet. Open one:  tracker story open ARTICLE.txt", err=True)


@story.command()
@click.argument("story_id", metavar="ID")
@pass_context
def close(context: Context, story_id: str) -> None:
    """Follow a story no longer; its log stays."""
    from tracker.application.stories import close_story

    app = context.app()
    close_story(app.log, story_id, ACTOR)
    context.views()
    click.echo(f"closed {story_id}")


@story.command()
@click.argument("story_id", metavar="ID")
@click.argument("claim")
@click.option("--reason", required=True, help="Why; told to whoever was told of the claim.")
@pass_context
def withdraw(context: Context, story_id: str, claim: str, reason: str) -> None:
    """Follow a claim of a story no longer, because it was wrong.

    CLAIM is an id as `tracker story claims` shows it. Whoever was told of the claim is told that it is withdrawn, once.
    """
    from tracker.application.withdraw import withdraw as withdraw_claim

    app = context.app()
    if not withdraw_claim(app, story_id, claim, reason=reason, actor=ACTOR):
        click.echo(f"{claim} was withdrawn before", err=True)
        return
    context.views()
    click.echo(f"withdrawn {claim} of {story_id}; see it:  tracker status {story_id}")


@story.command()
@click.argument("story_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def claims(context: Context, story_id: str, as_json: bool) -> None:
    """List a story's claims as they stand."""
    found = _story(context, story_id)
    rows = [_claim_row(tracked.current, tracked.standing) for tracked in found.claims.values()]
    if as_json:
        print_json({"schema_version": 1, "story": story_id, "claims": rows})
        return
    for tracked in found.claims.values():
        click.echo(f"{_claim_line(tracked.current)}  [{tracked.standing}]")


@story.command()
@click.argument("story_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def entries(context: Context, story_id: str, as_json: bool) -> None:
    """List the entries of a story and the claims they bear on."""
    found = _story(context, story_id)
    rows = [
        {
            "id": known.ref.id,
            "title": known.ref.title,
            "url": known.ref.url,
            "source": known.ref.source,
            "news": known.news,
            "links": [{"claim": claim, "relation": str(relation)} for claim, relation in known.links],
        }
        for known in found.entries.values()
    ]
    if as_json:
        print_json({"schema_version": 1, "story": story_id, "entries": rows})
        return
    for known in found.entries.values():
        links = ", ".join(f"{claim} {relation}" for claim, relation in known.links)
        click.echo(f"{known.ref.id}  {line(known.ref.title)}  ({line(known.ref.source)})  {links}".rstrip())


def _stories(context: Context) -> "list[Story]":
    from tracker.application.shelf import Shelf

    return list(Shelf(context.app().log).all_stories())


def _story(context: Context, story_id: str) -> "Story":
    from tracker.application.near import no_story
    from tracker.application.shelf import Shelf

    found = Shelf(context.app().log).story(story_id)
    if found is None:
        raise no_story(context.app().log, story_id)
    return found


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


def _opened_document(opened: "Story", seed: "Seed") -> dict[str, Any]:
    return {
        "schema_version": 1,
        "story": _story_row(opened),
        "claims": [_claim_row(claim, "reported") for claim in seed.claims],
        "left_out": [{"sentence": left.sentence, "reason": left.reason} for left in seed.left_out],
        "feeds": [feed.url for feed in seed.feeds],
    }


def _story_row(item: "Story") -> dict[str, Any]:
    from tracker.projections.rows import stamp

    return {
        "id": item.id,
        "title": item.title,
        "opened_at": stamp(item.opened_at),
        "closed": item.closed,
        "claims": len(item.claims),
        "entries": len(item.entries),
    }


def _claim_row(claim: "Claim", standing: str) -> dict[str, Any]:
    return {
        "id": claim.id,
        "text": claim.text,
        "attributed_to": claim.attributed_to,
        "status": str(claim.status),
        "standing": str(standing),
        "quantities": [quantity.text for quantity in claim.quantities],
        "dates": [f"{when.start.isoformat()}/{when.end.isoformat()}" for when in claim.dates],
    }


def _claim_line(claim: "Claim") -> str:
    parts = [str(claim.status), *(quantity.text for quantity in claim.quantities), *(when.text for when in claim.dates)]
    said = f" - {line(claim.attributed_to)}" if claim.attributed_to else ""
    return f"{line(claim.id)}  {line(claim.text)}{said}  ({', '.join(line(part) for part in parts)})"
