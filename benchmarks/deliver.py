"""Deliveries a second with the durable outbox on SQLite, beside the bare client sending the same, in one run.

    python -m benchmarks.deliver [--deliveries 2000] [--stories 20] [--runs 5] [--only webhook|email]

Developments of `--stories` stories are appended with the notices they owe; what is timed is delivering all of them:
claiming, writing the messages, sending, recording every try. Receivers on loopback, in processes of their own, take
everything at once. Beside it, with nothing written or stored:

    urllib3          posts the bodies that were sent, with headers of the same names and lengths, over one connection
    smtplib, one     hands over the mails that were sent, in one conversation
    smtplib, each    the same with a conversation for each mail

Runs are interleaved, each on a fresh copy of the database. Prints medians and the ratios of ours to each.
"""

import argparse
import json
import os
import shutil
import smtplib
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import urllib3

from tests.made.alerts import TEST_SECRET, corroborated, denied, entry, opening, updated
from tracker.adapters.notify.letter import letter
from tracker.adapters.notify.signature import signed_headers
from tracker.application.deliver import deliver
from tracker.application.drafts import Drafts
from tracker.application.subscribe import subscribe
from tracker.bootstrap import App
from tracker.config import Database, Mail, Settings, Worker
from tracker.domain.events import NewEvent, story_stream
from tracker.domain.routing import kind_of
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.ports.log import Batch, Notice
from tracker.ports.notify import Message

SECRET = "DELIVER_BENCHMARK_SECRET"
READER, SENDER = "reader@example.org", "desk@news.example"
_BATCH = 100


@contextmanager
def server(kind: str) -> Iterator[int]:
    """Run a receiver for the time of the block and give its port."""
    command = [sys.executable, "-m", "benchmarks.deliver_servers", kind]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        assert process.stdin is not None
        process.stdin.close()


def settings(file: Path, mail_port: int) -> Settings:
    """Return a tracker's settings on a file."""
    return Settings(
        database=Database(url=f"sqlite:///{file}"),
        worker=Worker(allow_private=("loopback",)),
        mail=Mail(host="127.0.0.1", port=mail_port, tls="none", sender=SENDER),
    )


def fill(app: App, wanted: SubscriptionAdded, deliveries: int, stories: int) -> None:
    """Append developments, each of an entry of its own, that are owed to one subscription."""
    subscribe(app.log, wanted, "benchmark")
    names = [f"story-{nth}" for nth in range(stories)]
    opened = opening()
    for name in names:
        new = [NewEvent(f"{name}-{one.id}", one.event, "benchmark", "seed") for one in opened]
        app.log.append(story_stream(name), 0, new)
    versions = Counter(dict.fromkeys(names, len(opened)))
    kinds = (updated, denied, corroborated)
    for start in range(0, deliveries, _BATCH):
        batches, notices = [], []
        for nth in range(start, min(start + _BATCH, deliveries)):
            name = names[nth % stories]
            event = NewEvent(f"n-{nth}", kinds[nth % len(kinds)](entry(f"e{nth}")), "judge", f"e{nth}")
            batches.append(Batch(story_stream(name), versions[name], [event]))
            notices.append(Notice(wanted.subscription, event.id, name, kind_of(event.event) or "", f"e{nth}"))
            versions[name] += 1
            if len({batch.stream for batch in batches}) == stories or nth % _BATCH == _BATCH - 1:
                app.log.append_together(batches, notices)
                batches, notices = [], []
        if batches:
            app.log.append_together(batches, notices)


def messages(file: Path, mail_port: int) -> list[Message]:
    """Return what is sent from a database, written out."""
    app = App(settings(file, mail_port))
    drafts = Drafts(app.log, app.outbox)
    found = [drafts.draft(one)[1] for one in reversed(app.outbox.search(limit=10**9))]
    app.close()
    return found


def ours(file: Path, mail_port: int, count: int) -> float:
    """Return deliveries a second out of a copy of the database."""
    copy = file.with_suffix(".run")
    shutil.copy(file, copy)
    app = App(settings(copy, mail_port))
    deliver(app.outbox, app.log, app.notifiers, app.clock, limit=0)
    began = perf_counter()
    told = deliver(app.outbox, app.log, app.notifiers, app.clock)
    took = perf_counter() - began
    if told.sent != count:
        raise SystemExit(f"sent {told.sent} of {count}: {told}")
    app.close()
    for left in copy.parent.glob(f"{copy.name}*"):
        left.unlink()
    return count / took


def bare_webhooks(url: str, sent: Sequence[Message]) -> float:
    """Return posts a second of the bodies, over one connection."""
    now = datetime.now(UTC)  # noqa: TID251 - no part of what is measured
    posts = []
    for one in sent:
        body = json.dumps(one.payload, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"content-type": "application/json; charset=utf-8", "user-agent": "tracker/1 (benchmark)"}
        posts.append((body, headers | dict(signed_headers(TEST_SECRET, identity=one.id, at=now, body=body))))
    pool = urllib3.PoolManager(maxsize=1, retries=False)
    began = perf_counter()
    for body, headers in posts:
        if pool.request("POST", url, body=body, headers=headers).status != 204:
            raise SystemExit("the receiver did not take it")
    took = perf_counter() - began
    pool.clear()
    return len(sent) / took


def bare_mails(port: int, sent: Sequence[Message], *, each: bool) -> float:
    """Return mails a second, in one conversation or one for each."""
    now = datetime.now(UTC)  # noqa: TID251 - no part of what is measured
    mails = [letter(one, sender=SENDER, recipient=READER, now=now) for one in sent]
    began = perf_counter()
    conversation = smtplib.SMTP("127.0.0.1", port, "localhost")
    for mail in mails:
        if each:
            conversation.quit()
            conversation = smtplib.SMTP("127.0.0.1", port, "localhost")
        conversation.sendmail(SENDER, [READER], mail)
    conversation.quit()
    return len(sent) / (perf_counter() - began)


def run(runs: int, contestants: dict[str, Callable[[], float]]) -> dict[str, float]:
    """Return the median of each contestant's rates; the runs are interleaved."""
    rates: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(runs):
        for name, measure in contestants.items():
            rates[name].append(measure())
    return {name: statistics.median(found) for name, found in rates.items()}


def table(channel: str, rates: dict[str, float]) -> None:
    """Print rates and ratios."""
    mine = rates["tracker"]
    for name, rate in rates.items():
        ratio = "" if name == "tracker" else f"{mine / rate:9.2f}"
        print(f"{channel:8}  {name:14}  {rate:10.0f}{ratio}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Deliveries a second, beside the bare client.")
    parser.add_argument("--deliveries", type=int, default=2000)
    parser.add_argument("--stories", type=int, default=20)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=["webhook", "email"])
    asked = parser.parse_args()
    os.environ[SECRET] = TEST_SECRET
    print(f"{asked.deliveries} deliveries of {asked.stories} stories, median of {asked.runs} runs")
    print(f"{'':8}  {'':14}  {'a second':>10}{'tracker to it':>15}")
    with tempfile.TemporaryDirectory() as folder, server("http") as web, server("smtp") as post:
        url = f"http://127.0.0.1:{web}/hook"
        for wanted in (
            SubscriptionAdded("s-hook", "webhook", url, None, f"env:{SECRET}"),
            SubscriptionAdded("s-mail", "email", READER, None),
        ):
            if asked.only in (None, wanted.channel):
                measure(wanted, Path(folder), post, asked)


def measure(wanted: SubscriptionAdded, folder: Path, post: int, asked: argparse.Namespace) -> None:
    """Measure one channel."""
    file = folder / f"{wanted.channel}.db"
    app = App(settings(file, post))
    fill(app, wanted, asked.deliveries, asked.stories)
    app.close()
    sent = messages(file, post)
    contestants = {"tracker": lambda: ours(file, post, len(sent))}
    if wanted.channel == "webhook":
        contestants["urllib3"] = lambda: bare_webhooks(wanted.target, sent)
    else:
        contestants["smtplib, one"] = lambda: bare_mails(post, sent, each=False)
        contestants["smtplib, each"] = lambda: bare_mails(post, sent, each=True)
    table(wanted.channel, run(asked.runs, contestants))


if __name__ == "__main__":
    main()
