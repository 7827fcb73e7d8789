"""`tracker subscription` and `tracker alert`, from the command line to the mail server and back."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.made.alerts import STORY, TEST_SECRET, entry, opening, updated
from tests.made.mailbox import Mailbox
from tests.made.receiver import Receiver
from tracker.application.deliver import deliver
from tracker.application.route import route, source_notices
from tracker.application.shelf import Shelf
from tracker.application.sources import add_feed
from tracker.application.subscribe import subscriptions
from tracker.bootstrap import App
from tracker.config import load
from tracker.domain.events import NewEvent, feed_stream, story_stream
from tracker.domain.feed_events import (
    FeedFailing,
)
from tracker.entrypoints.cli.main import run

Tracker = Callable[..., tuple[int, str, str]]
ADDRESS = "reader@example.org"


@pytest.fixture
def config(tmp_path: Path, box: Mailbox) -> Path:
    """A config file with a mail server on loopback, and a database that holds one story."""
    database = f"sqlite:///{tmp_path / 'tracker.db'}"
    path = tmp_path / "tracker.toml"
    path.write_text(
        f'[database]\nurl = "{database}"\n[mail]\nhost = "127.0.0.1"\nport = {box.port}\ntls = "none"\n'
        f'[worker]\nallow_private = ["loopback"]\n'
    )
    with_app(path, lambda app: app.log.append(story_stream(STORY), 0, opening()))
    return path


def with_app(config: Path, act: Callable[[App], object]) -> None:
    app = App(load(config, {}, {}))
    try:
        act(app)
    finally:
        app.close()


@pytest.fixture
def tracker(config: Path, capsys: pytest.CaptureFixture[str]) -> Tracker:
    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(["--config", str(config), *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def report(app: App, count: int = 1) -> None:
    """Record developments, each of an entry of its own, with the notices they owe."""
    stream = story_stream(STORY)
    for number in range(count):
        story = Shelf(app.log).story(STORY)
        assert story is not None
        new = (NewEvent(f"n-{story.version}", updated(entry(f"e{number}")), "judge", f"e{number}"),)
        app.log.append(stream, story.version, new, route(story, new, subscriptions(app.log), app.clock(), silent=False))


def test_a_reader_is_added_listed_tested_and_removed(tracker: Tracker, box: Mailbox) -> None:
    """The way of a mail subscription, with what is said at each step; a real test message arrives."""
    code, out, err = tracker("subscription", "add", "--email", ADDRESS, "--story", STORY, "--id", "desk")
    assert (code, out) == (0, f"added desk  email  {ADDRESS}  [{STORY}]\n")
    assert "tracker subscription test desk" in err
    assert tracker("subscription", "add", "--email", ADDRESS, "--story", STORY, "--id", "desk")[1].startswith(
        "already there"
    )
    assert tracker("subscription", "list")[1] == f"desk  email  {ADDRESS}  [{STORY}]\n"
    code, out, err = tracker("subscription", "test", "desk")
    assert (code, out) == (0, f"taken by 127.0.0.1 for {ADDRESS}: 250 taken\n")
    assert "Taken is not read" in err
    assert box.parsed()[0]["Subject"] == "[tracker] Test message"
    assert tracker("subscription", "remove", ADDRESS)[:2] == (0, f"removed desk  email  {ADDRESS}  [{STORY}]\n")
    code, out, err = tracker("subscription", "list")
    assert (code, out, "Nobody is told yet" in err) == (0, "", True)


def test_a_reader_may_ask_for_sources_as_well(tracker: Tracker) -> None:
    """With --sources a subscription is changed in place and says so; without it, it is to developments again."""
    mail = ("subscription", "add", "--email", ADDRESS, "--id", "desk")
    assert tracker(*mail, "--sources")[1] == f"added desk  email  {ADDRESS}  [all stories; sources too]\n"
    assert json.loads(tracker("subscription", "list", "--json")[1])["subscriptions"][0]["sources"] is True
    assert tracker(*mail)[1] == f"added desk  email  {ADDRESS}  [all stories]\n"
    (row,) = json.loads(tracker("subscription", "list", "--json")[1])["subscriptions"]
    assert row["sources"] is False


def test_a_config_file_may_ask_for_sources_as_well(config: Path) -> None:
    """`sources = true` under [[subscription]] is --sources; without it a subscription is to developments."""
    wish = f'[[subscription]]\nemail = "{ADDRESS}"\n'
    config.write_text(config.read_text() + wish + "sources = true\n" + wish + 'id = "other"\n')

    def declared(app: App) -> None:
        assert [one.sources for one in app.declared().subscriptions] == [True, False]

    with_app(config, declared)


def test_an_alert_on_a_source_is_listed_and_shown(tracker: Tracker, config: Path) -> None:
    """What is owed on a source of every story names no story, and is shown as it is sent."""
    tracker("subscription", "add", "--email", ADDRESS, "--id", "desk", "--sources")

    def fail(app: App) -> None:
        feed, _ = add_feed(
            app.log, app.feeds, url="https://a.example/feed", name=None, story=None, now=app.clock(), actor="test"
        )
        new = NewEvent("n", FeedFailing(feed.id, 3, "HTTP 500"), "worker")
        app.log.append(feed_stream(feed.id), 1, (new,), source_notices(app.newsroom(), feed, new))

    with_app(config, fail)
    (row,) = json.loads(tracker("alert", "list", "--json")[1])["deliveries"]
    assert (row["story"], row["subscription"]) == (None, "desk")
    assert "  all stories  to desk  due " in tracker("alert", "list")[1]
    assert "Source failing: https://a.example/feed" in tracker("alert", "show", row["id"])[1]


def test_a_webhook_is_added_with_a_secret_that_is_never_shown(
    tracker: Tracker, there: Receiver, tmp_path: Path
) -> None:
    """The log and the list hold the reference, made absolute; the test message arrives signed."""
    secret = tmp_path / "hook.secret"
    secret.write_text(TEST_SECRET + "\n")
    assert (
        tracker("subscription", "add", "--webhook", there.url(), "--secret", f"file:{tmp_path}/./hook.secret")[0] == 0
    )
    (row,) = json.loads(tracker("subscription", "list", "--json")[1])["subscriptions"]
    where = {"channel": "webhook", "target": there.url(), "secret": f"file:{secret.resolve()}", "story": None}
    assert row.items() >= where.items()
    assert tracker("subscription", "test", there.url())[0] == 0
    assert json.loads(there.hooks[0].body)["type"] == "subscription.test"
    assert TEST_SECRET.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("tracker.db*"))


def test_a_test_message_that_fails_says_so(tracker: Tracker, box: Mailbox, there: Receiver, tmp_path: Path) -> None:
    """A refusal is exit code 1 with the server's words; a missing mail server and an unknown id are told as such."""
    tracker("subscription", "add", "--email", ADDRESS)
    box.rcpt = ["550 no such user"]
    assert tracker("subscription", "test", ADDRESS) == (
        1,
        "",
        f"tracker: not delivered to {ADDRESS}: 550 no such user\n",
    )
    assert tracker("subscription", "test", "nobody")[0] == 3
    (tmp_path / "key").write_text(TEST_SECRET)
    tracker("subscription", "add", "--webhook", there.url(), "--secret", f"file:{tmp_path / 'key'}")
    there.says(404)
    assert tracker("subscription", "test", there.url())[0] == 1
    (tmp_path / "tracker.toml").write_text(f'[database]\nurl = "sqlite:///{tmp_path / "tracker.db"}"\n')
    code, _, err = tracker("subscription", "test", ADDRESS)
    assert (code, "TRACKER_MAIL_HOST" in err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "either --email ADDRESS, --webhook URL or --chat REFERENCE"),
        (("--email", "reader"), 2, "no mail address"),
        (("--email", ADDRESS, "--webhook", "https://e.org/"), 2, "either"),
        (("--email", ADDRESS, "--story", "strike"), 3, "no story strike"),
        (("--webhook", "https://e.org/"), 2, "openssl rand"),
        (("--webhook", "https://e.org/", "--secret", "whsec_abc"), 2, "never as a value"),
        (("--webhook", "https://e.org/", "--secret", "file:"), 2, "never as a value"),
    ],
)
def test_a_wish_that_cannot_be_met_is_one_line(
    tracker: Tracker, arguments: tuple[str, ...], code: int, words: str
) -> None:
    """Each mistake has its exit code and one line on stderr; nothing is recorded."""
    ended, out, err = tracker("subscription", "add", *arguments)
    assert (ended, out, err.count("\n"), words in err) == (code, "", 1, True)
    assert tracker("subscription", "list")[1] == ""


def test_a_secret_is_looked_at_when_it_can_be(tracker: Tracker, tmp_path: Path) -> None:
    """A weak secret is refused at once; one that only the worker can read is taken with a warning."""
    (tmp_path / "weak").write_text("weak")
    hook = ("subscription", "add", "--webhook", "https://e.org/", "--secret")
    code, _, err = tracker(*hook, f"file:{tmp_path / 'weak'}")
    assert (code, "at least 24 bytes" in err) == (2, True)
    code, _, err = tracker(*hook, "env:SET_FOR_THE_WORKER_ALONE")
    assert (code, "the worker must find it there" in err) == (0, True)


@pytest.mark.parametrize("state", [(), ("--state", "waiting")])
def test_alerts_of_nothing_that_is_known_are_not_found(tracker: Tracker, state: tuple[str, ...]) -> None:
    """A story or a subscription that never was is exit code 3; of one that was removed the deliveries are listed."""
    for what in ("story", "subscription"):
        code, out, err = tracker("alert", "list", f"--{what}", "nope", *state)
        assert (code, out, err) == (3, "", f"tracker: no {what} nope; `tracker {what} list` shows them\n")
    tracker("subscription", "add", "--email", "old@example.org", "--id", "old")
    tracker("subscription", "remove", "old")
    assert tracker("alert", "list", "--subscription", "old", *state)[0] == 0


def test_alerts_are_listed_shown_and_sent_again(tracker: Tracker, config: Path, box: Mailbox) -> None:
    """A delivery is seen as it is owed, as it fails, as it is given up, and goes out when it is sent again."""
    code, out, err = tracker("alert", "list")
    assert (code, out, err) == (0, "", "No delivery.\n")
    tracker("subscription", "add", "--email", ADDRESS, "--id", "desk")
    with_app(config, report)
    (row,) = json.loads(tracker("alert", "list", "--json")[1])["deliveries"]
    assert (row["state"], row["attempts"], row["subscription"]) == ("pending", 0, "desk")
    assert " due " in tracker("alert", "list")[1]
    box.data = ["451 later", "554 never"]
    with_app(config, send)
    assert "failed 1 time: 451 later" in tracker("alert", "list", "--state", "pending")[1]
    assert tracker("alert", "retry", row["id"]) == (0, f"due again {row['id']}\n", "")
    with_app(config, send)
    assert "given up after 1 attempt: 554 never" in tracker("alert", "list", "--state", "dead")[1]
    assert tracker("alert", "retry", row["id"][:6])[0] == 0
    with_app(config, send)
    assert " delivered " in tracker("alert", "list", "--state", "delivered")[1]
    assert tracker("alert", "list", "--state", "dead")[2] == "No delivery is dead.\n"
    shown = tracker("alert", "show", row["id"])[1]
    assert "state: delivered\n" in shown
    assert f"to: {ADDRESS}\nsubject: {box.parsed()[0]['Subject']}\n\n" in shown
    assert "Paris will send 300 instructors" in shown


def test_an_alert_without_message_is_shown_all_the_same(tracker: Tracker, config: Path) -> None:
    """What a reader who left is still owed is shown with the reason why it is not sent."""
    tracker("subscription", "add", "--email", ADDRESS)
    with_app(config, report)
    (row,) = json.loads(tracker("alert", "list", "--json")[1])["deliveries"]
    tracker("subscription", "remove", ADDRESS)
    assert tracker("alert", "show", row["id"])[1].endswith("no message: subscription removed\n")


def test_a_delivery_is_named_by_enough_of_its_id(tracker: Tracker, config: Path) -> None:
    """An unknown id is not found, and a beginning that several share is a mistake."""
    tracker("subscription", "add", "--email", ADDRESS)
    with_app(config, lambda app: report(app, 3))
    assert tracker("alert", "show", "nothing")[0] == 3
    code, _, err = tracker("alert", "retry", "d")
    assert (code, err) == (2, "tracker: d begins 3 ids; give more of it\n")


def send(app: App) -> None:
    """Deliver what is due."""
    deliver(app.outbox, app.log, app.notifiers, app.clock)


def test_deliveries_are_sought(tracker: Tracker, config: Path) -> None:
    """A list is narrowed by story, reader and time, and is no longer than asked for."""
    for name in ("desk", "night"):
        tracker("subscription", "add", "--email", f"{name}@example.org", "--id", name)
    with_app(config, lambda app: report(app, 3))

    def found(*asked: str) -> int:
        return len(json.loads(tracker("alert", "list", "--json", *asked)[1])["deliveries"])

    assert (found(), found("--limit", "2"), found("--subscription", "desk")) == (6, 2, 3)
    assert (found("--story", STORY), found("--since", "2999-01-01")) == (6, 0)
    assert found("--state", "pending", "--subscription", "night", "--since", "2024-01-01") == 3


def test_what_waits_is_listed_with_its_reason(tracker: Tracker, config: Path) -> None:
    """What is held is in no delivery: it is shown with why and until when, narrowed like deliveries."""
    assert tracker("alert", "list", "--state", "waiting") == (0, "", "Nothing waits.\n")
    tracker("subscription", "add", "--email", ADDRESS, "--id", "desk", "--every", "daily")
    with_app(config, report)
    out = tracker("alert", "list", "--state", "waiting")[1]
    assert re.fullmatch(rf"#\d+  {STORY}  updated  to desk  waits for its digest until \S+ 08:00 UTC\n", out)
    (row,) = json.loads(tracker("alert", "list", "--state", "waiting", "--json")[1])["waiting"]
    assert (row["waits_for"], row["subscription"], row["kind"]) == ("digest", "desk", "updated")
    assert tracker("alert", "list", "--state", "waiting", "--subscription", "another")[1] == ""


def test_each_try_is_shown(tracker: Tracker, config: Path, box: Mailbox) -> None:
    """A delivery is shown with every try: when, how long it took, to whom, and what was answered; and what it holds."""
    tracker("subscription", "add", "--email", ADDRESS, "--id", "desk")
    with_app(config, report)
    box.data = ["451 later"]
    with_app(config, send)
    (row,) = json.loads(tracker("alert", "list", "--json")[1])["deliveries"]
    shown = tracker("alert", "show", row["id"])[1]
    assert re.search(
        rf"^try 1: \S+ \S+ UTC: transient 451 after \d\.\d s \({ADDRESS}\): 451 later$", shown, re.MULTILINE
    )
    assert f"\nholds #{row['position']}  {STORY}  updated  to desk\n" in shown


def test_what_was_given_up_is_replayed(tracker: Tracker, config: Path, box: Mailbox) -> None:
    """Those that came to an end are sent again under their ids; a dry run sends nothing, and no match exits with 3."""
    tracker("subscription", "add", "--email", ADDRESS, "--id", "desk")
    with_app(config, lambda app: report(app, 3))
    box.rcpt = ["550 no", "250 ok", "550 no"]
    with_app(config, send)
    replay = ("alert", "replay", "--since", "2024-01-01")
    code, out, _ = tracker(*replay, "--state", "dead", "--dry-run")
    assert (code, out.splitlines()[-1], len(out.splitlines())) == (0, "would be due again: 2", 3)
    document = json.loads(tracker(*replay, "--json", "--dry-run")[1])
    assert (document["count"], document["dry_run"], len(document["deliveries"])) == (3, True, 3)
    assert tracker(*replay, "--state", "dead", "--subscription", "desk") == (0, "due again: 2\n", "")
    with_app(config, send)
    sent = [one["Message-ID"] for one in box.parsed()]
    assert len(set(sent)) == len(sent) == 3
    assert tracker(*replay, "--state", "dead")[0] == 3
    ids = [one["id"] for one in json.loads(tracker("alert", "list", "--json")[1])["deliveries"]]
    assert tracker("alert", "replay", ids[0], ids[0][:20], ids[1]) == (0, "due again: 2\n", "")
    with_app(config, send)
    assert len({one["Message-ID"] for one in box.parsed()}) == 3


@pytest.mark.parametrize(
    "asked", [(), ("--subscription", "desk"), ("d-1", "--since", "2024-01-01"), ("--state", "dead")]
)
def test_a_replay_names_what_it_means(tracker: Tracker, asked: tuple[str, ...]) -> None:
    """Neither nothing, nor a filter without a moment, nor names beside a filter is a wish that can be met."""
    code, _, err = tracker("alert", "replay", *asked)
    assert (code, "--since T" in err) == (2, True)


def test_nothing_is_sent_again_to_whoever_was_removed(tracker: Tracker, config: Path, box: Mailbox) -> None:
    """A whole story is replayed by its name; what its former readers had is skipped, and alone it is an error."""
    for name in ("desk", "other"):
        tracker("subscription", "add", "--email", f"{name}@example.org", "--id", name)
    with_app(config, report)
    with_app(config, send)
    tracker("subscription", "remove", "desk@example.org")
    skipped = "skipped, since their subscription was removed: 1\n"
    assert tracker("alert", "replay", "--story", STORY) == (0, "due again: 1\n", skipped)
    with_app(config, send)
    assert len(box.mails) == 3
    rows = json.loads(tracker("alert", "list", "--json")[1])["deliveries"]
    (gone,) = (one["id"] for one in rows if one["subscription"] == "desk")
    for command in ("retry", "replay"):
        code, out, err = tracker("alert", command, gone)
        assert (code, out, "subscription removed: desk" in err) == (1, "", True)
    assert {one["state"] for one in json.loads(tracker("alert", "list", "--json")[1])["deliveries"]} == {"delivered"}


def test_endpoints_are_listed(tracker: Tracker, config: Path, box: Mailbox) -> None:
    """Addresses and the mail server are listed with how they fare; added again, a disabled one gets another chance."""
    assert tracker("alert", "endpoints") == (0, "", "Nothing was sent yet.\n")
    tracker("subscription", "add", "--email", ADDRESS, "--id", "desk")
    with_app(config, lambda app: report(app, 2))
    box.rcpt = ["550 no", "550 no"]
    with_app(config, send)
    (_, out, _) = tracker("alert", "endpoints")
    assert f"email  {ADDRESS}  active, 2 failures in a row since " in out
    assert ", no success yet: 550 no" in out
    server, row = json.loads(tracker("alert", "endpoints", "--json")[1])["endpoints"]
    assert (server["target"], server["failures"], server["last_ok_at"] is None) == ("127.0.0.1", 0, False)
    assert (row["target"], row["failures"], row["last_ok_at"]) == (ADDRESS, 2, None)
    with_app(config, lambda app: app.outbox.mark(row["id"], "disabled"))
    assert "  disabled, 2 failures in a row" in tracker("alert", "endpoints")[1]
    tracker("subscription", "add", "--email", ADDRESS, "--id", "desk")
    assert "  failing, 2 failures in a row" in tracker("alert", "endpoints")[1]
    with_app(config, report)
    with_app(config, send)
    assert "  active, last success " in tracker("alert", "endpoints")[1]
