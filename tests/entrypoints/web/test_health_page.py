"""The page on feeds and deliveries: everybody sees how they fare, and only who may write sees where they lead."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.adapters.sql.made import later, renamed, tried
from tests.made.page import words
from tests.made.page_desk import PageDesk, page_desk
from tests.made.streams import Recorder
from tests.made.toll import OPENED, STORY, STREAM
from tracker.domain.events import StoryOpened
from tracker.ports.feeds import FeedState
from tracker.ports.log import EVERY_STORY, Notice
from tracker.ports.outbox import Attempt

HOUR = timedelta(hours=1)
SECRETS = ("sesame", "coast.example", "hook.example", "bob@mail.example", "desk-of-bob", "refused for bob")


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[PageDesk]:
    log = Recorder()
    log.record(STREAM, StoryOpened(STORY, "Ferry", "en", None, None, OPENED), at=OPENED)
    with page_desk(sqlite_url, tmp_path, log.events) as made:
        yield made


def troubled(desk: PageDesk) -> None:
    """Give the desk a feed behind a wall, one that is late, and messages that fail over two ways."""
    app, now = desk.app, OPENED
    wall = FeedState("wall", "https://coast.example/rss?key=sesame", "Coast Post", STORY, now, now + HOUR, failures=6,
                     trouble="wall", last_error="HTTP 403 at https://coast.example/rss?key=sesame")  # fmt: skip
    late = FeedState("late", "https://late.example/rss", "Late News", None, now, now - 2 * HOUR, last_ok_at=now - HOUR)
    app.feeds.save(wall, late)
    events = [renamed(str(number)) for number in range(3)]
    stories = (STORY, EVERY_STORY, STORY)
    notices = [Notice("desk-of-bob", one.id, story) for one, story in zip(events, stories, strict=True)]
    app.log.append("s", 0, events, notices)
    first, other, _ = app.outbox.claim(now, 3, HOUR)
    again = Attempt("transient", "refused for bob@mail.example", retry_at=later(hours=1))
    gone = Attempt("permanent", "410 Gone: key sesame")
    app.outbox.settle(
        [
            tried(first, again, endpoint=("email", "bob@mail.example")),
            tried(other, gone, endpoint=("webhook", "https://hook.example/sesame")),
        ]
    )
    for one in app.outbox.endpoints():
        app.outbox.mark(one.id, "failing")


def test_nothing_to_tell(desk: PageDesk) -> None:
    """Where nothing is followed and nothing owed the page says so, with the next step."""
    said = words(desk.reader().get("/health").text)
    assert "No feed is followed yet. Add one: tracker feed add URL --story ID" in said
    assert "Given up 0" in said
    assert "tracker doctor looks at the rest" in said


def test_whoever_reads_sees_how_things_fare(desk: PageDesk) -> None:
    """A reader sees states, since when and what to do; no address, no answer of a server, and nobody who is told."""
    troubled(desk)
    answer = desk.reader().get("/health")
    said = words(answer.text)
    assert "2 feeds need attention." in said
    assert "failing Coast Post wall behind a bot wall; failed 6 times in a row" in said
    assert "To do: ask the site for access for programs" in said
    assert "overdue Late News late" in said
    assert "To do: see whether a worker runs: tracker run" in said
    assert "Messages to be sent 2, the first of them since" in said
    assert "of these tried in vain 1 Given up 1" in said
    assert "Ways that fail 2" in said
    assert "failing webhook since" in said
    assert "shown to those who are signed in" in said
    assert [secret for secret in SECRETS if secret in answer.text] == []
    assert f'href="/story/{STORY}"' in answer.text
    assert "several stories" in said


def test_who_may_write_sees_more(desk: PageDesk) -> None:
    """Who is signed in sees addresses and answers; what may be a key of a webhook not even they."""
    troubled(desk)
    reader = desk.reader()
    reader.sign_in()
    html = reader.get("/health").text
    said = words(html)
    assert "behind a bot wall: HTTP 403 at https://coast.example/rss?key=sesame" in said
    assert 'href="https://coast.example/rss?key=sesame"' in html
    assert "desk-of-bob refused for bob@mail.example" in said
    assert "failing email bob@mail.example" in said
    assert "failing webhook hook.example" in said
    assert "hook.example/sesame" not in html
    assert "shown to those who are signed in" not in said


def test_of_many_feeds_the_rest_is_counted(desk: PageDesk) -> None:
    """More feeds than are listed are counted, with where they all are."""
    states = [FeedState(f"f{nth}", f"https://f{nth}.example/", None, None, OPENED, OPENED + HOUR) for nth in range(103)]
    desk.app.feeds.save(*states)
    said = words(desk.reader().get("/health").text)
    assert "All are well." in said
    assert "3 more; all: tracker feed list" in said
