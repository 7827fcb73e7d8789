"""Pages of the API: walked through they are the whole list, whatever is recorded meanwhile; a cursor has its list."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made import bridge
from tests.made.page_desk import TOKEN, PageDesk, Reader, page_desk
from tracker.domain.events import NewEvent, StoryRenamed
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.entrypoints.web.api.cursor import cursor_after, key_of
from tracker.errors import UsageError
from tracker.ports.feeds import FeedState
from tracker.ports.log import Notice

API = "/api/v1"
STORY = f"{API}/stories/{bridge.STORY}"
LISTS = {
    f"{API}/stories": "stories", f"{STORY}/claims": "claims", f"{STORY}/claims/S01": "history",
    f"{STORY}/developments": "developments", f"{STORY}/developments?claim=S01": "developments",
    f"{STORY}/timeline": "timeline", f"{STORY}/timeline?as_of=2031-03-04&valid_at=2031-03-04": "timeline",
    f"{STORY}/entries": "entries", f"{STORY}/sources": "sources", f"{API}/events": "events",
    f"{API}/events?story=harbour-bridge&after=5": "events", f"{API}/feeds": "feeds",
    f"{API}/deliveries": "deliveries", f"{API}/review": "findings",
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageDesk]:
    """Return the page of the story of the bridge, with feeds and deliveries; its log grows from test to test."""
    home = tmp_path_factory.mktemp("pages")
    shutil.copy(sqlite_template, home / "tracker.db")
    with page_desk(f"sqlite:///{home / 'tracker.db'}", home) as made:
        told = [SubscriptionAdded(name, "email", f"{name}@example.org", None) for name in ("ada", "bob", "cyd")]
        made.app.log.append("alerts", 0, [NewEvent(one.subscription, one, "person") for one in told])
        record(made, "One", [Notice(one.subscription, "One", bridge.STORY) for one in told])
        for name in ("a", "b", "c"):
            url = f"https://{name}.example/rss"
            made.app.feeds.save(FeedState(name, url, None, None, made.clock(), made.clock()))
        yield made


def record(desk: PageDesk, title: str, notices: list[Notice] | None = None) -> None:
    """Record something of the story."""
    version = [recorded.version for recorded in desk.app.log.read(stream=bridge.STREAM)][-1]
    desk.clock.advance(desk.clock() + timedelta(minutes=1))
    new = NewEvent(title, StoryRenamed(bridge.STORY, title), "person")
    desk.app.log.append(bridge.STREAM, version, [new], notices or [])


def walk(reader: Reader, path: str, name: str, limit: int) -> Iterator[list[Any]]:
    """Yield what each page of a list holds; the header leads to the same page as the cursor does."""
    joint = "&" if "?" in path else "?"
    asked = f"{path}{joint}limit={limit}"
    while True:
        answer = reader.get(asked, Authorization=f"Bearer {TOKEN}")
        document = answer.json()
        assert len(document[name]) <= limit
        yield document[name]
        if document["next"] is None:
            assert "link" not in answer.headers
            return
        asked = answer.headers["link"].removeprefix("<").partition(">")[0]
        assert asked.endswith(f"cursor={document['next']}")
        assert answer.headers["link"].endswith('; rel="next"')


@pytest.mark.parametrize("path", LISTS)
def test_the_pages_of_a_list_are_the_list(desk: PageDesk, path: str) -> None:
    """Page by page every item comes once, in the order of the whole list, although events are recorded in between."""
    name, reader = LISTS[path], desk.reader()
    (whole,) = walk(reader, path, name, 200)
    for limit in (1, 3):
        found: list[Any] = []
        for nth, page in enumerate(walk(reader, path, name, limit)):
            if nth == 0:
                record(desk, f"{path} by {limit}")
            found += page
            assert len(found) <= len(whole) + 2
        assert stable(found, len(whole)) == stable(whole, len(whole)), limit


def stable(found: list[Any], upto: int) -> list[Any]:
    """Return items without what came meanwhile: at the end of the log, and in the title of a story."""
    return [{**one, "title": ""} if "opened_at" in one else one for one in found][:upto]


def test_a_cursor_is_of_its_list(desk: PageDesk) -> None:
    """A cursor that was changed, cut, or taken to another list, story or filter is refused; another limit is none."""
    reader = desk.reader()
    cursor = reader.get(f"{STORY}/timeline?limit=2").json()["next"]
    assert reader.get(f"{STORY}/timeline?limit=1&cursor={cursor}").status_code == 200
    changed = f"{'B' if cursor[0] == 'A' else 'A'}{cursor[1:]}"
    for path in (
        f"timeline?cursor={changed}", f"timeline?cursor={cursor[:-2]}", f"timeline?cursor={cursor}A",
        f"timeline?cursor={cursor}%0A", f"timeline?cursor={cursor}=", "timeline?cursor=%F0%9F%98%80",
        f"timeline?as_of=2031-03-05&cursor={cursor}", f"entries?cursor={cursor}",
    ):  # fmt: skip
        answer = reader.get(f"{STORY}/{path}")
        assert (answer.status_code, "is not of this list" in answer.json()["detail"]) == (400, True), path


def test_a_page_that_found_little_goes_on(desk: PageDesk) -> None:
    """Where few of many developments are wanted, every one of them is found by going on."""
    found = [
        told for page in walk(desk.reader(), f"{STORY}/developments?kind=confirms", "developments", 1) for told in page
    ]
    assert [told["position"] for told in found] == [18, 8]


@given(st.text(max_size=20), st.text(max_size=9), st.text(max_size=9))
def test_a_cursor_says_what_it_was_made_of(key: str, scope: str, other: str) -> None:
    """A cursor is read back as the key that it was made of, in its own list and in no other."""
    cursor = cursor_after(key, scope)
    assert key_of(cursor, scope) == key
    assert cursor.isascii()
    if other != scope:
        with pytest.raises(UsageError):
            key_of(cursor, other)


@given(st.text(max_size=30))
def test_no_text_is_a_cursor_by_chance(text: str) -> None:
    """Any text that was never handed out is refused, and nothing else happens."""
    with pytest.raises(UsageError):
        key_of(text, "a list")
