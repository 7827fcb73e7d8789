"""Pains 1, 2 and 8: alerts that are lost, kept from others, or sent twice."""

import threading
from collections.abc import Mapping
from socket import socket
from typing import Any

from aiosmtpd.controller import Controller

from tests.made.alerts import by_mail, by_webhook, denied, entry, updated
from tests.made.desk import STARTED, Newsdesk
from tests.made.mailbox import Mailbox, free_port, scripted_mail_server
from tracker.application.deliver import deliver
from tracker.application.results import Delivered
from tracker.bootstrap import App
from tracker.config import Mail, Settings

BRIDGE = "bridge"


def with_mail(settings: Settings, **changes: object) -> Settings:
    """Return settings with another mail server."""
    mail: Mapping[str, object] = {name: getattr(settings.mail, name) for name in settings.mail.__struct_fields__}
    parts = {name: getattr(settings, name) for name in settings.__struct_fields__}
    return Settings(**{**parts, "mail": Mail(**{**mail, **changes})})  # type: ignore[arg-type]


def test_pain_01_alerts_lost_on_a_failed_send(desk: Newsdesk) -> None:
    """What was seen while the mail server was down is told once it is back, though the feed brings it no more."""
    desk.follow()
    desk.add(by_mail(story=BRIDGE))
    desk.publish(*STARTED)
    desk.gather()
    working, desk.settings = desk.settings, with_mail(desk.settings, port=free_port())
    desk.restart()
    assert desk.send() == Delivered(failed=1)
    desk.settings = working
    desk.restart()
    desk.gather()
    assert desk.send() == Delivered(sent=1)
    assert [mail["Subject"] for mail in desk.box.parsed()] == [f"[Bridge over the Lea] Update: {STARTED[0]}"]


def test_pain_01_alerts_lost_with_the_process(desk: Newsdesk) -> None:
    """A process that ends after it has seen the news, and before it sends, leaves them to the next one."""
    desk.follow()
    desk.add(by_mail(story=BRIDGE))
    desk.publish(*STARTED)
    desk.gather()
    desk.restart()
    desk.gather()
    assert desk.send() == Delivered(sent=1)
    desk.restart()
    assert desk.send() == Delivered()
    assert len(desk.box.mails) == 1


def test_pain_02_one_bad_channel_stops_the_rest(desk: Newsdesk) -> None:
    """Beside a refused address, a receiver that hangs, one that breaks off and one without a secret, others get it."""
    desk.open()
    desk.there.hang.add("/hangs")
    desk.there.answers["/breaks"] = [None]
    desk.box.rcpt = ["550 no such user"]
    desk.add(by_mail("refused@example.org"), *(by_webhook(desk.there.url(f"/{one}"), f"s-{one}") for one in PATHS))
    desk.add(by_webhook(desk.there.url("/unsigned"), "s-unsigned", "env:NOT_SET"), by_mail("fine@example.org"))
    desk.report(updated())
    sent = desk.send()
    assert (sent.sent, sent.failed, sent.dead) == (2, 3, 1)
    assert desk.box.recipients == [["fine@example.org"]]
    assert [hook.path for hook in desk.there.hooks].count("/well") == 1


PATHS = ("hangs", "breaks", "well")


def test_pain_mail_servers_that_never_answer(desk: Newsdesk) -> None:
    """A mail server that takes the connection and says nothing holds a send up for its timeout, not for ever."""
    released, outlasted = threading.Event(), threading.Event()

    def say_nothing(_: socket) -> None:
        if not released.wait(20):
            outlasted.set()

    with scripted_mail_server({"": say_nothing}) as (port, _):
        desk.settings = with_mail(desk.settings, port=port, timeout=0.2)
        desk.restart()
        desk.open()
        desk.add(by_mail(), by_webhook(desk.there.url()))
        desk.report(updated())
        assert desk.send() == Delivered(sent=1, failed=1)
        assert not outlasted.is_set()
        released.set()


def test_pain_02_a_retry_sends_to_the_good_ones_again(desk: Newsdesk) -> None:
    """What one receiver refuses is tried again there alone: who took it already does not get it a second time."""
    desk.open()
    desk.there.answers["/ill"] = [(500, {}, b""), (500, {}, b"")]
    desk.add(by_mail(), *(by_webhook(desk.there.url(f"/{one}"), f"s-{one}") for one in ("well", "ill")))
    desk.report(updated())
    for _ in range(4):
        desk.send()
        desk.later(hours=1)
    paths = [hook.path for hook in desk.there.hooks]
    assert (paths.count("/well"), paths.count("/ill"), len(desk.box.mails)) == (1, 3, 1)


class Forgetful(Mailbox):
    """A mail server that takes the first mail, and breaks down before it can say so."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the mail; of the first one nothing is said."""
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.mails) == 1:
            server.transport.abort()
        return answer


def test_pain_08_duplicates_nobody_can_tell_apart(desk: Newsdesk) -> None:
    """A mail whose answer was lost comes again under the same Message-ID, so that mail programs show it once."""
    box = Forgetful(free_port())
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    desk.settings = with_mail(desk.settings, port=box.port)
    desk.restart()
    desk.open()
    desk.add(by_mail())
    desk.report(updated())
    assert desk.send() == Delivered(failed=1)
    desk.later(minutes=1)
    assert desk.send() == Delivered(sent=1)
    server.stop()
    first, second = (mail["Message-ID"] for mail in box.parsed())
    assert first == second


def test_pain_08_two_workers_send_it_twice(desk: Newsdesk) -> None:
    """Two processes that deliver at the same moment send each alert once."""
    desk.open()
    desk.add(*(by_webhook(desk.there.url(f"/{nth}"), f"s-{nth}") for nth in range(3)))
    for nth in range(8):
        desk.report(updated(entry(f"e{nth}")))
    start = threading.Barrier(2)
    others = [App(desk.settings, desk.clock) for _ in range(2)]

    def work(app: App) -> None:
        start.wait()
        deliver(app.outbox, app.log, app.notifiers, app.clock)

    workers = [threading.Thread(target=work, args=(app,)) for app in others]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for app in others:
        app.close()
    sent = [hook.headers["webhook-id"] for hook in desk.there.hooks]
    assert len(sent) == len({*sent}) == 24


def test_pain_08_all_mails_in_one_thread(desk: Newsdesk) -> None:
    """Each alert has a Message-ID of its own, and belongs to the thread of its story alone."""
    desk.open()
    desk.follow()
    desk.add(by_mail(story=None))
    desk.report(updated())
    desk.report(denied(entry("e2")))
    desk.publish(*STARTED)
    desk.gather()
    assert desk.send() == Delivered(sent=3)
    mails = desk.box.parsed()
    assert len({mail["Message-ID"] for mail in mails}) == 3
    threads = {mail["Subject"].split("]")[0]: mail["References"].split()[0] for mail in mails}
    assert len(threads) == len({*threads.values()}) == 2
