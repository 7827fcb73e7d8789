"""`tracker erase`: an entry's words go, by a right or by a court's order."""

import click

from tracker.entrypoints.cli.context import PARTLY, Context, pass_context
from tracker.errors import StoreError

ACTOR = "person"


@click.command()
@click.argument("entry")
@click.option("--reason", required=True, help="Why; recorded in the log.")
@pass_context
def erase(context: Context, entry: str, reason: str) -> int:
    """Take an entry's words out of the log and the archive, for good.

    ENTRY is an id as `tracker story entries` shows it. What was read out of the words stays: statuses, quantities and
    dates; so do the proof of the log and the fact of the erasure. The entry is not taken in again. Backups, exports and
    alerts that went out hold the words still.
    """
    from tracker.application.erase import erase as erase_words
    from tracker.rendering.phrases import count

    app = context.existing()
    done = erase_words(app.log, app.archive, app.eraser, entry, reason=reason, actor=ACTOR)
    context.views()
    stories = count(done.stories, "story", "stories")
    click.echo(f"erased {entry}: {count(done.events, 'event')} redacted, {stories} told; it is not taken in again")
    try:
        scrubbed = app.eraser.scrub()
    except StoreError as error:
        click.echo(f"tracker: the files were not written anew: {error}; erase it again later", err=True)
        return PARTLY
    if not scrubbed:
        click.echo("tracker: another process reads, and the files still hold the words; erase it again later", err=True)
        return PARTLY
    return 0
