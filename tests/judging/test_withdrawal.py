"""A claim's own holder withdraws it, another party disputes it: in several stories with the shipped encoder."""

from collections.abc import Callable

import pytest

from tracker.domain.claims import Relation
from tracker.domain.entry import Entry
from tracker.domain.events import RETRACTED, WITHDRAWN, Finding, finding_of
from tracker.domain.story import Story
from tracker.judging.decide import decide
from tracker.judging.judge import Judge

OFFER = ("Norvik takeover of Halden Bank", "Norvik has offered 4.2 billion euros for Halden Bank.")
SPIES = ("Spying row between Orland and Vesk", "Orland says that Vesk hacked its parliament in January.")
BRIDGE = ("Toll on the Lea bridge", "The council of Leaford plans a toll on the Lea bridge.")

Say = Callable[[Story, Entry], tuple[Story, list[Finding]]]


@pytest.fixture
def say(judge: Judge, append: Callable[..., Story]) -> Say:
    def saying(story: Story, entry: Entry) -> tuple[Story, list[Finding]]:
        events = decide(judge.judge(entry, story), story, judge.version)
        told = [finding for event in events if (finding := finding_of(event.event))]
        return append(story, events, entry.seen), told

    return saying


@pytest.mark.parametrize(
    "case",
    [
        (
            OFFER,
            ("Halden denies it got an offer of 4.2 billion euros", "Norvik withdraws its offer for Halden"),
            "Norvik",
        ),
        (
            SPIES,
            ("Vesk denies hacking the parliament of Orland", "Orland withdraws claim that Vesk hacked it"),
            "Orland",
        ),
    ],
)
def test_who_takes_back_is_told_after_who_denies(
    say: Say,
    opened: Callable[..., Story],
    write: Callable[..., Entry],
    case: tuple[tuple[str, ...], tuple[str, str], str],
) -> None:
    """A denial by the other side disputes and settles nothing; the holder's own withdrawal is news after it, once."""
    seed, (denial, withdrawal), holder = case
    story, (denied,) = say(opened(*seed), write(denial, publisher="Reuters"))
    assert (denied.relation, denied.news) == (Relation.DENIES, True)
    assert "withdrawn" not in denied.reason
    held = story.claims["C0"].current
    story, found = say(story, write(withdrawal, hours=48, publisher="AFP"))
    assert [(one.relation, one.news) for one in found] == [(Relation.DENIES, True)]
    assert f"withdrawn by {holder}, whose own it was" in found[0].reason
    assert story.claims["C0"].current == held
    assert story.claims["C0"].denied_by == {"Reuters", "AFP"}
    _, again = say(story, write(f"{withdrawal}, officials confirm", hours=52, publisher="AP"))
    assert not any(one.news for one in again)


def test_who_is_not_the_holder_withdraws_nothing_of_it(
    say: Say, opened: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """A court that overturns a council's plan takes it back, and is not said to be whose own it was."""
    _, found = say(opened(*BRIDGE), write("Court overturns toll on the Lea bridge planned by the council of Leaford"))
    assert found
    assert all("whose own it was" not in one.reason for one in found)


@pytest.mark.parametrize(
    "case",
    [
        ("Post", "The Post has retracted its report that work on the Lea bridge has begun.", RETRACTED),
        ("Gazette", "The Post has retracted its report that work on the Lea bridge has begun.", None),
        ("Gazette", "The council of Leaford retracted its statement that it has begun work on the bridge.", WITHDRAWN),
        ("Post", "The council of Leaford scrapped its plan for a toll on the Lea bridge.", None),
    ],
)
def test_who_takes_back_what_they_said_is_told_apart(
    say: Say, opened: Callable[..., Story], write: Callable[..., Entry], case: tuple[str, str, str | None]
) -> None:
    """An outlet retracts its own report, a holder its statement; another outlet's, and a plan given up, are neither."""
    publisher, retraction, new = case
    seed = ("Work on the Lea bridge", "The council of Leaford plans to begin work on the Lea bridge.")
    begun = "The council of Leaford has begun work on the Lea bridge."
    story, _ = say(opened(*seed), write("Work begins on the Lea bridge", begun, publisher="Post"))
    _, found = say(story, write("News of the bridge", retraction, hours=30, publisher=publisher))
    assert {one.new for one in found} & {RETRACTED, WITHDRAWN} == ({new} if new else set())


def test_a_denial_in_the_words_of_the_report_is_news_of_who_denies(
    say: Say, opened: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """Who denies a report word for word is told as a denial, and is the one who denies it."""
    report = "The council has begun to build a bridge over the river Lea"
    story, _ = say(opened(*BRIDGE), write("Work begins on the Lea bridge", f"{report}, it said.", publisher="Post"))
    denial = write("Mayor denies bridge report", f"The mayor denied that {report}.", hours=30, publisher="Gazette")
    story, found = say(story, denial)
    assert [(one.relation, one.news) for one in found] == [(Relation.DENIES, True)]
    assert story.claims["C0"].denied_by == {"Gazette"}
