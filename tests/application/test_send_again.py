"""Sending again: what is left out, what goes along, and how digests are found by their stories."""

from collections.abc import Iterator

import pytest

from tests.made.alerts import STORY, by_mail, entry, updated
from tests.made.desk import Newsdesk, newsdesk
from tracker.application.results import Delivered
from tracker.application.send_again import again, finished, send_again
from tracker.application.subscribe import unsubscribe
from tracker.domain.events import EntryRemoved
from tracker.ports.log import EVERY_STORY
from tracker.ports.outbox import Sought


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Newsdesk]:
    with newsdesk(sqlite_url) as made:
        made.open()
        made.add(by_mail())
        yield made


def test_whoever_was_removed_is_sent_nothing_again(desk: Newsdesk) -> None:
    """What was delivered to a subscription that is gone stays delivered, and is named as skipped."""
    desk.add(by_mail("other@example.org"))
    desk.report(updated())
    assert desk.send().sent == 2
    unsubscribe(desk.app.log, "s-reader", "person")
    what = again(desk.app.outbox, desk.app.log, finished(desk.app.outbox, Sought()))
    assert ([one.subscription for one in what.deliveries], len(what.removed)) == (["s-other"], 1)
    assert send_again(desk.app.outbox, desk.app.log, desk.clock, what) == 1
    assert desk.send() == Delivered(sent=1)
    assert desk.app.outbox.search(Sought("dead"), 9) == ()


def test_what_was_taken_back_is_followed_by_its_correction(desk: Newsdesk) -> None:
    """The reader ends with the truth: the correction comes again, after what it corrects; other messages do not."""
    desk.report(updated())
    desk.report(updated(entry("e-other")))
    desk.send()
    desk.later(hours=1)
    desk.report(EntryRemoved(entry(), "the page is gone", ("S01",)))
    desk.send()
    first, other, correction = sorted(desk.app.outbox.search(), key=lambda one: one.position)
    what = again(desk.app.outbox, desk.app.log, [first])
    assert [one.id for one in what.corrections] == [correction.id]
    assert again(desk.app.outbox, desk.app.log, [other]).corrections == ()
    assert again(desk.app.outbox, desk.app.log, [first, correction]).corrections == ()
    assert send_again(desk.app.outbox, desk.app.log, desk.clock, what) == 2
    while desk.send().sent:
        desk.later(minutes=1)
    said = [str(one["Message-ID"]) for one in desk.box.parsed()][3:]
    assert [first.id in said[0], correction.id in said[1], len(said)] == [True, True, 2]


def test_a_digest_is_found_by_each_of_its_stories(desk: Newsdesk) -> None:
    """A message on several stories is one of each of them, and of no other."""
    desk.report(updated())
    (owed,) = desk.owed()
    assert owed.story == STORY
    with desk.app.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE delivery SET story = ?", (EVERY_STORY,))
    desk.send()
    assert len(finished(desk.app.outbox, Sought(story=STORY))) == 1
    assert finished(desk.app.outbox, Sought(story="another")) == ()
