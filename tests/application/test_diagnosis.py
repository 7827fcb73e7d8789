"""What each fact of a check-up means, and what is to be done about it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tracker.application import diagnosis
from tracker.application.diagnosis import PATIENCE, SCARCE, SPENT, Diagnosis
from tracker.application.lag import Lag
from tracker.domain.endpoint import Endpoint
from tracker.domain.subscription_events import SubscriptionAdded, Timing
from tracker.ports.archive import Quarantine
from tracker.ports.checkup import Head, Library, Owed, Place, Schema, Server
from tracker.ports.feeds import FeedState
from tracker.ports.log import Audit

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
PLACE = Place("/data", writable=True, free=5 * SCARCE, file_system="ext4")
SERVER = Server("18.1", {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}, 5, 97)
AUDIT = Audit(1000, 3, 1234, 0, "ab" * 32, ())
FEED = FeedState("f-1", "https://news.example/feed", None, None, NOW, NOW)
LEVEL = Lag("ledger", 9, 0, 0.0, 0)


def told(found: Diagnosis, level: str, *words: str) -> None:
    """Check a diagnosis: its level, what its line says, and that there is a remedy exactly where one is needed."""
    assert found.level == level
    for word in words:
        assert word in "\n".join((found.finding, found.remedy, *found.details))
    assert bool(found.remedy) == (level != "ok")
    assert "\n" not in "".join((found.finding, found.remedy, *found.details))


@pytest.mark.parametrize(
    ("version", "turns", "level", "words"),
    [
        ((3, 34, 1), True, "fault", "3.34.1 is too old"),
        ((3, 40, 1), True, "ok", "take turns"),
        ((3, 51, 3), False, "ok", "SQLite 3.51.3"),
    ],
)
def test_sqlite(version: tuple[int, int, int], *, turns: bool, level: str, words: str) -> None:
    """A version of SQLite that cannot do what the log needs is a fault; one with the old fault names the rule."""
    told(diagnosis.of_library(Library(version, turns)), level, words)


def test_entries() -> None:
    """Who is in quarantine is named, since when and why; nobody has to do anything about it."""
    told(diagnosis.of_entries(()), "ok", "none in quarantine")
    restless = [Quarantine(f"e-{number}", NOW, "its versions come and go") for number in range(7)]
    told(diagnosis.of_entries(restless), "ok", "7 in quarantine", "e-4, since 2024-06-01 12:00 UTC: its", "and 2 more")


@pytest.mark.parametrize(
    ("place", "level", "words"),
    [
        (PLACE, "ok", "ext4"),
        (replace(PLACE, file_system=None), "ok", "not known"),
        (replace(PLACE, writable=False), "fault", "may not be written to"),
        (replace(PLACE, free=SCARCE - 1), "warning", "1000 MB"),
        (replace(PLACE, free=SPENT), "warning", "50 MB"),
        (replace(PLACE, free=SPENT - 1), "fault", "make room"),
    ],
)
def test_place(place: Place, level: str, words: str) -> None:
    """A folder has to be writable and to have room."""
    told(diagnosis.of_place(place), level, words)


@pytest.mark.parametrize(
    ("server", "level", "words"),
    [
        (SERVER, "ok", "5 of 97"),
        (replace(SERVER, connections=88), "warning", "88 of 97"),
        (replace(SERVER, settings={**SERVER.settings, "fsync": "off"}), "fault", "set fsync to on"),
        (replace(SERVER, settings={"synchronous_commit": "off", "fsync": "off"}), "fault", "fsync and synchronous"),
        (replace(SERVER, settings={"synchronous_commit": "local"}), "ok", "18.1"),
    ],
)
def test_server(server: Server, level: str, words: str) -> None:
    """A server that may lose what it acknowledged is a fault, one that runs out of connections a warning."""
    told(diagnosis.of_server(server), level, words)


@pytest.mark.parametrize(
    ("current", "level", "words"),
    [("0002", "ok", "0002"), ("0001", "warning", "tracker db upgrade"), (None, "warning", "no tables yet")],
)
def test_schema(current: str | None, level: str, words: str) -> None:
    """Tables of an older version, or none, are made by the next command."""
    told(diagnosis.of_schema(Schema(current, "0002")), level, words)


def test_damage() -> None:
    """A damaged file is a fault that names the first damage and how many more there are."""
    told(diagnosis.of_damage(()), "ok", "whole")
    told(diagnosis.of_damage(("row 3 missing",)), "fault", "row 3 missing", "backup")
    told(diagnosis.of_damage(("row 3 missing", "b", "c")), "fault", "row 3 missing (and 2 more)")


def test_log() -> None:
    """A head that does not fit its log, and events that do not hold together, are faults."""
    told(diagnosis.of_log(Head(1234, 1234), AUDIT), "ok", "last 1000 of 1234", "tracker verify")
    told(diagnosis.of_log(Head(0, 0), replace(AUDIT, events=0)), "ok", "empty")
    told(diagnosis.of_log(Head(1235, 1234), AUDIT), "fault", "says 1235", "at 1234")
    told(diagnosis.of_log(Head(None, 1234), AUDIT), "fault", "is lost")
    broken = replace(AUDIT, faults=("position 7: missing", "position 9: missing"))
    told(diagnosis.of_log(Head(1234, 1234), broken), "fault", "position 7: missing (and 1 more)")


def test_views() -> None:
    """Views that lack events or have long been behind are a warning, views beyond the log a fault; a moment is well."""
    told(diagnosis.of_views([LEVEL, replace(LEVEL, projection="stories")]), "ok", "level")
    told(diagnosis.of_views([replace(LEVEL, behind=3, age=PATIENCE.total_seconds())]), "ok", "a little behind")
    late = replace(LEVEL, behind=3, age=PATIENCE.total_seconds() + 1)
    told(diagnosis.of_views([LEVEL, late]), "warning", "3 events behind")
    told(diagnosis.of_views([late, replace(LEVEL, dead_letters=2)]), "warning", "ledger lacks 2 events")
    told(diagnosis.of_views([late, replace(LEVEL, behind=-2)]), "fault", "ledger holds 2 events", "backup")


def test_worker() -> None:
    """Feeds that nobody polls are a warning."""
    told(diagnosis.of_worker(77, [FEED]), "ok", "process 77")
    told(diagnosis.of_worker(None, []), "ok", "no feed")
    told(diagnosis.of_worker(None, [FEED]), "warning", "tracker run")


@pytest.mark.parametrize(
    ("feed", "level", "words"),
    [
        (FEED, "ok", "2 followed"),
        (replace(FEED, due_at=NOW - PATIENCE), "ok", "2 followed"),
        (replace(FEED, due_at=NOW - PATIENCE - timedelta(seconds=1)), "warning", "due since 2024-06-01 10:59 UTC"),
        (replace(FEED, failures=3, last_error="503", trouble="refused"), "warning", "refuses to answer: 503"),
        (replace(FEED, trouble="unreachable"), "warning", "cannot be reached"),
        (replace(FEED, gone=True, name="The Paper"), "warning", "The Paper (f-1): gone for good"),
        (replace(FEED, silent=True, last_new_at=NOW - PATIENCE), "warning", "has brought nothing since"),
    ],
)
def test_feeds(feed: FeedState, level: str, words: str) -> None:
    """Sources that fail, are gone, silent or have long been due are named, each with its id and what is wrong."""
    told(diagnosis.of_feeds([FEED, feed], NOW, {}), level, words)


def test_feeds_in_trouble_come_with_a_remedy() -> None:
    """The first of them is the one to look at; those beyond five are counted; a worker that sleeps is asked for."""
    bad = [replace(FEED, id=f"f-{number}", gone=True) for number in range(7)]
    told(diagnosis.of_feeds(bad, NOW, {}), "warning", "7 of 7 in trouble", "and 2 more", "tracker feed check f-0")
    assert len(diagnosis.of_feeds(bad, NOW, {}).details) == 6, "a line each"
    late = replace(FEED, due_at=NOW - 2 * PATIENCE)
    told(diagnosis.of_feeds([late], NOW, {}), "warning", "is a worker running?")


def test_hosts_that_are_left_alone() -> None:
    """A host that asked for a pause is named with its end, and its feeds are not overdue meanwhile."""
    late = replace(FEED, due_at=NOW - 2 * PATIENCE)
    told(diagnosis.of_feeds([late], NOW, {late.host: NOW + PATIENCE}), "ok", f"{late.host} is left alone until")


def test_alerts() -> None:
    """Alerts that were given up, or have long been due, are a warning."""
    told(diagnosis.of_owed(Owed(0, 0)), "ok", "0 given up, 0 overdue")
    told(diagnosis.of_owed(Owed(2, 1)), "warning", "2 given up, 1 overdue", "tracker alert retry")
    told(diagnosis.of_owed(Owed(0, 1)), "warning", "--state pending")


def test_zones() -> None:
    """Each zone that is not known here is named once."""
    strange = SubscriptionAdded("a", "email", "ada@example.org", None, timing=Timing(zone="Mars/Olympus"))
    told(diagnosis.of_zones([strange, strange]), "fault", "2 subscribed", "UTC: Mars/Olympus", "tzdata")
    told(diagnosis.of_zones([]), "ok", "known")


def test_endpoints() -> None:
    """To whom there is no way is named, since when and why; a webhook by its host, since its path may be a key."""
    told(diagnosis.of_endpoints(()), "ok", "none failing")
    hook = Endpoint("w-1", "webhook", "https://hooks.example/sesame", "disabled", 9, NOW, None, "HTTP 410\ngone")
    found = diagnosis.of_endpoints([hook, *(replace(hook, id=str(number)) for number in range(6))])
    told(found, "warning", "7 in trouble", "webhook hooks.example disabled, since 2024-06-01 12:00 UTC: HTTP 410 gone")
    told(found, "warning", "and 2 more", "`tracker alert retry`")
    assert "sesame" not in str(found)
    mail = Endpoint("w-2", "email", "ada@example.org", "failing", 4, NOW, None, "451 later")
    told(diagnosis.of_endpoints([mail]), "warning", "email ada@example.org failing", "451 later")
    assert "retry" not in diagnosis.of_endpoints([mail]).remedy


def test_a_database_that_is_not_there() -> None:
    """A database that is yet to be made is no fault."""
    told(diagnosis.of_missing("database a.db"), "warning", "a.db is not there yet", "tracker db upgrade")
