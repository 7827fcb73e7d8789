"""Judging: what follows from an entry is recorded once, with the notices that it owes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.application.cycle import begin, gather, gather_some
from tracker.application.declared import Declared, DeclaredFeed
from tracker.application.judge_entries import BATCH, judge_one, judge_pending, judge_turn
from tracker.application.newsroom import Newsroom
from tracker.application.replay import SimulatedClock
from tracker.application.shelf import Shelf
from tracker.application.stories import close_story, open_story
from tracker.application.subscribe import subscribe, subscription_to
from tracker.bootstrap import App, resource
from tracker.config import Database, Settings
from tracker.domain.claims import Claim, Relation, Status
from tracker.domain.entry import Entry
from tracker.domain.events import (
    ClaimTracked,
    EntryRevised,
    NewEvent,
    StoryClosed,
    StoryOpened,
    StoryReopened,
    finding_of,
    story_stream,
)
from tracker.domain.extraction import read_claim
from tracker.domain.story import Story
from tracker.errors import NotFound, TrackerError, UsageError
from tracker.judging.calibration import Calibration
from tracker.judging.judge import Judge
from tracker.judging.verdict import Verdict
from tracker.ports.archive import Pending
from tracker.ports.models import Encoder
from tracker.ports.seeds import Seed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
STREAM = story_stream("bridge")
SEED = Seed(
    "bridge", "Bridge over the Lea", "en", NOON, None, None,
    (
        Claim("C1", "The council plans to build a bridge over the river Lea.", "the council", Status.PLANNED),
        Claim("C2", "The bridge over the Lea would cost 3 million pounds."),
    ),
)  # fmt: skip
STARTED = Entry(
    "e-1", "Council starts to build the bridge over the Lea", "Work on the bridge over the river Lea has begun.",
    seen=NOON + timedelta(hours=1), published=NOON + timedelta(hours=1), publisher="Hackney Post", language="en",
)  # fmt: skip
STOPPED = replace(STARTED, title="Council stops building the bridge over the Lea")
ELSEWHERE = replace(STARTED, id="e-2", title="Cup final goes to penalties", summary="Rovers beat United on penalties.")


@pytest.fixture
def app(sqlite_url: str) -> Iterator[App]:
    made = App(Settings(database=Database(url=sqlite_url)), SimulatedClock(NOON))
    open_story(made.log, SEED, "test")
    subscribe(made.log, subscription_to(email="a@example.org", webhook=None, story=None, secret=None), "test")
    yield made
    made.close()


@pytest.fixture
def room(app: App) -> Newsroom:
    return app.newsroom()


def keep(room: Newsroom, *entries: Entry, baseline: bool = False) -> None:
    room.archive.keep("f", entries, baseline=[baseline] * len(entries), seen=NOON)


def test_an_entry_is_judged_once_and_its_events_are_in_the_log(room: Newsroom) -> None:
    """A relevant entry becomes events of its story and an irrelevant one becomes none; neither is judged again."""
    keep(room, STARTED, ELSEWHERE)
    first, second = judge_pending(room)
    assert first.verdict.relevant
    assert first.recorded == tuple(room.log.read(stream=STREAM, after=first.recorded[0].position - 1))
    assert not second.verdict.relevant
    assert second.recorded == ()
    assert list(judge_pending(room)) == []


def test_news_is_owed_to_who_asked_and_a_baseline_to_nobody(room: Newsroom) -> None:
    """The same entry owes an alert when it comes anew, and none when it came with the first import of its feed."""
    keep(room, STARTED)
    (told,) = judge_pending(room)
    assert [notice.story for notice in told.notices] == ["bridge"]
    assert [delivery.story for delivery in room.outbox.search()] == ["bridge"]


def test_a_baseline_is_recorded_in_silence(room: Newsroom) -> None:
    """What a first import brings is judged and recorded, and no delivery is owed."""
    keep(room, STARTED, baseline=True)
    (silent,) = judge_pending(room)
    assert silent.recorded
    assert silent.notices == ()
    assert room.outbox.search() == ()


def test_a_crash_between_append_and_judgement_records_nothing_twice(room: Newsroom) -> None:
    """An entry whose events are in the log, but whose judgement was lost, is judged again without a trace."""
    keep(room, STARTED)
    (first,) = judge_pending(room)
    head = room.log.head()
    again = judge_one(room, "bridge", Pending(STARTED, baseline=False))
    assert again is not None
    assert again.verdict.entry == first.verdict.entry
    assert (again.recorded, again.notices) == ((), ())
    assert room.log.head() == head


def test_an_edit_of_what_the_story_quotes_is_recorded(room: Newsroom) -> None:
    """When a publisher changes a sentence that a finding quotes, the log says from which words to which."""
    keep(room, STARTED)
    (first,) = judge_pending(room)
    assert [finding.sentence for finding in first.verdict.findings] == [STARTED.title]
    keep(room, replace(STARTED, title="Council stops building the bridge over the Lea"))
    (edited,) = judge_pending(room)
    revision = edited.recorded[0].event
    assert isinstance(revision, EntryRevised)
    assert (revision.old, revision.new) == (STARTED.title, "Council stops building the bridge over the Lea")


def test_an_edit_of_what_no_finding_quotes_is_judged_and_no_revision(room: Newsroom) -> None:
    """A new version may bring facts, so it is judged; where the quoted sentences stand, no revision is recorded."""
    keep(room, STARTED)
    list(judge_pending(room))
    keep(room, replace(STARTED, summary="Work on the bridge over the river Lea has begun, for 5 million pounds."))
    (edited,) = judge_pending(room)
    assert edited.recorded
    assert not [recorded for recorded in edited.recorded if isinstance(recorded.event, EntryRevised)]


@dataclass(frozen=True)
class Choking:
    """An encoder that fails over one text."""

    inner: Encoder

    @property
    def version(self) -> str:
        return self.inner.version

    def encode(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        if any("penalties" in text for text in texts):
            raise ZeroDivisionError("no such vector")
        return self.inner.encode(texts)


def test_an_entry_that_cannot_be_judged_does_not_hold_back_the_next(room: Newsroom) -> None:
    """It is put aside as irrelevant with the reason, once, and the story goes on."""
    keep(room, replace(STARTED, id="e-2", title="Council sees penalties for the bridge over the Lea"), STARTED)
    room = replace(room, judge=Judge(Choking(MiniLmEncoder())))
    aside, good = judge_pending(room)
    assert (aside.verdict.entry.id, aside.verdict.relevant, aside.recorded) == ("e-2", False, ())
    assert aside.fault == aside.verdict.reason
    assert "could not be judged: ZeroDivisionError" in (aside.fault or "")
    assert good.recorded
    assert good.fault is None
    assert list(judge_pending(room)) == []


def test_a_model_that_is_missing_puts_no_entry_aside(room: Newsroom, tmp_path: Path) -> None:
    """What would meet every entry alike is raised; the entry stays pending for the day when it is mended."""
    keep(room, STARTED)
    with pytest.raises(TrackerError):
        list(judge_pending(replace(room, judge=Judge(MiniLmEncoder(tmp_path)))))
    assert len(list(judge_pending(room))) == 1


def test_an_edit_that_is_taken_back_is_an_edit(database_url: str) -> None:
    """A, B, A: three judgings, two recorded edits, and the story holds the words that stand there now."""
    app = App(Settings(database=Database(url=database_url)), SimulatedClock(NOON))
    open_story(app.log, SEED, "test")
    room = app.newsroom()
    judged = 0
    for hour, one in enumerate((STARTED, STOPPED, STARTED, STARTED)):
        room.archive.keep("f", [one], baseline=[False], seen=NOON + timedelta(hours=hour))
        judged += len(list(judge_pending(room)))
    assert judged == 3
    assert edits(room) == [(STARTED.title, STOPPED.title), (STOPPED.title, STARTED.title)]
    story = room.shelf.story("bridge")
    assert story is not None
    assert story.entries["e-1"].ref.version == STARTED.version
    app.close()


def edits(room: Newsroom) -> list[tuple[str, str]]:
    """Return the recorded edits, old words and new."""
    events = (recorded.event for recorded in room.log.read(stream=STREAM))
    return [(event.old, event.new) for event in events if isinstance(event, EntryRevised)]


def test_a_figure_follows_its_publisher_back(app: App, room: Newsroom) -> None:
    """Fourteen, forty, fourteen by silent edits: the claim ends at fourteen; what was not edited is told once."""
    sank, toll = "The ferry Santa Lucia sank off Cebu.", "people were killed when the ferry Santa Lucia sank off Cebu."
    claims = (read_claim("C1", sank), read_claim("C2", f"Ten {toll}"))
    open_story(app.log, replace(SEED, id="ferry", title="Sinking of the ferry Santa Lucia", claims=claims), "test")
    entry = replace(STARTED, title="Ferry Santa Lucia sinks off Cebu")
    for hour, number in enumerate(("Fourteen", "Forty", "Fourteen")):
        told = replace(entry, summary=f"{number} {toll}")
        room.archive.keep("f", [told], baseline=[False], seen=NOON + timedelta(hours=hour))
        list(judge_pending(room))
    log = room.log.read(stream=story_stream("ferry"))
    found = [finding for recorded in log if (finding := finding_of(recorded.event))]
    figures = [(one.relation, one.new) for one in found if one.claim == "C2"]
    assert figures == [(Relation.UPDATES, f"{number} people") for number in ("Fourteen", "Forty", "Fourteen")]
    assert len([one for one in found if one.claim == "C1"]) == 1
    story = room.shelf.story("ferry")
    assert story is not None
    assert story.claims["C2"].current.quantities[0].text == "Fourteen people"


def test_what_goes_to_and_fro_is_quarantined(room: Newsroom) -> None:
    """A, B, A, B and so on: the third return is kept and judged no more, and nobody is told of any further one."""
    for hour, one in enumerate((STARTED, STOPPED) * 5):
        room.archive.keep("f", [one], baseline=[False], seen=NOON + timedelta(hours=hour))
        list(judge_pending(room))
    assert len(edits(room)) == 3
    ((entry, reason),) = ((one.entry, one.reason) for one in room.archive.quarantined())
    assert (entry, reason) == ("e-1", "its versions come and go")
    ids = [recorded.id for recorded in room.log.read(stream=STREAM)]
    assert len(ids) == len(set(ids))


def test_a_development_is_told_though_its_entry_is_quarantined(room: Newsroom) -> None:
    """An entry went to and fro ten times and then says what it never said: it is judged, recorded and told."""
    fallen = replace(STARTED, title="Forty killed as the bridge over the Lea collapses")
    for hour, one in enumerate((*(STARTED, STOPPED) * 5, fallen)):
        room.archive.keep("f", [one], baseline=[False], seen=NOON + timedelta(hours=hour))
        judged = list(judge_pending(room))
    assert len(room.archive.quarantined()) == 1
    (told,) = judged
    assert edits(room)[-1][1] == fallen.title
    assert told.notices


def test_a_worker_that_is_stopping_leaves_the_rest_pending(room: Newsroom) -> None:
    """Between two entries the worker asks whether to stop; what it left is judged at the next start."""
    keep(room, STARTED)
    assert list(judge_pending(replace(room, stopping=lambda: True))) == []
    assert len(list(judge_pending(room))) == 1


def test_opening_a_story_twice_is_once_and_another_seed_is_refused(app: App) -> None:
    """The same seed records nothing again; a different one under the same id, or an unfit id, is a usage error."""
    assert open_story(app.log, SEED, "test").version == 3
    types = [type(recorded.event) for recorded in app.log.read(stream=STREAM)]
    assert types == [StoryOpened, ClaimTracked, ClaimTracked]
    with pytest.raises(UsageError, match="already open"):
        open_story(app.log, replace(SEED, title="Another"), "test")
    for unfit in ("", "a/b", "-a", "a" * 65):
        with pytest.raises(UsageError, match="id"):
            open_story(app.log, replace(SEED, id=unfit), "test")


@pytest.mark.parametrize("unfit", ["", "a\x00", "a b", "a\u202e", "a" * 65])
def test_a_claim_whose_id_cannot_be_typed_is_refused(app: App, unfit: str) -> None:
    """Whatever made the seed, a claim's id is at most 64 printable characters without blanks."""
    with pytest.raises(UsageError, match="a claim's id"):
        open_story(app.log, replace(SEED, id="other", claims=(replace(SEED.claims[0], id=unfit),)), "test")
    assert tuple(app.log.read(stream=story_stream("other"))) == ()


def test_a_closed_story_can_be_opened_again(app: App, room: Newsroom) -> None:
    """Opening the seed of a closed story records once that it is followed again, as often as it was closed."""
    for _ in range(2):
        close_story(app.log, "bridge", "test")
        assert not open_story(app.log, SEED, "test").closed
        assert not open_story(app.log, SEED, "test").closed
    kinds = [type(recorded.event) for recorded in app.log.read(stream=STREAM)]
    assert kinds[3:] == [StoryClosed, StoryReopened] * 2
    keep(room, STARTED)
    assert len(list(judge_pending(room))) == 1


def test_a_closed_story_judges_nothing(app: App, room: Newsroom) -> None:
    """After closing, entries wait; closing twice records once, and an unknown story is not found."""
    close_story(app.log, "bridge", "test")
    close_story(app.log, "bridge", "test")
    keep(room, STARTED)
    assert list(judge_pending(room)) == []
    assert Shelf(app.log).followed() == ()
    story = Shelf(app.log).story("bridge")
    assert story is not None
    assert story.closed
    with pytest.raises(NotFound):
        close_story(app.log, "nope", "test")


def test_what_the_config_declares_is_added_once(app: App, room: Newsroom) -> None:
    """Feeds and subscriptions of the config file are there after the first start, and only once after the second."""
    reader = subscription_to(email="b@example.org", webhook=None, story="bridge", secret=None)
    declared = Declared([DeclaredFeed("https://example.org/feed", "A feed", "bridge")], [reader])
    begin(room, declared, alone=True)
    head = app.log.head()
    begin(room, declared, alone=True)
    assert app.log.head() == head
    assert [feed.name for feed in app.feeds.all()] == ["A feed"]
    assert len(room.shelf.subscriptions().current) == 2


def test_a_round_brings_the_views_level(app: App, room: Newsroom) -> None:
    """After a round the views stand at the head of the log."""
    keep(room, STARTED)
    gathered = gather(room)
    assert (len(gathered.polled), len(gathered.judged)) == (0, 1)
    assert app.views.checkpoint("ledger") == app.log.head()


def test_stories_take_turns(app: App, room: Newsroom) -> None:
    """A long first import is judged in batches, between which the other stories have theirs, oldest first in each."""
    open_story(app.log, replace(SEED, id="weir"), "test")
    keep(room, *(replace(ELSEWHERE, id=f"e-{number:03}") for number in range(BATCH + 2)))
    first, second, third = ([one.verdict.entry.id for one in judge_turn(room)] for _ in range(3))
    assert first == [f"e-{number:03}" for number in range(BATCH)] * 2
    assert second == [f"e-{BATCH:03}", f"e-{BATCH + 1:03}"] * 2
    assert third == []


def test_what_belongs_nowhere_is_recorded_together(database_url: str) -> None:
    """Each entry is judged once for each story, whenever somebody stops listening: what was not recorded waits."""
    app = App(Settings(database=Database(url=database_url)), SimulatedClock(NOON))
    stories = ("bridge", "weir", "lock")
    for story in stories:
        open_story(app.log, replace(SEED, id=story), "test")
    room = app.newsroom()
    entries = [replace(ELSEWHERE, id=f"e-{number}") for number in range(3)]
    keep(room, entries[0], replace(STARTED, id="e-0.5"), *entries[1:])
    listening = judge_turn(room)
    early = [next(listening) for _ in range(2)]
    del listening
    rest = list(judge_pending(room))
    judged = [(one.verdict.entry.id, one.verdict.relevant) for one in (*early, *rest)]
    assert sorted(judged) == sorted([*((one.id, False) for one in entries), ("e-0.5", True)] * 3)
    found = room.archive.dossier("e-2", "lock", 1).judgements
    assert [(one.relevant, one.reason) for one in found] == [(False, rest[-1].verdict.reason)]
    assert list(judge_pending(room)) == []
    app.close()


def test_what_was_rejected_by_a_story_as_it_was_is_judged_as_it_is(room: Newsroom) -> None:
    """A claim that a person adds while an entry is judged counts: the verdict from before is not recorded."""
    keep(room, ELSEWHERE)
    cup = NewEvent(
        "cup", ClaimTracked(Claim("C9", "Rovers beat United on penalties in the cup final."), "seed"), "test"
    )
    append = partial(room.log.append, STREAM, 3, (cup,))
    first = list(judge_turn(replace(room, judge=Interrupted(room.judge, append))))
    assert first == []
    (second,) = judge_pending(room)
    assert second.verdict.relevant
    assert [one.claim for one in second.verdict.findings] == ["C9"]


@dataclass
class Interrupted(Judge):
    """A judge before whose verdicts something else happens, once it has the story."""

    inner: Judge
    happens: Callable[[], object]

    @property
    def version(self) -> str:
        return self.inner.version

    def calibrated(self, calibration: Calibration) -> Judge:
        return replace(self, inner=self.inner.calibrated(calibration))

    def judge(self, entry: Entry, story: Story) -> Verdict:
        self.happens()
        return self.inner.judge(entry, story)


def test_a_round_leaves_what_is_too_much_for_it(room: Newsroom) -> None:
    """Between two batches the sources are polled again; in the end everything is judged, and once."""
    keep(room, *(replace(ELSEWHERE, id=f"e-{number:03}") for number in range(2 * BATCH)))
    assert [len(gather_some(room).judged) for _ in range(3)] == [BATCH, BATCH, 0]
    keep(room, *(replace(ELSEWHERE, id=f"f-{number:03}") for number in range(2 * BATCH)))
    assert len(gather(room).judged) == 2 * BATCH


def test_the_seed_of_the_house_opens(app: App, tmp_path: Path) -> None:
    """The bundled seed is found, read and opened with every claim."""
    seed = app.read_seed(str(resource("seeds") / "western-instructors.toml"))
    assert len(open_story(app.log, seed, "test").claims) == len(seed.claims) >= 20
    article = tmp_path / "bridge.txt"
    article.write_text("The council plans to build a bridge over the Lea by June 2026, the mayor said on Monday.\n")
    assert app.read_seed(str(article), story_id="mine", title="My bridge").title == "My bridge"
