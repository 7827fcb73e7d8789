"""How the ways to readers fare, through real servers: who is told, what is sent no more, and how it comes back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.made.alerts import by_mail, by_webhook, entry, updated
from tests.made.desk import BRIDGE, Newsdesk, newsdesk
from tracker.application.endpoints import give_chance, record_success, record_turns
from tracker.application.results import Delivered
from tracker.application.send_again import again, finished, send_again
from tracker.application.stories import open_story
from tracker.application.trial import prove
from tracker.domain.endpoint import DISABLED_AFTER, FAILING_AFTER, endpoint_id
from tracker.domain.events import Event
from tracker.domain.subscription_events import (
    EndpointDisabled,
    EndpointFailing,
    EndpointRecovered,
    Filter,
    SubscriptionAdded,
    endpoint_stream,
)
from tracker.ports.outbox import Sought

SECRET = "ENDPOINTS_HOOK_SECRET"


@pytest.fixture
def desk(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsdesk]:
    monkeypatch.setenv(SECRET, "whsec_dGhpcnR5LXR3by1ieXRlcy1vZi10ZXN0LXNlY3JldCE=")
    with newsdesk(sqlite_url) as made:
        made.open()
        open_story(made.app.log, BRIDGE, "person")
        yield made


def hooked(desk: Newsdesk, path: str = "/hook", person: str | None = "ann") -> SubscriptionAdded:
    """Return the wish for a webhook, which is there then."""
    wish = replace(by_webhook(desk.there.url(path), f"s{path.replace('/', '-')}", f"env:{SECRET}"), person=person)
    desk.add(wish)
    return wish


def story_of(desk: Newsdesk, wish: SubscriptionAdded) -> list[type[Event]]:
    """Return what was recorded of the way to a subscription."""
    stream = endpoint_stream(endpoint_id(wish.channel, wish.target))
    return [type(recorded.event) for recorded in desk.app.log.read(stream=stream)]


def fail(desk: Newsdesk, times: int, status: int = 500, path: str = "/hook") -> None:
    """Have one development told to a receiver that fails again and again."""
    for _ in range(times):
        desk.there.says(status, path=path)
    desk.report(updated(entry(f"f{desk.app.log.head()}")))
    for _ in range(times):
        desk.send()
        desk.later(hours=1)


def subjects(desk: Newsdesk) -> list[str]:
    return [str(mail["Subject"]) for mail in desk.box.parsed()]


def test_the_owner_of_a_failing_webhook_is_told_by_mail_and_again_when_it_works(desk: Newsdesk) -> None:
    """After the fourth failure in a row the same person gets a mail, and another one with the first success."""
    hook = hooked(desk)
    desk.add(replace(by_mail("ann@example.org", "bridge"), person="ann"), by_mail("bob@example.org", "bridge"))
    fail(desk, FAILING_AFTER - 1)
    assert (subjects(desk), story_of(desk, hook)) == ([], [])
    desk.there.says(500)
    desk.later(days=1)
    assert desk.send() == Delivered(sent=1, failed=1)
    assert [one["To"] for one in desk.box.parsed()] == ["ann@example.org"]
    assert story_of(desk, hook) == [EndpointFailing]
    desk.later(days=1)
    desk.send()
    assert story_of(desk, hook) == [EndpointFailing, EndpointRecovered]
    assert len(subjects(desk)) == 2
    assert [one.state for one in desk.app.outbox.endpoints() if one.target == hook.target] == ["active"]


def test_a_way_that_comes_and_goes_is_told_once_a_day(desk: Newsdesk) -> None:
    """The second trouble of a day is recorded like the first, and its owner hears of neither beginning nor end."""
    hook = hooked(desk)
    desk.add(replace(by_mail("ann@example.org", "bridge"), person="ann"))
    for _ in range(2):
        for _ in range(FAILING_AFTER):
            desk.there.says(500)
            desk.report(updated(entry(f"e{desk.app.log.head()}")))
        desk.send()
        desk.report(updated(entry("well")))
        desk.send()
    assert story_of(desk, hook) == [EndpointFailing, EndpointRecovered] * 2
    assert len(subjects(desk)) == 2


def test_a_receiver_that_is_gone_is_sent_nothing_more(desk: Newsdesk) -> None:
    """410 disables at once: what is owed from then on is given up unsent, with the reason and a record."""
    hook = hooked(desk)
    desk.add(replace(by_mail("ann@example.org", "bridge"), person="ann"))
    fail(desk, 1, 410)
    assert story_of(desk, hook) == [EndpointDisabled]
    assert len(subjects(desk)) == 1
    desk.report(updated(entry("e-late")))
    assert desk.send() == Delivered(dead=1)
    assert len(desk.there.hooks) == 1
    late = desk.app.outbox.search(Sought("dead", subscription=hook.subscription), 1)[0]
    assert (late.last_error or "").startswith("not sent: the webhook at 127.0.0.1 is disabled (answered 410")
    assert "/hook" not in (late.last_error or ""), "the address may hold a key"
    (record,) = desk.app.outbox.attempts(late.id)
    assert (record.outcome, record.code) == ("permanent", None)


def test_what_a_disabled_way_is_owed_can_be_replayed(desk: Newsdesk) -> None:
    """A replay tries it again under the same ids; success enables it, and what comes next is sent as ever."""
    hook = hooked(desk)
    fail(desk, 1, 410)
    desk.report(updated(entry("e-late")))
    desk.send()
    first = [one.headers["webhook-id"] for one in desk.there.hooks]
    dead = finished(desk.app.outbox, Sought(subscription=hook.subscription))
    what = again(desk.app.outbox, desk.app.log, dead)
    assert send_again(desk.app.outbox, desk.app.log, desk.clock, what) == 2
    assert desk.send() == Delivered(sent=2)
    assert story_of(desk, hook) == [EndpointDisabled, EndpointRecovered]
    assert sorted(one.headers["webhook-id"] for one in desk.there.hooks[1:]) == sorted(one.id for one in dead)
    assert first[0] in {one.id for one in dead}
    desk.report(updated(entry("e-next")))
    assert desk.send() == Delivered(sent=1)


def test_a_chance_that_is_missed_disables_again(desk: Newsdesk) -> None:
    """A way that is given another chance and is still gone is disabled anew, and its owner is told anew."""
    hook = hooked(desk)
    desk.add(replace(by_mail("ann@example.org", "bridge"), person="ann"))
    fail(desk, 1, 410)
    assert give_chance(desk.app.outbox, [hook], desk.clock) == 1
    assert give_chance(desk.app.outbox, [hook], desk.clock) == 0
    fail(desk, 1, 410)
    assert story_of(desk, hook) == [EndpointDisabled] * 2
    assert len(subjects(desk)) == 2


def test_five_days_of_failures_disable_and_a_proof_enables(desk: Newsdesk) -> None:
    """What fails for 120 hours is disabled with its next failure; a test message that arrives puts it right."""
    hook = hooked(desk)
    fail(desk, FAILING_AFTER)
    assert story_of(desk, hook) == [EndpointFailing]
    desk.later(seconds=DISABLED_AFTER.total_seconds())
    desk.there.says(500)  # to the first one, which is due as well
    fail(desk, 1)
    assert story_of(desk, hook) == [EndpointFailing, EndpointDisabled]
    record_success(desk.app.outbox, desk.app.log, desk.clock, hook)
    assert story_of(desk, hook)[-1] is EndpointRecovered
    assert desk.app.outbox.troubled() == ()


def test_one_refused_address_concerns_no_other(desk: Newsdesk) -> None:
    """A mailbox that is not there is failing after four mails, and the others over the same server are well."""
    nobody, reader = by_mail("nobody@example.org"), by_mail("reader@example.org")
    desk.add(nobody, reader)
    for number in range(FAILING_AFTER):
        desk.report(updated(entry(f"e{number}")))
        owed = sorted(desk.app.outbox.search(Sought("pending"), 2), key=lambda one: one.id)
        desk.box.rcpt = ["550 no such user" if one.subscription == nobody.subscription else "250 ok" for one in owed]
        assert desk.send() == Delivered(sent=1, dead=1)
    assert story_of(desk, nobody) == [EndpointFailing]
    states = {one.target: one.state for one in desk.app.outbox.endpoints()}
    assert states == {"127.0.0.1": "active", "nobody@example.org": "failing", "reader@example.org": "active"}


def test_a_mail_server_that_is_gone_is_told_by_webhook(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """When no mail goes out it is the server that fails, and who depends on it hears of it over another way."""
    monkeypatch.setenv(SECRET, "whsec_dGhpcnR5LXR3by1ieXRlcy1vZi10ZXN0LXNlY3JldCE=")
    with newsdesk(sqlite_url, port=1) as desk:
        desk.open()
        desk.add(replace(by_mail("ann@example.org"), person="ann"), by_mail("bob@example.org"))
        hook = hooked(desk)
        for number in range(FAILING_AFTER):
            desk.report(updated(entry(f"e{number}")))
            desk.send()
        desk.send()
        server = next(one for one in desk.app.outbox.troubled())
        assert (server.channel, server.target, server.state) == ("email", "127.0.0.1", "failing")
        assert [b"endpoint.failing" in one.body for one in desk.there.hooks].count(True) == 1
        assert story_of(desk, hook) == []


def server_of(desk: Newsdesk) -> tuple[str, int]:
    """Return how the mail server fares, and how often it failed in a row."""
    return next((one.state, one.failures) for one in desk.app.outbox.endpoints() if one.is_server)


def turn_away(desk: Newsdesk, times: int) -> None:
    """Have one development owed by mail to a server that is going down again and again."""
    desk.report(updated(entry(f"t{desk.app.log.head()}")))
    for _ in range(times):
        desk.box.data = ["421 going down"]
        desk.send()
        desk.later(days=1)


def test_a_mail_server_that_is_back_is_told_and_so_is_its_next_outage(desk: Newsdesk) -> None:
    """The first mail that it takes makes the server well again; each outage and its end are told over another way."""
    desk.add(replace(by_mail("ann@example.org"), person="ann"))
    hook = replace(hooked(desk), only=Filter(kinds=("removed",)))
    desk.add(hook)
    for outage in (1, 2):
        turn_away(desk, FAILING_AFTER)
        assert server_of(desk) == ("failing", FAILING_AFTER)
        desk.send()
        desk.send()
        assert server_of(desk) == ("active", 0)
        for kind in (b'"endpoint.failing"', b'"endpoint.recovered"'):
            assert sum(one.body.startswith(b'{"type":' + kind) for one in desk.there.hooks) == outage
    assert desk.app.outbox.troubled() == ()


def test_failures_of_a_mail_server_count_in_a_row(desk: Newsdesk) -> None:
    """What it takes in between, or only says of one recipient, begins the count anew."""
    desk.add(by_mail())
    for number in range(FAILING_AFTER):
        turn_away(desk, 1)
        desk.box.rcpt = ["550 no such user"] if number % 2 else []
        desk.send()
        assert server_of(desk) == ("active", 0)


def test_a_test_mail_shows_that_the_server_is_back(desk: Newsdesk) -> None:
    """Whoever mends the server need not wait for the next mail to see it well."""
    desk.add(by_mail())
    turn_away(desk, FAILING_AFTER)
    assert prove(by_mail(), desk.app.notifiers, desk.app.outbox, desk.app.log, desk.clock).outcome == "delivered"
    assert server_of(desk) == ("active", 0)


def test_how_news_of_a_way_fare_is_no_news(desk: Newsdesk) -> None:
    """A message on a failing way that fails itself says nothing of its own way: no loop of bad news."""
    hooked(desk, "/one")
    two = hooked(desk, "/two")
    for number in range(FAILING_AFTER):
        desk.there.says(500, path="/one")
        desk.there.says(204, path="/two")
        desk.report(updated(entry(f"e{number}")))
        if number == FAILING_AFTER - 1:
            desk.there.says(500, path="/two")
        told = desk.send()
    assert told == Delivered(sent=1, failed=2)
    assert b"endpoint.failing" in desk.there.hooks[-1].body
    assert {one.target: one.failures for one in desk.app.outbox.endpoints()}[two.target] == 0


def test_a_turn_is_recorded_once(desk: Newsdesk) -> None:
    """A worker that died between the event and its note, and two at once, leave one event and one message."""
    hook = hooked(desk)
    desk.add(replace(by_mail("ann@example.org", "bridge"), person="ann"))
    fail(desk, FAILING_AFTER)
    (ill,) = desk.app.outbox.troubled()
    record_turns(desk.app.outbox, desk.app.log, desk.clock, [replace(ill, state="active")] * 2)
    assert story_of(desk, hook) == [EndpointFailing]
    desk.send()
    assert len(subjects(desk)) == 1


def test_each_result_tells_what_is_counted(desk: Newsdesk) -> None:
    """A result names channel, end and the class of the answer; of what arrived also how long it took to get there."""
    hooked(desk)
    desk.add(by_mail())
    desk.report(updated())
    desk.there.says(503)
    desk.later(seconds=3)
    told = desk.send()
    found = {(one.channel, one.end, one.reason, one.latency) for one in told.results}
    assert found == {
        ("webhook", "failed", "5xx", None), ("email", "delivered", "2xx", timedelta(seconds=3)),
    }  # fmt: skip
    desk.later(minutes=1)
    desk.there.hang.add("/hook")
    (hung,) = desk.send().results
    assert (hung.end, hung.reason) == ("failed", "no answer")
