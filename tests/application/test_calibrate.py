"""The judge learns from reviews where a person asks for it, and what it learnt is an event like any other."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from tests.made.command_line import Tracker
from tests.made.streams import BEGIN
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.application.calibrate import apply, report, reset
from tracker.application.judge_entries import judge_pending
from tracker.application.shelf import Shelf
from tracker.application.stories import open_story
from tracker.bootstrap import App
from tracker.config import Database, Settings
from tracker.domain.claims import Claim, Relation
from tracker.domain.entry import Entry, EntryRef
from tracker.domain.events import (
    ClaimDenied,
    ClaimTracked,
    Event,
    Finding,
    FindingReviewed,
    NewEvent,
    StoryOpened,
    story_stream,
)
from tracker.domain.judge_events import JUDGE, Curve, JudgeCalibrated
from tracker.errors import NotFound
from tracker.judging.calibrating import NEEDED, TOLD_FROM
from tracker.judging.calibration import UNCALIBRATED, calibration_named
from tracker.ports.log import EventLog
from tracker.ports.seeds import Seed

STREAM = story_stream("bridge")
ENTRY = EntryRef("e", "v1", "Title", "", None, "AFP", "AFP", None, "en")
DENIAL = Finding("C1", Relation.DENIES, None, None, None, 0.7, "No.", "", news=True, happening="e", needs_review=True)
SEED = Seed(
    "lea", "Bridge over the Lea", "en", BEGIN, None, None,
    (Claim("C1", "The council plans to build a bridge over the river Lea."),),
)  # fmt: skip
STARTED = Entry(
    "e", "Council starts to build the bridge over the Lea", "Work on the bridge over the river Lea has begun.",
    seen=BEGIN, published=BEGIN, language="en",
)  # fmt: skip
FIRST = 3
"""Position of the first finding."""


@pytest.fixture
def log(engine: Engine) -> SqlEventLog:
    return SqlEventLog(engine, lambda: BEGIN)


def story(log: EventLog, findings: Sequence[ClaimDenied], actor: str = "judge-2") -> None:
    opening = (StoryOpened("bridge", "Bridge", "en", None, None, None), ClaimTracked(Claim("C1", "A bridge."), "seed"))
    events: tuple[Event, ...] = (*opening, *findings)
    log.append(STREAM, 0, [NewEvent(f"e-{nth}", event, actor) for nth, event in enumerate(events)])


def said(log: EventLog, verdicts: Sequence[str]) -> None:
    """Record what a person says of the findings in turn."""
    version = sum(1 for _ in log.read(stream=STREAM))
    reviews = [
        FindingReviewed(FIRST + nth, "confirmed" if verdict == "y" else "rejected", None, "C1")
        for nth, verdict in enumerate(verdicts)
    ]
    log.append(STREAM, version, [NewEvent(f"r-{version}-{nth}", one, "ann") for nth, one in enumerate(reviews)])


def denials(many: int) -> list[ClaimDenied]:
    return [ClaimDenied(replace(ENTRY, id=f"e{nth}"), replace(DENIAL, happening=f"e{nth}")) for nth in range(many)]


def test_what_reviews_teach_is_recorded_once_and_can_be_undone(log: SqlEventLog) -> None:
    """Looking writes nothing; applying writes one event, twice as well; whoever judges follows it until it is reset."""
    story(log, denials(NEEDED + 2))
    said(log, "y" * NEEDED)
    shelf = Shelf(log)
    head = log.head()
    taught = report(log).taught
    assert taught is not None
    assert log.head() == head
    assert shelf.calibration() == UNCALIBRATED
    written = apply(log, "ann")
    assert written is not None
    assert (written.stream, written.event, written.actor) == (JUDGE, taught, "ann")
    assert apply(log, "ann") is None
    held = shelf.calibration()
    assert (held.position, held.curves) == (written.position, taught.curves)
    assert Shelf(log).calibration() == held
    assert not held.settled(DENIAL).needs_review
    undone = reset(log, "ann")
    assert undone is not None
    assert reset(log, "ann") is None
    assert shelf.calibration() == UNCALIBRATED
    assert apply(log, "ann") is not None


def test_the_record_names_the_reviews_that_it_was_learnt_from(log: SqlEventLog) -> None:
    """The positions are those of the last review of each finding, and the numbers those of the table."""
    story(log, denials(NEEDED))
    said(log, "n" * NEEDED)
    said(log, "y")
    written = apply(log, "ann")
    assert written is not None
    assert isinstance(written.event, JudgeCalibrated)
    (curve,) = written.event.curves
    assert (curve.relation, curve.reviews, curve.right) == (Relation.DENIES, NEEDED, 1)
    assert written.event.told_from == TOLD_FROM
    first = FIRST + NEEDED
    assert written.event.learnt_from == tuple(range(first + 1, first + NEEDED + 1))
    (band,) = report(log).bands
    assert (band.waits, band.made, band.reviewed, band.right) == (True, NEEDED, NEEDED, 1)


def test_too_few_reviews_teach_nothing(log: SqlEventLog) -> None:
    """With one review too few applying is refused, and the log stays as it is."""
    story(log, denials(NEEDED))
    said(log, "y" * (NEEDED - 1))
    head = log.head()
    with pytest.raises(NotFound, match="teach nothing yet"):
        apply(log, "ann")
    assert log.head() == head


def test_only_what_waited_teaches(log: SqlEventLog) -> None:
    """Reviews of what was told are counted apart and teach nothing; entries in other languages are not counted."""
    sure = [ClaimDenied(one.entry, replace(one.finding, needs_review=False)) for one in denials(NEEDED)]
    foreign = ClaimDenied(replace(ENTRY, id="f", language="de-AT"), DENIAL)
    story(log, [*sure, foreign])
    said(log, "n" * NEEDED)
    found = report(log)
    assert (found.taught, found.lessons, found.foreign) == (None, (), 1)
    assert [(band.waits, band.reviewed, band.right) for band in found.bands] == [(False, NEEDED, 0)]


def test_a_relabelled_finding_was_wrong(log: SqlEventLog) -> None:
    """Right is what was confirmed, or given the relation that it had; what is given another one was not."""
    story(log, denials(2))
    version = sum(1 for _ in log.read(stream=STREAM))
    relations = (Relation.DENIES, Relation.UPDATES)
    events = [FindingReviewed(FIRST + nth, "relabelled", one, "C1") for nth, one in enumerate(relations)]
    log.append(STREAM, version, [NewEvent(f"r{nth}", one, "ann") for nth, one in enumerate(events)])
    (band,) = report(log).bands
    assert (band.reviewed, band.right) == (2, 1)


def test_what_a_taught_judge_made_is_learnt_from_as_if_it_had_not_been(log: SqlEventLog) -> None:
    """A finding under a calibration counts with the belief that the judge had before: no lesson counts twice."""
    story(log, denials(NEEDED))
    said(log, "n" * NEEDED)
    written = apply(log, "ann")
    assert written is not None
    shown = Shelf(log).calibration().settled(DENIAL)
    assert shown.needs_review
    assert shown.score < DENIAL.score
    version = sum(1 for _ in log.read(stream=STREAM))
    later = NewEvent(
        "later", ClaimDenied(replace(ENTRY, id="l"), shown), f"judge-2 (m; calibration {written.position})"
    )
    (finding,) = log.append(STREAM, version, [later])
    log.append(STREAM, version + 1, [NewEvent("r", FindingReviewed(finding.position, "rejected", None, "C1"), "ann")])
    (lesson,) = report(log).lessons
    assert [round(one.belief, 3) for one in lesson.reviews] == [0.7] * (NEEDED + 1)


def test_a_worker_follows_what_was_taught_meanwhile(sqlite_url: str) -> None:
    """What is judged after it was recorded names the calibration, what was judged before does not."""
    app = App(Settings(database=Database(url=sqlite_url)), lambda: BEGIN)
    open_story(app.log, SEED, "test")
    room = app.newsroom()
    curves = (Curve(Relation.DENIES, 1.0, -1.0, NEEDED, 9),)
    taught = 0
    for nth in range(2):
        entry = replace(STARTED, id=f"e{nth}", publisher=f"Paper {nth}", url=f"https://{nth}.example/")
        room.archive.keep("feed", (entry,), baseline=(False,), seen=BEGIN)
        (judged,) = judge_pending(room)
        assert {calibration_named(one.actor) for one in judged.recorded} == {taught}
        (recorded,) = app.log.append(JUDGE, nth, [NewEvent(f"c{nth}", JudgeCalibrated(curves, TOLD_FROM, (1,)), "ann")])
        taught = recorded.position
    app.close()


def test_the_log_says_what_was_taught(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`calibrate --apply` says how to undo it, `tracker log` what was learnt and that it was forgotten."""
    tracker = Tracker(sqlite_url, capsys)
    app = App(Settings(database=Database(url=sqlite_url)), lambda: BEGIN)
    story(app.log, denials(NEEDED))
    said(app.log, "n" * NEEDED)
    app.close()
    assert "tracker calibrate --apply" in tracker("calibrate")
    assert "undo it:  tracker calibrate --reset" in tracker("calibrate", "--apply")
    assert tracker("calibrate", "--apply") == "the judge follows that already\n"
    assert re.search(r"^The judge follows what it was taught at position \d+\.$", tracker("calibrate"), re.MULTILINE)
    assert "from now on the judge is as it was made" in tracker("calibrate", "--reset")
    log = tracker("log")
    assert re.search(rf"judge\.calibrated +judge +denies: 0 of {NEEDED} right$", log, re.MULTILINE)
    assert re.search(r"judge\.reset +judge +as it was made$", log, re.MULTILINE)
    assert "nothing changed, lost or added" in tracker("verify")


def test_an_empty_log_teaches_nothing(log: SqlEventLog) -> None:
    """Where nothing was found there is no table, no lesson and nothing to undo."""
    assert report(log).bands == ()
    assert reset(log, "ann") is None
