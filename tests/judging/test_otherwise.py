"""What would have changed a verdict is what the judge itself says of the entry altered."""

from collections.abc import Callable

import pytest

from tracker.domain.entry import Entry
from tracker.domain.story import Story
from tracker.judging.decide import decide
from tracker.judging.judge import Judge
from tracker.judging.otherwise import otherwise, shared, without

FERRY = (
    "Sinking of the ferry Santa Lucia",
    "At least 40 people were killed when the Santa Lucia sank.",
    "The inquiry into the sinking is to report on 12 March 2031.",
)
STRIKE = ("Dockers' strike in Antwerp", "The dockers' union in Antwerp demands a pay rise of 12 percent.")


@pytest.fixture
def explained(judge: Judge, write: Callable[..., Entry]) -> Callable[..., dict[str, str]]:
    """Return what gives the answers by stage."""

    def explaining(story: Story, title: str, **more: float) -> dict[str, str]:
        verdict = judge.judge(write(title, **more), story)
        told = otherwise(verdict, story, lambda altered: judge.judge(altered, story))
        assert [stage.detail for stage in told.stages] == [stage.detail for stage in verdict.stages]
        return {stage.name: stage.otherwise for stage in told.stages}

    return explaining


@pytest.mark.parametrize(
    ("seed", "title", "value"),
    [
        (FERRY, "At least 62 people killed when ferry Santa Lucia sank off Cebu", "At least 40 people"),
        (STRIKE, "Dockers' union in Antwerp demands a pay rise of 14 percent", "12 percent"),
    ],
)
def test_the_value_that_would_have_agreed_is_named(
    explained: Callable[..., dict[str, str]],
    opened: Callable[..., Story],
    seed: tuple[str, ...],
    title: str,
    value: str,
) -> None:
    """An update says with which value in the place of its own the judge would have called it the same."""
    said = explained(opened(*seed), title)
    assert f"with '{value}' for" in said["relation"]
    assert "corroborates" in said["relation"]


def test_a_word_of_denial_is_what_denies(
    explained: Callable[..., dict[str, str]], opened: Callable[..., Story]
) -> None:
    """Without its "not" a denial would have been said to bear the claim out."""
    said = explained(
        opened(*FERRY), "Inquiry into the sinking of the Santa Lucia will not report on 12 March", hours=60
    )
    assert said["relation"] == "without 'not' it would be said that it corroborates C1"


def test_names_decide_what_belongs(
    judge: Judge, explained: Callable[..., dict[str, str]], opened: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """Taken out of the entry, the phrases that are named make it another story's; put in, they make it this one's."""
    story = opened(*FERRY)
    title = "Owner of the Santa Lucia is arrested"
    said = explained(story, title)["relevance"]
    assert said.startswith("without 'Santa Lucia'")
    entry = write(title)
    for phrase in said.split("'")[1::2]:
        entry = without(entry, phrase)
    assert not judge.judge(entry, story).relevant
    other = explained(story, "Central bank raises rates by a quarter point")
    assert other["relevance"].startswith("with 'Sinking'")
    assert set(other.values()) - {""} == {other["relevance"]}


def test_the_day_from_which_it_would_be_news(
    judge: Judge, opened: Callable[..., Story], write: Callable[..., Entry], append: Callable[..., Story],
    explained: Callable[..., dict[str, str]],
) -> None:  # fmt: skip
    """A repeat says how much later it would have been news; judged on that day it is."""
    story, title = opened(*FERRY), "Ferry Santa Lucia: 62 people killed as it sank"
    first = write("At least 62 people killed when ferry Santa Lucia sank off Cebu", publisher="AP")
    story = append(story, decide(judge.judge(first, story), story, judge.version), first.seen)
    said = explained(story, title, hours=27)["novelty"]
    assert said.startswith("published ")
    days = int(said.split()[1])
    later = judge.judge(write(title, hours=27 + 24 * days), story)
    assert any(finding.news for finding in later.findings)


def test_phrases_go_whole_and_in_any_case(write: Callable[..., Entry]) -> None:
    """Words side by side are one phrase; it goes from headline and summary, with its possessive."""
    entry = write("Santa Lucia's owner sued", "The SANTA LUCIA sank off Cebu.")
    assert set(shared(entry, frozenset({"cebu", "lucia", "santa"}))) == {"Santa Lucia's", "SANTA LUCIA", "Cebu"}
    gone = without(entry, "Santa Lucia")
    assert (gone.title.strip(), gone.summary) == ("owner sued", "The sank off Cebu.")
