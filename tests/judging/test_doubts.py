"""Why a finding waits for a person is said in words, and only where it waits."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.judging.conftest import recorded
from tracker.domain.entry import Entry, refer
from tracker.domain.events import ClaimUpdated, finding_of
from tracker.domain.story import Story
from tracker.entrypoints.web.reviewing import doubt_of
from tracker.judging.decide import decide
from tracker.judging.judge import Judge

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
