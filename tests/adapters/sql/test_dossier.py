"""What the archive tells of one entry."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert

from tests.adapters.sql.made import NOON, entry, later
from tracker.adapters.sql.archive import SqlArchive
from tracker.adapters.sql.engine import writing
from tracker.adapters.sql.tables import erasure
from tracker.domain.entry import Entry
from tracker.ports.archive import Dossier, Judgement, Removal, Sighting


@pytest.fixture
def archive(engine: Engine) -> SqlArchive:
    return SqlArchive(engine)


def shown(archive: SqlArchive, feed: str, hour: float, one: Entry) -> Entry:
    """Take in a version that a feed shows some hours after noon."""
    seen = replace(one, seen=later(hours=hour), feed=feed)
    archive.keep(feed, [seen], baseline=[False], seen=seen.seen)
    return seen


def judged(one: Entry, story: str, hour: float) -> Judgement:
    """Return that a version belongs to a story."""
    return Judgement(story, one.id, one.version, True, 0.8, "it names the bridge", "judge 1", later(hours=hour))


def test_all_that_is_held_of_an_entry(archive: SqlArchive) -> None:
    """A dossier has the newest versions, a sighting a feed, and what one story was told; other entries have none."""
    texts = [replace(entry("1"), title=f"Bridge closed, {word}") for word in ("eleven hurt", "twelve hurt", "one dead")]
    versions = [shown(archive, "f", nth, one) for nth, one in enumerate(texts)]
    shown(archive, "g", 5, texts[2])
    ours, others = judged(versions[0], "s", 1), judged(versions[0], "t", 2)
    for one in (ours, others):
        archive.judged(one)
    archive.page_gone("1", later(hours=6), 410)
    told = archive.dossier("1", "s", 2)
    assert [one.title for one in told.versions] == [one.title for one in versions[1:]]
    assert told.earlier == 1
    assert told.sightings == (
        Sighting("f", False, NOON, later(hours=2), None),
        Sighting("g", False, later(hours=5), later(hours=5), None),
    )
    assert told.judgements == (ours,)
    assert told.removal == Removal("1", NOON + timedelta(hours=6), "its page is gone (HTTP 410)")
    assert told.quarantine is None
    assert archive.dossier("2", "s", 2) == Dossier()
    assert archive.version("1", versions[1].version) == versions[1]
    assert archive.version("1", "other") is None


def test_of_an_erased_entry_only_that_is_told(archive: SqlArchive, engine: Engine) -> None:
    """Once an entry was erased its dossier says when, and nothing else."""
    shown(archive, "f", 0, entry("1"))
    with writing(engine) as connection:
        connection.execute(insert(erasure).values(entry="1", erased_at=later(hours=3)))
    assert archive.dossier("1", "s", 2) == Dossier(erased_at=later(hours=3))


def test_an_entry_that_goes_to_and_fro_is_named(archive: SqlArchive) -> None:
    """Of an entry in quarantine the dossier says so."""
    texts = [replace(entry("1"), title=f"Bridge closed, {word}") for word in ("eleven hurt", "twelve hurt")]
    for hour in range(8):
        shown(archive, "f", hour, texts[hour % 2])
    quarantine = archive.dossier("1", "s", 9).quarantine
    assert quarantine is not None
    assert quarantine == archive.quarantined()[0]
