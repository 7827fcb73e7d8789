"""`tracker demo`: a recorded story from seed to alert, offline."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any

import click

from tracker.entrypoints.cli.context import Context, pass_context
from tracker.entrypoints.cli.terminal import capable, colour, width

if TYPE_CHECKING:
    from tracker.application.replay import SimulatedClock
    from tracker.bootstrap import App
    from tracker.entrypoints.demo.stage import Stage
    from tracker.ports.seeds import Seed

ROUND = timedelta(hours=6)
"""Simulated time between two rounds of the cycle."""
NEWEST = timedelta(days=2)
"""The end of the demo that its report calls new."""


@click.command()
@pass_context
def demo(context: Context) -> None:
    """Follow a recorded story offline: ten days of June 2024 in under a minute.

    Serves recorded items as RSS, Atom and JSON feeds that grow over simulated days, with a mail server and a webhook
    receiver on loopback, and runs the daemon's own cycle on them.
    """
    del context  # the demo has a database and settings of its own
    from tracker.application.replay import SimulatedClock, read_items
    from tracker.bootstrap import App, resource
    from tracker.config import Settings
    from tracker.entrypoints.demo.stage import Stage, raised

    seeds = resource("seeds")
    folder = Path(tempfile.mkdtemp(prefix="tracker-demo-"))
    recorded = seeds / "western-instructors.items.jsonl"
    with recorded.open(encoding="utf-8") as lines:
        items = [entry for _, entry in read_items(lines, str(recorded))]
    seed = App(Settings()).read_seed(str(seeds / "western-instructors.toml"))
    clock = SimulatedClock(seed.as_of or items[0].seen)
    with raised(Stage(clock, items)) as stage:
        app = _open(stage, folder, clock, seed)
        _follow(app, stage, clock, items[-1].seen + ROUND)
        head = _show(app, stage, seed.id)
        _what_next(folder, seed.id, head)
        app.close()


def _open(stage: "Stage", folder: Path, clock: "SimulatedClock", seed: "Seed") -> "App":
    from tracker.application.sources import add_feed
    from tracker.application.stories import open_story
    from tracker.application.subscribe import subscribe, subscription_to
    from tracker.bootstrap import App
    from tracker.config import Database, Mail, Settings, Worker
    from tracker.entrypoints.demo.publish import OUTLETS
    from tracker.entrypoints.demo.stage import HOOK, LOOPBACK

    (folder / "webhook.secret").write_text("whsec_" + "ZGVtby1zZWNyZXQtb2YtdGhpcnR5LXR3by1ieXRlcyEh")
    pace = ROUND.total_seconds()  # and nobody is there to be spared
    settings = Settings(
        database=Database(url=f"sqlite:///{folder / 'tracker.db'}"),
        worker=Worker(feed_interval=pace, longest_interval=pace, host_gap=0, allow_private=("loopback",)),
        mail=Mail(host=LOOPBACK, port=stage.smtp_port, tls="none", sender="tracker@localhost"),
    )
    app = App(settings, clock)
    open_story(app.log, seed, "demo")
    click.echo(f"Opened “{seed.title}” from its seed: {len(seed.claims)} claims.")
    for outlet in OUTLETS:
        url, now = stage.web + outlet.path, clock()
        add_feed(app.log, app.feeds, url=url, name=None, story=seed.id, now=now, actor="demo")
    secret = f"file:{folder / 'webhook.secret'}"
    mail = subscription_to(email="reader@localhost", webhook=None, story=seed.id, secret=None)
    hook = subscription_to(email=None, webhook=stage.web + HOOK, story=seed.id, secret=secret)
    for wanted in (mail, hook):
        subscribe(app.log, wanted, "demo")
    return app


def _follow(app: "App", stage: "Stage", clock: "SimulatedClock", end: datetime) -> None:
    from tracker.application.cycle import gather, tell

    room = app.newsroom()
    entries = 0
    with _progress(clock(), end) as advance:
        while clock() < end:
            clock.advance(clock() + ROUND)
            entries += len(gather(room).judged)
            tell(room, app.notifiers)
            advance(clock(), f"{entries} entries read, {len(stage.mails)} alerts")
    click.echo(f"Read {entries} entries of ten days from three feeds; {len(stage.mails)} alerts went out.\n")


def _show(app: "App", stage: "Stage", story: str) -> str:
    """Show the report and the last alerts; return the head of the log that the report bears."""
    from tracker.application.report import report
    from tracker.rendering.text import status_text

    since = app.clock() - NEWEST
    view = report(app.views, app.feeds, story, since=since)
    click.echo(status_text(view, width=width(), colour=colour()))
    if stage.mails:
        mail = stage.mails[-1]
        body = mail.get_body(("plain",))
        click.echo(_rule(f"The last of {len(stage.mails)} mails that arrived"))
        click.echo("\n".join(f"{name}: {mail[name]}" for name in ("From", "To", "Subject", "Message-ID")))
        click.echo("\n" + (body.get_content() if body else "").strip())
    if stage.hooks:
        hook = stage.hooks[-1]
        click.echo(_rule(f"The last of {len(stage.hooks)} webhooks that arrived"))
        click.echo("\n".join(f"{name}: {text}" for name, text in hook["headers"].items() if "webhook" in name.lower()))
        click.echo(json.dumps(hook["body"], ensure_ascii=False, indent=2))
    return view.head.hash


def _what_next(folder: Path, story: str, head: str) -> None:
    variables = [f"TRACKER_DATABASE_URL=sqlite:///{folder / 'tracker.db'}"]
    if which("tracker") is None:  # as in a shell that ran `make demo`
        variables.append(f'PATH="{Path(sys.executable).parent}:$PATH"')
    click.echo(_rule("What to type next"))
    click.echo(
        f"""The demo's log is kept; look into it:
  export {" ".join(variables)}
  tracker serve     the page of it: open http://127.0.0.1:8378/story/{story}, until Ctrl-C
  tracker status {story} --as-of 2024-06-05     what was known then
  tracker status {story} --as-of 2024-06-05 --valid-at 2024-06-04     and of the day before
  tracker timeline {story}                      what happened, in order
The log is still the one that the report rests on:
  tracker verify --head {head}

Follow a story of your own (after: unset TRACKER_DATABASE_URL):
  tracker init     asks for the mail server and whom to tell, and says what to type next"""
    )


def _rule(title: str) -> str:
    return f"\n── {title} {'─' * max(3, width() - len(title) - 4)}"


@contextmanager
def _progress(start: datetime, end: datetime) -> Iterator[Any]:
    if not capable(sys.stderr):
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.fields[day]}"), BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=(end - start).total_seconds(), day=f"{start:%d %B %Y}")
        yield lambda moment, words: bar.update(
            task, completed=(moment - start).total_seconds(), description=words, day=f"{moment:%d %B %Y}"
        )
