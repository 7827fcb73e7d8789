"""From development to alert: who is owed what, and delivery through a real database, mail server and receiver."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from standardwebhooks import Webhook

from tests.made.alerts import (
    NOON,
    STORY,
    TEST_SECRET,
    TITLE,
    by_mail,
    by_webhook,
    corroborated,
    denied,
    discovered,
    entry,
    opening,
    story,
    updated,
)
from tests.made.mailbox import Mailbox, free_port
from tests.made.receiver import Receiver
from tracker.adapters.http.client import GuardedClient
from tracker.adapters.notify.mail import MailNotifier, MailServer
from tracker.adapters.notify.webhook import WebhookNotifier
from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import upgrade
from tracker.adapters.sql.outbox import SqlOutbox
from tracker.application.audience import Audience
from tracker.application.deliver import LEASE, NO_WAY, Delivered, deliver, ways_due
from tracker.application.drafts import Drafts
from tracker.application.route import route
from tracker.application.shelf import Shelf
from tracker.application.subscribe import subscribe, subscriptions, unsubscribe
from tracker.bootstrap import utc_now
from tracker.domain.events import EntryRemoved, EntryRevised, Event, NewEvent, StoryRenamed, entry_of, story_stream
from tracker.domain.retry import TABLE
from tracker.domain.routing import Subscriptions
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.errors import StoreError
from tracker.ports.log import Notice
from tracker.ports.notify import Message, Notifier
from tracker.ports.outbox import Attempt, Sought, Tried


@dataclass
class Desk:
    """A database with one open story, the channels, and a clock that is moved by hand."""

    log: SqlEventLog
    outbox: SqlOutbox
    engine: Engine
    channels: dict[str, Notifier]
    client: GuardedClient
    now: datetime = NOON
    count: int = 0

    def clock(self) -> datetime:
        return self.now

    def report(self, *events: Event, silent: bool = False, cause: str | None = None) -> None:
        """Append what the judge found in one entry, with the notices owed."""
        stream = story_stream(STORY)
        version = max(recorded.version for recorded in self.log.read(stream=stream))
        self.count += 1
        ref = entry_of(events[0])
        cause = cause or f"{ref.id if ref else ''}-{self.count}"
        new = [NewEvent(f"{self.count}-{number}", event, "judge", cause) for number, event in enumerate(events)]
        told = Shelf(self.log).story(STORY)
        assert told is not None
        self.log.append(stream, version, new, route(told, new, subscriptions(self.log), self.now, silent=silent))

    def add(self, *wanted: SubscriptionAdded) -> None:
        for one in wanted:
            subscribe(self.log, one, "person")

    def deliver(self, limit: int = 200) -> Delivered:
        return deliver(self.outbox, self.log, self.channels, self.clock, limit=limit)

    def states(self) -> dict[str, str]:
        return {one.subscription: one.state for one in self.outbox.search()}


@pytest.fixture
def desk(tmp_path: Path, box: Mailbox) -> Iterator[Desk]:
    engine = open_engine(f"sqlite:///{tmp_path / 'tracker.db'}")
    upgrade(engine)
    client = GuardedClient(user_agent="tracker-test/1", allow=frozenset(["loopback"]))
    channels: dict[str, Notifier] = {
        "email": mail_channel(box.port),
        "webhook": WebhookNotifier(client, clock=utc_now, secret=lambda _: TEST_SECRET, timeout=0.5),
    }
    made = Desk(SqlEventLog(engine, lambda: made.now), SqlOutbox(engine), engine, channels, client)
    made.log.append(story_stream(STORY), 0, opening())
    yield made
    client.close()
    engine.dispose()


def mail_channel(port: int) -> MailNotifier:
    server = MailServer("127.0.0.1", port, "none", sender="desk@news.example", timeout=0.5)
    return MailNotifier(server, clock=utc_now, secret=str)


def routed(events: Sequence[Event], *wanted: SubscriptionAdded, silent: bool = False) -> tuple[Notice, ...]:
    new = [NewEvent(f"id-{number}", event, "judge", "e1") for number, event in enumerate(events)]
    return route(story(), new, Subscriptions({one.subscription: one for one in wanted}), NOON, silent=silent)


def test_the_developments_of_an_entry_travel_together() -> None:
    """Each development is a notice a subscription; those of one entry name the first as their lead."""
    other = entry("e2")
    events = [updated(news=False), updated(), denied(), updated(other), corroborated(other)]
    everything = by_webhook("https://hook.example/")
    owed = routed(events, by_mail(), everything)
    assert {one.subscription for one in owed} == {"s-reader", "s-hook"}
    for whose in ("s-reader", "s-hook"):
        assert [(one.event_id, one.kind, one.entry, one.lead) for one in owed if one.subscription == whose] == [
            ("id-1", "updated", "e1", "id-1"),
            ("id-2", "denied", "e1", "id-1"),
            ("id-3", "updated", "e2", "id-3"),
            ("id-4", "corroborated", "e2", "id-3"),
        ]


def test_nobody_is_told_of_repeats_doubts_other_stories_and_the_baseline() -> None:
    """No notice comes from what is no news, waits for a person, belongs to another story, or was there before."""
    assert routed([updated(news=False), denied(needs_review=True)], by_mail()) == ()
    assert routed([updated()], by_mail(story="strike")) == ()
    assert routed([updated()], by_mail(), silent=True) == ()
    assert routed([*(new.event for new in opening()), StoryRenamed(STORY, "x")], by_mail()) == ()


def test_a_development_reaches_mail_and_webhook(desk: Desk, box: Mailbox, there: Receiver) -> None:
    """One update gives one mail and one signed webhook under the deliveries' ids, and then nothing is owed."""
    desk.add(by_mail(), by_webhook(there.url()))
    desk.report(updated(), discovered())
    assert desk.deliver() == Delivered(sent=2)
    ids = {one.subscription: one.id for one in desk.outbox.search()}
    (mail,), (hook,) = box.parsed(), there.hooks
    assert mail["Message-ID"] == f"<{ids['s-reader']}@news.example>"
    assert mail["Subject"] == f"[{TITLE}] Update: France to send 300 instructors"
    document = Webhook(TEST_SECRET).verify(hook.body, {**hook.headers})
    assert hook.headers["webhook-id"] == ids["s-hook"]
    assert (document["type"], len(document["data"]["also"])) == ("development.updated", 1)
    witness = document["data"]["development"]
    said = next(desk.log.read(after=witness["position"] - 1))
    assert (said.position, said.hash) == (witness["position"], witness["hash"])
    assert desk.deliver() == Delivered()
    assert desk.states() == {"s-reader": "delivered", "s-hook": "delivered"}


def test_an_edit_and_a_removal_are_told(desk: Desk, there: Receiver) -> None:
    """An edit is told in one message with what it changed, and alone where it changed nothing else; so is a removal."""
    desk.add(by_webhook(there.url()))
    edit = EntryRevised(entry(), "France sends 100.", "France sends 300.")
    desk.report(edit, updated())
    desk.report(replace(edit, entry=entry("e2")))
    desk.report(EntryRemoved(entry(), "the page is gone (HTTP 410)"))
    assert desk.deliver() == Delivered(sent=3)
    documents = [json.loads(hook.body) for hook in there.hooks]
    kinds = [(one["type"], len(one["data"]["also"])) for one in documents]
    assert kinds == [("development.updated", 1), ("development.revised", 0), ("development.removed", 0)]


def test_a_message_holds_its_own_batch_alone(desk: Desk, there: Receiver) -> None:
    """Developments of another entry, and of the same entry at another time, are alerts of their own."""
    desk.add(by_webhook(there.url()))
    desk.report(updated(), cause="batch-1")
    desk.report(denied(), cause="batch-2")
    desk.report(corroborated(entry("e2")), cause="batch-2")
    assert desk.deliver() == Delivered(sent=3)
    documents = [json.loads(hook.body)["data"] for hook in there.hooks]
    assert sorted(one["development"]["kind"] for one in documents) == ["corroborated", "denied", "updated"]
    assert all(one["also"] == [] for one in documents)


def test_a_retry_repeats_the_message(desk: Desk, there: Receiver) -> None:
    """After a failure the same bytes go out under the same id, though the story was renamed meanwhile."""
    desk.add(by_webhook(there.url()))
    desk.report(updated())
    there.says(500)
    assert desk.deliver() == Delivered(failed=1)
    stream = story_stream(STORY)
    version = max(recorded.version for recorded in desk.log.read(stream=stream))
    desk.log.append(stream, version, [NewEvent("rename", StoryRenamed(STORY, "Another title"), "person")])
    assert desk.deliver() == Delivered()
    desk.now += timedelta(seconds=6)
    assert desk.deliver() == Delivered(sent=1)
    first, second = there.hooks
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])


def test_an_alert_bears_the_head_of_its_own_event(desk: Desk, there: Receiver, box: Mailbox) -> None:
    """Mail and webhook hold the hash that the log has at the position of the delivery, whatever came after it."""
    desk.add(by_webhook(there.url()), by_mail())
    desk.report(updated(), denied())
    desk.report(updated(entry("e2")))
    assert desk.deliver() == Delivered(sent=4)
    documents = [json.loads(hook.body)["data"]["log"] for hook in there.hooks]
    assert [desk.log.seal(one["position"]) for one in documents] == [one["head"] for one in documents]
    positions = sorted({one.position for one in desk.outbox.search()})
    assert sorted(one["position"] for one in documents) == positions
    parts = [mail.get_body(("plain",)) for mail in box.parsed()]
    mails = "".join(part.get_content() for part in parts if part)
    assert all(f"position {position}: {desk.log.seal(position)}" in mails for position in positions)


def test_a_delivery_is_given_up_at_the_end_of_the_table(desk: Desk, there: Receiver) -> None:
    """A receiver that fails for days gets ten tries of one message, and then the delivery is dead with its reason."""
    desk.add(by_webhook(there.url()))
    desk.report(updated())
    ends = []
    for _ in TABLE:
        there.says(503)
        ends.append(desk.deliver())
        desk.now = desk.outbox.search()[0].due_at
    assert ends == [Delivered(failed=1)] * 9 + [Delivered(dead=1)]
    (one,) = desk.outbox.search()
    assert (one.state, one.attempts, one.last_error) == ("dead", 10, "answered 503")
    assert desk.deliver() == Delivered()
    assert len(there.hooks) == 10
    assert desk.outbox.retry([one.id], desk.now) == 1
    assert desk.deliver() == Delivered(sent=1)


def test_one_failure_touches_no_other(desk: Desk, box: Mailbox, there: Receiver) -> None:
    """Among a refused address, a gone receiver, a faulty one and a hanging one, the good ones get theirs once."""
    box.rcpt = ["550 no such user"]
    there.says(410, path="/gone")
    there.says(500, path="/ill")
    there.hang.add("/hang")
    desk.add(by_mail("a@example.org"))
    desk.report(updated())
    assert desk.deliver() == Delivered(dead=1)
    paths = ["gone", "ill", "hang", "well"]
    desk.add(*(by_webhook(there.url(f"/{path}"), f"s-{path}") for path in paths), by_mail("b@example.org"))
    desk.report(denied(entry("e2")))
    assert desk.deliver() == Delivered(sent=3, failed=2, dead=1)
    assert {name for name, state in desk.states().items() if state == "pending"} == {"s-ill", "s-hang"}
    assert sorted(box.recipients) == [["a@example.org"], ["b@example.org"]]


def test_a_dead_way_is_tried_once_a_round(desk: Desk) -> None:
    """Of ten mails owed to a server that is not there one is tried; the others wait and no attempt of theirs counts."""
    desk.channels["email"] = mail_channel(free_port())
    desk.add(*(by_mail(f"reader{number}@example.org") for number in range(10)))
    desk.report(updated())
    assert desk.deliver() == Delivered(failed=1)
    assert sorted(one.attempts for one in desk.outbox.search()) == [0] * 9 + [1]
    assert desk.deliver() == Delivered(failed=1)


def test_one_way_alone(desk: Desk, box: Mailbox, there: Receiver) -> None:
    """Each way over which something is owed can be gone by itself; so can what is owed to those who left."""
    desk.add(
        by_mail("a@example.org"), by_mail("b@example.org"), by_webhook(there.url("/hook")), by_mail("c@example.org")
    )
    desk.report(updated())
    unsubscribe(desk.log, "s-c", "person")
    assert ways_due(desk.outbox, Audience(desk.log).now, desk.clock) == (NO_WAY, "email", there.url("/hook"))

    def over(way: str) -> Delivered:
        return deliver(desk.outbox, desk.log, desk.channels, desk.clock, way=way)

    assert over(there.url("/hook")) == Delivered(sent=1)
    assert (len(there.hooks), box.mails) == (1, [])
    assert over(NO_WAY) == Delivered(dead=1)
    assert ways_due(desk.outbox, Audience(desk.log).now, desk.clock) == ("email",)
    assert over(NO_WAY) == over(there.url("/elsewhere")) == Delivered()
    assert over("email") == Delivered(sent=2)
    assert ways_due(desk.outbox, Audience(desk.log).now, desk.clock) == ()


def until(happened: Callable[[], bool]) -> None:
    """Wait for something; the test runner's own limit ends a hang."""
    while not happened():
        time.sleep(0.01)


def test_a_dead_receiver_delays_nobody(desk: Desk, there: Receiver) -> None:
    """While one receiver hangs, another gets what was owed and what comes meanwhile; the dead one is sent one alert."""
    desk.channels["webhook"] = WebhookNotifier(desk.client, clock=utc_now, secret=lambda _: TEST_SECRET, timeout=600)
    there.hang.add("/hang")
    desk.add(by_webhook(there.url("/hang"), "s-hang"), by_webhook(there.url("/well"), "s-well"))
    for number in range(10):
        desk.report(updated(entry(f"e{number}")))

    def told(path: str) -> int:
        return sum(hook.path == path for hook in there.hooks)

    with ThreadPoolExecutor() as pool:
        round_ = pool.submit(desk.deliver)
        until(lambda: told("/well") == 10)
        desk.report(updated(entry("e10")))
        until(lambda: told("/well") == 11)
        assert told("/hang") == 1
        there.over.set()
        assert round_.result() == Delivered(sent=11, failed=1)
    assert sorted(one.attempts for one in desk.outbox.search(Sought("pending"))) == [0] * 10 + [1]


def test_a_send_that_a_stop_cuts_off_is_no_attempt(desk: Desk, there: Receiver) -> None:
    """The delivery is due as before when the worker starts again, with all its tries before it."""
    desk.channels["webhook"] = WebhookNotifier(desk.client, clock=utc_now, secret=lambda _: TEST_SECRET, timeout=600)
    there.hang.add("/hook")
    desk.add(by_webhook(there.url()))
    desk.report(updated())
    stopping = threading.Event()
    with ThreadPoolExecutor() as pool:
        round_ = pool.submit(deliver, desk.outbox, desk.log, desk.channels, desk.clock, stopping=stopping.is_set)
        until(lambda: len(there.hooks) == 1)
        stopping.set()
        desk.client.abort()
        assert round_.result() == Delivered()
    (one,) = desk.outbox.search(Sought("pending"))
    assert (one.attempts, one.last_error) == (0, None)
    assert [again.attempts for again in desk.outbox.claim(desk.now, 1, LEASE)] == [1]


@dataclass
class Faulty:
    """A channel with a fault of its own."""

    def send(self, subscription: SubscriptionAdded, message: Message) -> Attempt:
        raise RuntimeError(f"{subscription.target} {message.id}")


def test_a_fault_of_a_channel_is_a_failure_like_any_other(desk: Desk, box: Mailbox, there: Receiver) -> None:
    """A channel that raises or is missing delays its own deliveries and nobody else's."""
    desk.add(by_webhook(there.url()), by_mail())
    desk.channels["webhook"] = Faulty()
    desk.report(updated())
    assert desk.deliver() == Delivered(sent=1, failed=1)
    del desk.channels["webhook"]
    desk.report(updated(entry("e2")))
    assert desk.deliver() == Delivered(sent=1, failed=1)
    errors = {one.last_error for one in desk.outbox.search(Sought("pending"))}
    assert errors == {"fault in the webhook channel: RuntimeError", "no webhook is configured"}
    assert len(box.mails) == 2


def test_who_has_left_is_not_told(desk: Desk, box: Mailbox) -> None:
    """What is still owed to a removed subscription is given up unsent."""
    desk.add(by_mail())
    desk.report(updated())
    unsubscribe(desk.log, "s-reader", "person")
    assert desk.deliver() == Delivered(dead=1)
    assert desk.outbox.search()[0].last_error == "subscription removed"
    assert box.mails == []


def test_a_notice_of_what_is_no_development_is_given_up(desk: Desk) -> None:
    """A delivery that points at another kind of event is dead with its reason, and the others go out."""
    desk.add(by_mail())
    stream = story_stream(STORY)
    renamed = NewEvent("rename", StoryRenamed(STORY, TITLE), "person")
    desk.log.append(stream, 3, [renamed], [Notice("s-reader", "rename", STORY)])
    desk.report(updated())
    assert desk.deliver() == Delivered(sent=1, dead=1)
    assert "no development of story instructors" in (desk.outbox.search(Sought("dead"))[0].last_error or "")


def test_a_message_that_cannot_be_written_stops_no_other(desk: Desk, box: Mailbox) -> None:
    """A story that cannot be told, and one that is not there, delay or end their own deliveries alone."""
    desk.add(by_mail(), by_mail("b@example.org", "instructors"))
    lost = [Notice("s-reader", "first", "headless"), Notice("s-b", "first", "elsewhere")]
    desk.log.append(story_stream("headless"), 0, [NewEvent("first", updated(), "judge", "e1")], lost)
    desk.report(updated())
    assert desk.deliver() == Delivered(sent=2, failed=1, dead=1)
    assert "does not begin with story.opened" in (desk.outbox.search(Sought("pending"))[0].last_error or "")
    assert len(box.mails) == 2


def test_a_worker_that_dies_leaves_its_delivery_to_the_next(desk: Desk, box: Mailbox) -> None:
    """A claimed delivery comes back when its lease ends, and the late worker's outcome is not taken."""
    desk.add(by_mail())
    desk.report(updated())
    (lost,) = desk.outbox.claim(desk.now, 1, LEASE)
    assert desk.deliver() == Delivered()
    desk.now += LEASE
    assert desk.deliver() == Delivered(sent=1)
    desk.outbox.settle([Tried(lost, Attempt("permanent", "too late"), desk.now, desk.now)])
    assert desk.states() == {"s-reader": "delivered"}
    assert len(box.mails) == 1


def test_a_round_has_a_limit_and_can_be_stopped(desk: Desk, box: Mailbox) -> None:
    """No more than the limit is tried, and a worker that stops claims nothing further."""
    desk.add(*(by_mail(f"reader{number}@example.org") for number in range(5)))
    desk.report(updated())
    assert deliver(desk.outbox, desk.log, desk.channels, desk.clock, stopping=lambda: True) == Delivered()
    assert desk.deliver(limit=2) == Delivered(sent=2)
    assert desk.deliver() == Delivered(sent=3)
    assert len(box.mails) == 5


def test_drafts_read_a_story_forward_and_back(desk: Desk, there: Receiver) -> None:
    """Messages are the same whether the developments are drafted in the order of the log or against it."""
    desk.add(by_webhook(there.url()))
    for number in range(3):
        desk.report(updated(entry(f"e{number}")))
    owed = desk.outbox.claim(desk.now, 9, LEASE)
    drafts = Drafts(desk.log, desk.outbox)
    forward = [drafts.draft(one) for one in owed]
    assert [drafts.draft(one) for one in reversed(owed)] == forward[::-1]
    assert [Drafts(desk.log, desk.outbox).draft(one) for one in owed] == forward


def test_a_database_that_is_gone_is_an_error(desk: Desk) -> None:
    """Trouble with the database is no failure of a delivery: it is raised."""
    desk.add(by_mail())
    desk.report(updated())

    with desk.engine.begin() as connection:
        connection.execute(text("ALTER TABLE event RENAME TO elsewhere"))
    with pytest.raises(StoreError):
        desk.deliver()
