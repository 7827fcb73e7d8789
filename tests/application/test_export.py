"""Exports: byte for byte the same from the same log, wherever, whenever, and however often its views were made."""

import json
from datetime import timedelta

from tests.made import tunnel
from tests.made.exports import FOLDER, KEPT, SITE, exported, path
from tests.made.stored import stored
from tests.made.streams import Recorder
from tracker.application.export import material
from tracker.application.project import catch_up, rebuild
from tracker.application.then import views_at
from tracker.bootstrap import App
from tracker.config import Database, Settings
from tracker.domain.events import NewEvent, Recorded
from tracker.domain.feed_events import FeedAdded, FeedFailing
from tracker.projections import ALL
from tracker.rendering.formats import FORMS

EVENTS = tunnel.events()


def events_and_feeds() -> tuple[Recorded, ...]:
    """Return the log of the tunnel with a source that fails in the middle of it."""
    log = Recorder()
    log.record("feed-post", FeedAdded("post", "https://post.example/rss", "Post", tunnel.STORY), at=tunnel.OPENED)
    for recorded in EVENTS[:12]:
        log.record(recorded.stream, recorded.event, at=recorded.recorded_at, actor=recorded.actor)
    failing = FeedFailing("post", 4, "post.example answered 503")
    log.record("feed-post", failing, at=tunnel.OPENED + timedelta(days=9, hours=1))
    return tuple(log.events)


def test_the_same_reports_give_the_same_bytes(database_url: str) -> None:
    """On either database, whenever they are told anew, each export is the file that was read and kept."""
    stored(database_url, EVENTS).engine.dispose()
    made = exported(database_url)
    for name, form in KEPT.items():
        assert made[name].encode() == path(form).read_bytes(), name


def test_the_same_log_gives_the_same_bytes(sqlite_url: str, postgresql_url: str) -> None:
    """Every form, reports too, is the same once the views are made anew, and once the log has moved to PostgreSQL."""
    stored(sqlite_url, events_and_feeds()).engine.dispose()
    made = exported(sqlite_url)
    here, there = (App(Settings(database=Database(url=url))) for url in (sqlite_url, postgresql_url))
    there.importer.take(here.exporter.lines())
    rebuild(here.log, here.views, ALL)
    here.close()
    there.close()
    assert exported(sqlite_url) == made
    assert exported(postgresql_url) == made


def test_no_kept_export_is_left_over() -> None:
    """Each file in the folder is a form."""
    assert {file.name for file in FOLDER.iterdir()} == {path(form).name for form in KEPT.values()}


def test_an_export_of_a_moment_stays_as_it_is(sqlite_url: str) -> None:
    """As of a moment that has passed every form, reports too, is the same whatever was recorded since."""
    log = events_and_feeds()
    stored(sqlite_url, log).engine.dispose()
    moment = log[-1].recorded_at + timedelta(hours=1)
    before = exported(sqlite_url, as_of=moment)
    assert all("2031-04-10" in text or "20310410" in text for text in before.values())
    app = App(Settings(database=Database(url=sqlite_url)), lambda: moment + timedelta(hours=1))
    app.log.append(tunnel.STREAM, 12, (NewEvent("later", EVENTS[12].event, "judge 1"),))
    app.log.append("feed-post", 2, (NewEvent("again", FeedFailing("post", 9, "gone"), "worker"),))
    app.close()
    assert exported(sqlite_url, as_of=moment) == before
    assert exported(sqlite_url) != before


def test_what_is_appended_meanwhile_is_left_for_later(sqlite_url: str) -> None:
    """The log is read as far as the views have been folded: no export says of itself that it is older than it is."""
    database = stored(sqlite_url, EVENTS[:9])
    app = App(Settings(database=Database(url=sqlite_url)))
    catch_up(app.log, app.views, ALL)
    moved = NewEvent("moved", EVENTS[9].event, "judge 1")
    database.log.append(tunnel.STREAM, 9, (moved,))
    for name in ("jsonl", "ics"):
        form = FORMS[name]
        text = "".join(form.write(material(app.log, app.views, tunnel.STORY, form, describe=app.describe, site=SITE)))
        assert "2031-05-26" not in text
        assert "20310526" not in text
    app.close()
    database.engine.dispose()


def test_what_was_said_by_a_moment_is_exported_as_well(sqlite_url: str) -> None:
    """An export can be of what had been said by a moment, and says so: its events and dates are those of then."""
    stored(sqlite_url, EVENTS).engine.dispose()
    app = App(Settings(database=Database(url=sqlite_url)))
    catch_up(app.log, app.views, ALL)
    moment, form = EVENTS[8].recorded_at, FORMS["jsonl"]
    views = views_at(app.log, app.views, tunnel.STORY, valid_at=moment)
    given = material(app.log, views, tunnel.STORY, form, describe=app.describe, site=SITE, valid_at=moment)
    *events, end = map(json.loads, form.write(given))
    assert [event["position"] for event in events] == [*range(1, 10), 15]  # a withdrawal is what we know better since
    assert (end["valid_at"], end["position"]) == ("2031-04-02T08:00:00Z", 17)
    assert [one.sequence for one in given.announced if one.claim == "T01"] == [0]
    app.close()
