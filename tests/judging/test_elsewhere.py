"""What is told of another place bears no claim out, however alike the rest."""

from collections.abc import Callable

import pytest

from tracker.domain.entry import Entry
from tracker.domain.story import Story
from tracker.judging.elsewhere import aimed
from tracker.judging.judge import Judge

GRAIN = (
    "Kenyan grain for Malawi",
    "Kenya plans to send 30,000 tonnes of maize to Malawi.",
    "The maize would be shipped in three convoys of lorries.",
)
PEACE = (
    "Peacekeepers in Haiti",
    "Canada is to lead a mission of peacekeepers to Haiti.",
    "Police trainers would follow the peacekeepers within a month.",
)
MILL = (
    "Fire at Ipswich mill",
    "A fire at Ipswich mill left 14 people hurt.",
    "The roof of the mill fell in during the fire.",
)


@pytest.mark.parametrize(
    "case",
    [
        (GRAIN, "Kenya plans to send 30,000 tonnes of maize to Lesotho", "Lesotho"),
        (GRAIN, "Maize for Lesotho would be shipped in three convoys of lorries, Kenya says", "Lesotho"),
        (PEACE, "Canada is to lead mission of peacekeepers to Gabon", "Gabon"),
        (PEACE, "Canada Is To Lead Mission Of Peacekeepers To Gabon Next Spring", "Gabon"),
        (MILL, "Fire at Keswick mill leaves 14 people hurt", "Keswick"),
        (MILL, "Fire at Keswick mill leaves 21 people hurt", "Keswick"),
    ],
)
def test_another_place_waits(
    judge: Judge,
    opened: Callable[..., Story],
    write: Callable[..., Entry],
    case: tuple[tuple[str, ...], str, str],
) -> None:
    """A line that names another place where the claim has its own alerts nobody, moves no claim, and says why."""
    seed, title, place = case
    verdict = judge.judge(write(title), opened(*seed))
    assert verdict.findings
    assert all(finding.needs_review for finding in verdict.findings)
    assert all(f"it names {place}" in (finding.doubt or "") for finding in verdict.findings)


@pytest.mark.parametrize(
    "case",
    [
        (GRAIN, "Kenya plans to send 30,000 tonnes of maize to Lilongwe", ""),
        (GRAIN, "Kenya plans to send 30,000 tonnes of maize", "It was asked for by Malawi after talks in Zambia."),
        (PEACE, "Canada is to lead mission of peacekeepers, minister says in Gabon", "Haiti asked for them."),
        (PEACE, "Canada is to lead mission of peacekeepers to Port-au-Prince", ""),
        (MILL, "Fire at Ipswich mill: 14 people hurt are taken to hospital in Norwich", ""),
    ],
)
def test_the_place_of_the_claim_under_another_word_is_no_other(
    judge: Judge,
    opened: Callable[..., Story],
    write: Callable[..., Entry],
    case: tuple[tuple[str, ...], str, str],
) -> None:
    """A capital for its country, a place named in the text, or a place beside the claim's makes nothing wait."""
    seed, title, summary = case
    verdict = judge.judge(write(title, summary), opened(*seed))
    assert verdict.findings
    assert not any("another place" in (finding.doubt or "") for finding in verdict.findings)


def test_only_what_stands_behind_a_preposition_is_aimed_at() -> None:
    """Who acts is no place, a day is none, and a headline in capitals names only countries."""
    assert [place.written for place in aimed("Peru sends doctors to Quito on Friday, Lima says")] == ["Quito"]
    assert [place.countries for place in aimed("Peru Sends Doctors To Ecuador After Heavy Floods")] == [{"ecuador"}]
    assert aimed("Peru Sends Doctors To Riverside Hospital After Heavy Floods") == ()
