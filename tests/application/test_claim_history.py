"""One claim with its findings and its charts, from views that follow a log."""

from collections.abc import Iterable

import pytest

from tests.made import bridge, toll
from tests.made.streams import BEGIN, Recorder
from tests.made.views import views_of
from tracker.application.claim_history import SHOWN, claim_history, stood
from tracker.application.claim_values import DRAWN
from tracker.application.report import claims_of
from tracker.domain.claims import Relation
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimTracked,
    ClaimUpdated,
    Event,
    FindingReviewed,
    Recorded,
    StoryOpened,
)
from tracker.errors import NotFound
from tracker.projections import ALL
from tracker.projections.folding import Batch
from tracker.projections.ledger import Ledger
from tracker.projections.memory import MemoryViews
from tracker.rendering.chart import Chart, Fate
from tracker.rendering.view import ClaimView

VIEWS = views_of(toll.events())


def told(events: Iterable[Event]) -> MemoryViews:
    """Return the views of the ferry's story, opened at position 1, with some events."""
    recorder = Recorder()
    recorder.record(toll.STREAM, StoryOpened(toll.STORY, "Ferry", "en", None, None, BEGIN))
    for event in events:
        recorder.record(toll.STREAM, event)
    return views_of(recorder.events)


def values(chart: Chart) -> list[tuple[str, Fate]]:
    """Return what a chart draws, in words, oldest first."""
    return [(mark.point.words, mark.point.fate) for mark in chart.marks]


def test_every_finding_is_there_newest_first() -> None:
    """A claim has each of its findings, the newest first, then what it began with; its newest one is named."""
    history = claim_history(VIEWS, toll.STORY, "S01")
    assert [one.entry for one in history.findings] == ["e8", "e5", "e4", "e3", "e2", "e1"]
    assert [one.verdict for one in history.findings] == [None, None, None, "rejected", None, None]
    assert [one.kind for one in history.beginning] == ["tracked"]
    assert (history.origin, history.older) == ("seed", None)
    assert history.newest == history.findings[0]
    assert [side.denies for side in history.claim.sides] == [False, True]


def test_a_toll_is_drawn_with_what_stands_against_it() -> None:
    """The chart of a figure has what the claim said in turn, and beside it what a person rejected and others deny."""
    (chart,) = claim_history(VIEWS, toll.STORY, "S01").charts
    assert values(chart) == [
        ("At least 3 people", "first"), ("Nine people", "followed"), ("At least 40 people", "followed"),
        ("Some 55 people", "rejected"), ("62 people", "followed"), ("denied", "denied"), ("70 people", "said"),
    ]  # fmt: skip
    assert [(mark.point.low, mark.point.high) for mark in chart.marks][2] == (40, None)
    assert [mark.point.source for mark in chart.marks][1:3] == ["Coast Post", "Coast News"]
    assert not chart.earlier


def test_a_slipping_date_is_drawn() -> None:
    """The chart of a date has the days that were said in turn, and nothing of what is no date."""
    (chart,) = claim_history(VIEWS, toll.STORY, "S02").charts
    assert values(chart) == [
        ("14 June 2031", "first"), ("not before 20 June 2031", "followed"), ("3 July 2031", "followed"),
    ]  # fmt: skip
    assert chart.title == "Which day"


def test_what_was_never_said_otherwise_is_not_drawn() -> None:
    """A claim without values has no chart, nor one whose values nobody has said otherwise; a doubt is no value."""
    assert claim_history(VIEWS, toll.STORY, "S03").charts == ()
    denied = ClaimCorroborated(toll.ref(1), toll.finding(1, toll.TOLL, Relation.CORROBORATES, (None, None, None)))
    assert claim_history(told([ClaimTracked(toll.TOLL, "seed"), denied]), toll.STORY, "S01").charts == ()


def test_what_is_of_other_things_is_left_out() -> None:
    """A value that cannot stand on the scale of the claim's, and one whose words name none, is not drawn."""
    said = [("quantity", "3 people", "5 km"), ("quantity", "3 people", "fewer"), ("date", "today", "3 July 2031")]
    findings = [toll.finding(1, toll.TOLL, Relation.CORROBORATES, one) for one in said]
    events: list[Event] = [ClaimTracked(toll.TOLL, "seed"), *(ClaimCorroborated(toll.ref(1), one) for one in findings)]
    assert claim_history(told(events), toll.STORY, "S01").charts == ()


def test_a_value_is_that_of_the_claim_which_it_is_about() -> None:
    """Of a claim with two figures each has the chart of what was said of it."""
    both = toll.saying("S01", "3 people died and 5 cars sank.")
    cars = toll.saying("S01", "3 people died and seven cars sank.")
    updates = Relation.UPDATES
    moved = ClaimUpdated(toll.ref(1), toll.finding(1, both, updates, ("quantity", "5 cars", "seven cars")), cars)
    reworded = ClaimUpdated(toll.ref(2), toll.finding(2, both, updates, ("quantity", "seven cars", "7 cars")), cars)
    said = toll.finding(4, both, Relation.CORROBORATES, ("quantity", "seven cars", "8 cars"))
    history = claim_history(
        told([ClaimTracked(both, "seed"), moved, reworded, ClaimCorroborated(toll.ref(4), said)]), toll.STORY, "S01"
    )
    assert [values(chart) for chart in history.charts] == [
        [("5 cars", "first"), ("seven cars", "followed"), ("7 cars", "followed"), ("8 cars", "said")]
    ]


def many(count: int) -> MemoryViews:
    """Return the views of a claim whose toll rose so many times."""
    claims = [toll.saying("S01", f"{nth} people died when the ferry capsized.") for nth in range(count + 1)]
    findings = [
        toll.finding(1, toll.TOLL, Relation.UPDATES, ("quantity", f"{nth} people", f"{nth + 1} people"))
        for nth in range(count)
    ]
    moved = (ClaimUpdated(toll.ref(1), one, claims[nth + 1]) for nth, one in enumerate(findings))
    return told([ClaimTracked(claims[0], "seed"), *moved])


def test_a_long_history_comes_in_pages() -> None:
    """Each finding is on one page, none on two; the pages are bounded, and the last has the beginning."""
    views, seen, before = many(120), list[int](), None
    while True:
        page = claim_history(views, toll.STORY, "S01", before=before)
        seen += [one.position for one in page.findings]
        assert len(page.findings) <= SHOWN
        assert bool(page.beginning) == (page.older is None)
        assert page.newest is not None
        assert page.newest.position == 122
        assert bool(page.charts) == (before is None)
        if page.older is None:
            break
        before = page.older
    assert seen == list(range(122, 2, -1))


def test_of_many_values_the_newest_are_drawn() -> None:
    """A chart holds at most so many values, begins with what the claim said before them, and says that it does."""
    (chart,) = claim_history(many(120), toll.STORY, "S01").charts
    assert chart.earlier
    assert len(chart.marks) == DRAWN + 1
    assert values(chart)[:2] == [("20 people", "held"), ("21 people", "followed")]
    assert values(chart)[-1] == ("120 people", "followed")


def test_a_proposal_begins_with_what_was_proposed() -> None:
    """A claim that a person confirmed has begun with that word, and before it stands what was proposed."""
    finding = toll.finding(1, toll.TOLL, Relation.NEW, (None, None, None), sure=False)
    proposed = ClaimTracked(toll.TOLL, "entry", toll.ref(1), finding)
    history = claim_history(told([proposed, FindingReviewed(2, "confirmed", claim="S01")]), toll.STORY, "S01")
    assert [(one.kind, one.position) for one in history.beginning] == [("review", 3), ("new", 2)]
    assert (history.origin, history.newest, history.findings) == ("entry", None, ())


def test_findings_from_before_a_claim_began_anew_are_past() -> None:
    """A claim that is tracked again has the findings since then alone, in its history and in its charts."""
    moved = many_updates = [one.event for one in toll.events()[4:5]]
    history = claim_history(
        told([ClaimTracked(toll.TOLL, "seed"), *many_updates, ClaimTracked(toll.TOLL, "seed"), *moved]),
        toll.STORY, "S01",
    )  # fmt: skip
    assert [one.position for one in history.findings] == [5]
    assert len(history.charts[0].marks) == 2


def test_a_finding_that_could_not_be_folded_is_left_out() -> None:
    """What a view lacks is missing from the page, and the page is there all the same."""
    lacking = MemoryViews()
    for projection in ALL:
        lost = (2, 15) if projection.name == "timeline" else ()
        rows = Batch(projection, [one for one in toll.events() if one.position not in lost]).fold({})
        lacking.save(projection.name, rows, after=0, position=1)
    history = claim_history(lacking, toll.STORY, "S01")
    assert [one.entry for one in history.findings] == ["e5", "e4", "e3", "e2", "e1"]
    assert (history.newest, history.beginning) == (None, ())
    assert len(history.charts[0].marks) == 6


@pytest.mark.parametrize(("story", "claim", "words"), [("ferry", "S01", "no story"), (toll.STORY, "s1", "S01")])
def test_what_there_is_not(story: str, claim: str, words: str) -> None:
    """An unknown story or claim is refused, with what comes nearest."""
    with pytest.raises(NotFound, match=words):
        claim_history(VIEWS, story, claim)


@pytest.mark.parametrize(("events", "story"), [(toll.events(), toll.STORY), (bridge.events(), bridge.STORY)])
def test_a_claim_before_and_after_an_event(events: tuple[Recorded, ...], story: str) -> None:
    """A claim as it stood is what the events up to then make of it, before and after each event."""
    views = views_of(events)
    for position in range(1, len(events) + 1):
        before, after = (_ledger(events[:upto]) for upto in (position - 1, position))
        for claim in (one.id for one in claims_of(views, story)):
            diff = stood(views, story, claim, position)
            assert [_stance(diff.before), _stance(diff.after)] == [
                _stance(next((one for one in claims_of(then, story) if one.id == claim), None))
                for then in (before, after)
            ]
    assert stood(views, "nowhere", "S01", 1).after is None


def _stance(claim: ClaimView | None) -> object:
    return claim and (claim.current, claim.standing, claim.sources, claim.denied_by, claim.removed, claim.withdrawn)


def _ledger(events: Iterable[Recorded]) -> MemoryViews:
    rows = Batch(Ledger(), tuple(events)).fold({})
    views = MemoryViews()
    views.save("ledger", rows, after=0, position=1)
    return views


def test_the_bridge_has_its_history() -> None:
    """A claim that is disputed names its sides and who is behind them."""
    history = claim_history(views_of(bridge.events()), bridge.STORY, "S02")
    assert history.claim.denied_by
    assert history.findings
