"""Why a finding waits for a person is said in words, and only where it waits."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.judging.conftest import recorded
from tracker.domain.claims import Relation
from tracker.domain.entry import Entry, refer
from tracker.domain.events import ClaimUpdated, finding_of
from tracker.domain.story import Story
from tracker.entrypoints.web.reviewing import doubt_of
from tracker.judging.calibration import UNCALIBRATED
from tracker.judging.case import Case
from tracker.judging.decide import decide
from tracker.judging.doubts import doubt_of as doubted
from tracker.judging.judge import Judge
from tracker.judging.linking import Link
from tracker.judging.profile import profile_of
from tracker.judging.relation import relate

PAY = ("Dockers' strike in Antwerp", "The dockers' union in Antwerp demands a pay rise of 12 percent.")
PRICE = ("Norvik takeover of Halden Bank", "Norvik has offered 4.2 billion euros for Halden Bank.")


@pytest.mark.parametrize(
    "case",
    [
        (PAY, ("Dockers demand a pay rise of 12 percent", "Dockers in Antwerp demand pay rise of 14 percent")),
        (PRICE, ("Norvik offers 4.2 billion euros for Halden Bank", "Norvik offer for Halden Bank: 4.4 billion euros")),
    ],
)
def test_another_figure_of_a_told_happening_waits_and_says_why(
    judge: Judge,
    opened: Callable[..., Story],
    write: Callable[..., Entry],
    append: Callable[..., Story],
    case: tuple[tuple[str, ...], tuple[str, str]],
) -> None:
    """The doubt names both values and the time between them; a sure finding has none; reviewers read what was said."""
    seed, titles = case
    story, first = opened(*seed), write(titles[0], publisher="AP")
    verdict = judge.judge(first, story)
    assert [(one.needs_review, one.doubt) for one in verdict.findings] == [(False, None)] * len(verdict.findings)
    story = append(story, decide(verdict, story, judge.version), first.seen)
    second = write(titles[1], hours=30, publisher="Reuters")
    (event,) = [one.event for one in decide(judge.judge(second, story), story, judge.version)]
    finding = finding_of(event)
    assert finding is not None
    assert finding.needs_review
    assert finding.doubt is not None
    assert all(str(value) in finding.doubt for value in (finding.old, finding.new))
    assert "within 36 hours" in finding.doubt
    assert doubt_of(recorded(event, 9, second.seen), "en") == finding.doubt
    assert isinstance(event, ClaimUpdated)
    older = replace(event, entry=refer(second, "Reuters"), finding=replace(finding, doubt=None))
    assert doubt_of(recorded(older, 9, second.seen), "en") == "its grounds speak for it and against it"


@pytest.mark.parametrize(
    "denial",
    [
        ("Farmers ask the ministry for vaccine.", "Norway denied that it sells vaccine to farmers.", True),
        ("Pilots ask the airline for longer rests.", "The union denied that pilots sleep in the cockpit.", True),
        ("The council will build a tram.", "The council will not build a tram.", False),
    ],
)
def test_a_denial_on_a_faint_link_waits(
    judge: Judge, opened: Callable[..., Story], write: Callable[..., Entry], denial: tuple[str, str, bool]
) -> None:
    """What hardly bears on a claim denies it for no one until a person says so; its own deed undone is of the claim."""
    claim, sentence, waits = denial
    story = opened("Made", claim)
    profile, entry = profile_of(story, judge._reader), write(sentence)
    reading = judge._reader.read(entry)
    case = Case(entry, story, reading, profile, None, None, UNCALIBRATED)
    doubts = {}
    for belief in (0.5, 0.9):
        link = Link(profile.claims[0], reading.lines[:1], belief)
        one = relate(link, story.claims["C0"].current, case.day, (0.02, 0.85, 0.13))
        assert one.relation is Relation.DENIES
        doubts[belief] = doubted(one, case, repeats=False)
    assert doubts[0.9] is None
    assert (doubts[0.5] is not None and "0.50" in doubts[0.5]) is waits
