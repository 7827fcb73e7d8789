"""`tracker run` and `tracker poll`: the same cycle, on a schedule or once."""

import click

from tracker.entrypoints.cli.context import PARTLY, Context, pass_context


@click.command()
@pass_context
def run(context: Context) -> None:
    """Follow the stories until stopped (SIGTERM or Ctrl-C).

    It ends within eight seconds, and at a second signal at once. SIGHUP has it read its settings anew; where they
    cannot be used it says so and goes on with the old ones.
    """
    from tracker.entrypoints.daemon import follow

    follow(context.app(), context.settings)


@click.command()
@pass_context
def poll(context: Context) -> int:
    """Poll every feed now, judge what is new, deliver what is owed."""
    from tracker.application.cycle import begin, gather, tell
    from tracker.rendering.phrases import count

    app = context.app()
    app.check_channels()
    with app.worker_lock():
        room = app.newsroom()
        begin(room, app.declared(), alone=app.alone)
        try:
            gathered = gather(room, now=True)
            told = tell(room, app.notifiers, flush=True)
        except KeyboardInterrupt:
            app.abort()  # or the process would wait at its end for what is slow
            raise
    failed = [polled for polled in gathered.polled if polled.error]
    for polled in failed:
        click.echo(f"tracker: {polled.feed.url}: {polled.error}", err=True)
    waiting = sum(1 for polled in failed if polled.outcome == "waiting")
    left = f", {waiting} left alone" if waiting else ""
    aside = [judged for judged in gathered.judged if judged.fault]
    for judged in aside:
        click.echo(f"tracker: entry {judged.verdict.entry.id}: {judged.fault}", err=True)
    sure = ((judged, [f for f in judged.verdict.findings if not f.needs_review]) for judged in gathered.judged)
    news = sum(1 for judged, findings in sure if judged.notices or any(f.news for f in findings))
    looked = gathered.looked
    without = sum(1 for one in looked if one.error)
    pages = f"{count(len(looked), 'page')} looked at, {without} without an article; " if looked else ""
    click.echo(
        f"{count(len(gathered.polled) - waiting, 'feed')} polled, {len(failed) - waiting} failed{left}; {pages}"
        f"{count(len(gathered.judged), 'entry', 'entries')} judged, {news} with news; "
        f"{count(told.sent, 'alert')} sent, {told.failed} to retry, {told.dead} given up"
    )
    return PARTLY if failed or aside or told.failed or told.dead else 0
