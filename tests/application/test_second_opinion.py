"""Second opinions: asked once, within a budget, in the log, and never needed."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from tests.made.receiver import Receiver
from tracker.adapters.http.client import GuardedClient
from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.adapters.models.pair import PairModel
from tracker.adapters.opinion.chat import ChatAdviser
from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.opinions import SqlBudget
from tracker.application.correct import tell
from tracker.application.cycle import project
from tracker.application.explain import explain
from tracker.application.judge_entries import judge_pending, judge_turn
from tracker.application.replay import SimulatedClock, replay
from tracker.application.report import waiting
from tracker.application.second_opinion import FAILURES, PAUSE, Asked, SecondOpinion
from tracker.application.stories import open_story
from tracker.application.subscribe import subscribe, subscription_to
from tracker.bootstrap import App
from tracker.config import Database, Opinion, Settings, Worker
from tracker.domain.claims import Claim, Relation, Status
from tracker.domain.entry import Entry, EntryRef
from tracker.domain.events import (
    ClaimDenied,
    ClaimTracked,
    EntryLinked,
    Event,
    Finding,
    NewEvent,
    Recorded,
    StoryOpened,
    finding_of,
    story_stream,
)
from tracker.domain.story import Story, fold
from tracker.judging.judge import Judge
from tracker.ports.seeds import Seed
from tracker.rendering.event_text import why_text

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
PATH = "/v1/chat/completions"
CLAIMS = (
    Claim("C1", "The council plans to build a bridge over the river Lea.", "the council", Status.PLANNED),
    Claim("C2", "The bridge over the Lea would cost 3 million pounds."),
)
REF = EntryRef("e-1", "v-1", "No bridge over the Lea", "", None, "Post", "Post", NOON, "en")
DOUBT = Finding(
    "C1", Relation.DENIES, None, None, None, 0.7, "There is no plan for a bridge.", "denied", news=True,
    happening="e-1", needs_review=True,
)  # fmt: skip


def said(relation: str) -> bytes:
    content = json.dumps({"relation": relation, "reason": "It says so."})
    return json.dumps({"choices": [{"message": {"content": content}, "finish_reason": "stop"}]}).encode()


def story() -> Story:
    told: list[Event] = [StoryOpened("bridge", "Bridge over the Lea", "en", None, None, NOON)]
    told += [ClaimTracked(claim, "seed") for claim in CLAIMS]
    folded = fold(
        Recorded(n, "story-bridge", n, f"e{n}", event, "test", None, None, NOON, "") for n, event in enumerate(told, 1)
    )
    assert folded is not None
    return folded


def doubted(number: int = 1, ref: EntryRef = REF, **changes: Any) -> NewEvent:
    finding = replace(DOUBT, sentence=f"{DOUBT.sentence} {number}", **changes)
    return NewEvent(f"ev-{number}", ClaimDenied(ref, finding), "judge")


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOON)


Make = Callable[..., SecondOpinion]


@pytest.fixture
def make(sqlite_url: str, there: Receiver, clock: SimulatedClock) -> Iterator[Make]:
    engine = open_engine(sqlite_url)
    http = GuardedClient(user_agent="tracker-test/1", allow=frozenset(["loopback"]))

    def made(*, calls: int = 100, longest: int = 4000, settles: bool = False) -> SecondOpinion:
        adviser = ChatAdviser(http, there.url("/v1"), "small-1", key=None, secret=str, timeout=20)
        return SecondOpinion(adviser, SqlBudget(engine), clock, calls=calls, longest=longest, settles=settles)

    yield made
    http.close()
    engine.dispose()


def after(events: tuple[NewEvent, ...]) -> list[Finding]:
    return [finding for event in events if (finding := finding_of(event.event))]


@pytest.mark.parametrize("settles", [False, True])
def test_agreement_settles_only_where_that_is_set(settles: bool, make: Make, there: Receiver) -> None:  # noqa: FBT001
    """A model that agrees ends the wait with `settles`; without it the finding waits, with the evidence."""
    there.says(200, body=said("denies"), path=PATH)
    events, asked = make(settles=settles).on([doubted()], story())
    (finding,) = after(events)
    assert finding.needs_review is not settles
    assert finding.opinion is not None
    assert finding.opinion.relation is Relation.DENIES
    assert asked == (Asked("agrees"),)


def test_another_reading_keeps_it_waiting(make: Make, there: Receiver) -> None:
    """A model that reads otherwise changes no relation and ends no wait; its reading stands in the reason."""
    there.says(200, body=said("none"), path=PATH)
    events, asked = make(settles=True).on([doubted()], story())
    (finding,) = after(events)
    assert (finding.relation, finding.needs_review) == (Relation.DENIES, True)
    assert "reads nothing of the claim in it: It says so." in finding.reason
    assert asked == (Asked("differs"),)


def test_a_foreign_sentence_is_never_settled(make: Make, there: Receiver) -> None:
    """What the judge could not read it has no opinion on, with which a model could agree."""
    there.says(200, body=said("denies"), path=PATH)
    events, _ = make(settles=True).on([doubted(ref=replace(REF, language="fr"))], story())
    assert [finding.needs_review for finding in after(events)] == [True]


def test_sure_findings_and_new_claims_are_nobody_elses_business(make: Make, there: Receiver) -> None:
    """Only unsure findings of a claim are asked about: all else passes as it is."""
    events = (
        doubted(needs_review=False),
        NewEvent("ev-2", EntryLinked(REF, 0.9, "background", None, (), "e-1"), "judge"),
        NewEvent("ev-3", ClaimTracked(CLAIMS[0], "entry", REF, replace(DOUBT, relation=Relation.NEW)), "judge"),
    )
    assert make().on(events, story()) == (events, ())
    assert there.hooks == []


def test_an_entry_that_is_judged_again_asks_nobody_again(make: Make, there: Receiver) -> None:
    """After a lost race the same question has the answer that it got."""
    there.says(200, body=said("denies"), path=PATH)
    opinion = make()
    first, second = (opinion.on([doubted()], story())[0] for _ in range(2))
    assert first == second
    assert len(there.hooks) == 1


def test_without_an_answer_the_finding_waits(make: Make, there: Receiver) -> None:
    """A server at fault loses nothing: the event is the judge's own, and says why there is no opinion."""
    there.says(500, path=PATH)
    events, asked = make(settles=True).on([doubted()], story())
    (finding,) = after(events)
    (own,) = after((doubted(),))
    assert finding == replace(own, reason=f"{own.reason}; no second opinion: answered 500")
    assert asked == (Asked("failed", "answered 500"),)


def test_who_does_not_answer_is_left_alone(make: Make, there: Receiver, clock: SimulatedClock) -> None:
    """After some failures in a row nobody is asked for a while; then once, and again not where that fails as well."""
    opinion = make()
    there.otherwise = (503, {}, b"")
    outcomes = [opinion.on([doubted(n)], story())[1][0].outcome for n in range(FAILURES + 2)]
    assert outcomes == ["failed"] * FAILURES + ["paused"] * 2
    assert len(there.hooks) == FAILURES
    clock.advance(NOON + PAUSE)
    assert [opinion.on([doubted(n)], story())[1][0].outcome for n in (8, 9)] == ["failed", "paused"]
    clock.advance(NOON + 2 * PAUSE)
    there.otherwise = (200, {}, said("denies"))
    assert [opinion.on([doubted(n)], story())[1][0].outcome for n in (10, 11)] == ["agrees", "agrees"]


def test_a_budget_is_of_a_day(make: Make, there: Receiver, clock: SimulatedClock) -> None:
    """What is spent is spent, also for a worker that starts anew; the next day brings another."""
    there.otherwise = (200, {}, said("denies"))
    outcomes = [make(calls=2).on([doubted(n)], story())[1] for n in range(3)]  # each time another worker
    assert outcomes == [(Asked("agrees"),), (Asked("agrees"),), (Asked("spent", "the day's budget of 2 is spent"),)]
    clock.advance(NOON + timedelta(hours=12))
    assert make(calls=2).on([doubted(4)], story())[1] == (Asked("agrees"),)
    assert len(there.hooks) == 3


def test_what_is_too_long_is_not_sent(make: Make, there: Receiver) -> None:
    """A question over the limit costs nothing and leaves no text of ours with anybody."""
    _, ((asked),) = make(longest=20).on([doubted()], story())
    assert asked.outcome == "too long"
    assert there.hooks == []


def test_workers_share_a_budget(database_url: str) -> None:
    """Of two workers that ask at the same time each gets some of the day's questions, and both together no more."""
    engines = [open_engine(database_url) for _ in range(2)]
    day = date(2024, 6, 1)

    def work(which: int) -> int:
        return sum(SqlBudget(engines[which]).take(day, 15) for _ in range(10))

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(work, (0, 1))) == 15
    assert not SqlBudget(engines[0]).take(day, 15)
    assert SqlBudget(engines[0]).take(day, 16)
    assert SqlBudget(engines[1]).take(date(2024, 6, 2), 1)
    for engine in engines:
        engine.dispose()


SEED = Seed("bridge", "Bridge over the Lea", "en", NOON, None, None, CLAIMS)
FRENCH = Entry(
    "e-1", "Hackney: un pont sur la Lea, bridge over the river Lea", "Le conseil veut construire un pont sur la Lea.",
    seen=NOON + timedelta(hours=1), published=NOON + timedelta(hours=1), publisher="Le Journal", language="fr",
)  # fmt: skip


@pytest.fixture(scope="module")
def judge() -> Judge:
    """One judge for all: what it has read once it knows."""
    return Judge(MiniLmEncoder(), PairModel())


@pytest.fixture
def app(sqlite_url: str, there: Receiver, clock: SimulatedClock, judge: Judge) -> Iterator[App]:
    settings = Settings(
        database=Database(url=sqlite_url),
        worker=Worker(allow_private=("loopback",)),
        opinion=Opinion(url=there.url("/v1"), model="small-1", settles=True),
    )
    made = App(settings, clock)
    made.judge = judge
    yield made
    made.close()


def test_the_log_keeps_the_answer_and_nobody_is_asked_again(app: App, there: Receiver) -> None:
    """What was answered is read back from the log; folding it, judging on and a replay of the items ask nobody."""
    there.otherwise = (200, {}, said("updates"))
    open_story(app.log, SEED, "test")
    room = app.newsroom()
    room.archive.keep("f", (FRENCH,), baseline=[False], seen=NOON)
    (judged,) = judge_pending(room)
    asked = len(there.hooks)
    assert asked == len(judged.asked) > 0
    told = [finding for one in app.log.read(stream=story_stream("bridge")) if (finding := finding_of(one.event))]
    assert [finding.opinion.relation for finding in told if finding.opinion] == [Relation.UPDATES] * asked
    assert all(finding.needs_review for finding in told)  # foreign: never settled
    assert fold(app.log.read(stream=story_stream("bridge"))) == room.shelf.story("bridge")
    assert list(judge_pending(room)) == []
    assert len(there.hooks) == asked


def test_what_is_settled_is_told(app: App, there: Receiver) -> None:
    """A finding that waits owes nobody an alert; once model and judge agree, and that settles it, it owes one."""
    there.says(200, body=said("denies"), path=PATH)
    open_story(app.log, SEED, "test")
    subscribe(app.log, subscription_to(email="a@example.org", webhook=None, story=None, secret=None), "test")
    room = app.newsroom()
    story, before = room.shelf.story("bridge"), (doubted(),)
    assert room.opinion is not None
    assert story is not None
    after, _ = room.opinion.on(before, story)
    owed = [tell(room, story, events, room.shelf.subscriptions(), silent=False) for events in (before, after)]
    assert [len(notices) for notices in owed] == [0, 1]


def test_a_slow_model_holds_no_story_up(app: App, there: Receiver) -> None:
    """A turn that waited for a minute ends after the entry; the others are judged in the next, and none is lost."""
    there.otherwise = (200, {}, said("none"))
    open_story(app.log, SEED, "test")
    moments = count(step=45)
    room = replace(app.newsroom(), clock=lambda: NOON + timedelta(seconds=next(moments)))
    entries = [replace(FRENCH, id=f"e-{n}", title=f"{FRENCH.title}, {n}e jour") for n in range(3)]
    room.archive.keep("f", entries, baseline=[False] * 3, seen=NOON)
    turns = [len(list(judge_turn(room))) for _ in range(4)]
    assert sum(turns) == 3
    assert turns[0] < 3


def test_an_opinion_is_shown_to_whoever_reviews(app: App, there: Receiver) -> None:
    """The list of what waits and the account of an event tell what the model reads, and which model it is."""
    there.otherwise = (200, {}, said("updates"))
    open_story(app.log, SEED, "test")
    room = app.newsroom()
    room.archive.keep("f", (FRENCH,), baseline=[False], seen=NOON)
    (judged,) = judge_pending(room)
    project(room)
    (told, *_) = waiting(room.views, "bridge")
    assert "a second opinion (small-1) reads that it updates the claim: It says so." in told.reason
    record = why_text(explain(app.log, room.views, told.position), app.describe(judged.recorded[0]))
    assert "finding.opinion.model" in record


def test_a_baseline_asks_nobody(app: App, there: Receiver) -> None:
    """What came with the first import of a feed, of which nobody is told, is not worth a question."""
    open_story(app.log, SEED, "test")
    room = app.newsroom()
    room.archive.keep("f", (FRENCH,), baseline=[True], seen=NOON)
    (judged,) = judge_pending(room)
    assert any(finding_of(one.event) for one in judged.recorded)
    assert there.hooks == []


def test_a_replay_asks_nobody(app: App, there: Receiver, clock: SimulatedClock) -> None:
    """`tracker replay` gives the same verdicts whatever is configured, since nobody is asked."""
    (document,) = replay(app.newsroom(), SEED, [("1", FRENCH)], clock)
    assert document["needs_review"] is True
    assert there.hooks == []


def test_nobody_is_asked_unless_it_is_configured(sqlite_url: str) -> None:
    """Without an address there is nothing that could ask."""
    plain = App(Settings(database=Database(url=sqlite_url)))
    assert plain.opinion is None
    plain.close()
