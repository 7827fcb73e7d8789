"""Stale values, disputed ones, and those that move a claim, in several stories with the shipped encoder."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tracker.domain.claims import Relation, Standing
from tracker.domain.entry import Entry
from tracker.domain.events import EntryLinked, Event, Finding, finding_of
from tracker.domain.story import Story
from tracker.judging.decide import decide
from tracker.judging.judge import Judge

FERRY = ("Sinking of the ferry Santa Lucia", "At least 40 people were killed when the Santa Lucia sank off Cebu.")
STRIKE = ("Dockers' strike in Antwerp", "About 3,000 dockers are on strike in Antwerp.")
FEVER = ("Outbreak of Lassa fever in Benin", "Health officials in Benin have confirmed 25 cases of Lassa fever.")
OFFER = ("Norvik takeover of Halden Bank", "Norvik has offered 4.2 billion euros for Halden Bank.")

Tell = Callable[..., tuple[Story, list[Event]]]


@pytest.fixture
def tell(judge: Judge, append: Callable[..., Story], write: Callable[..., Entry]) -> Tell:
    """Return what judges a headline and records it; `late` are the hours after which it was seen."""

    def telling(story: Story, title: str, hours: float, publisher: str, late: float = 0) -> tuple[Story, list[Event]]:
        entry = write(title, hours=hours, publisher=publisher)
        entry = replace(entry, seen=entry.seen + timedelta(hours=late))
        events = decide(judge.judge(entry, story), story, judge.version)
        return append(story, events, entry.seen), [event.event for event in events]

    return telling


def found(events: list[Event]) -> list[Finding]:
    return [finding for event in events if (finding := finding_of(event))]


@pytest.mark.parametrize(
    ("seed", "titles"),
    [
        (
            FERRY,
            (
                "Ferry Santa Lucia: 75 people killed when it sank off Cebu",
                "Sinking of Santa Lucia off Cebu killed 58 people, says mayor",
                "Santa Lucia: 90 people killed when ferry sank off Cebu",
            ),
        ),
        (
            STRIKE,
            (
                "Union says 4,500 dockers are on strike in Antwerp",
                "Port of Antwerp: 1,800 dockers on strike",
                "6,000 dockers are on strike in Antwerp",
            ),
        ),
    ],
)
def test_counts_of_one_day_are_disputed(
    opened: Callable[..., Story], tell: Tell, seed: tuple[str, ...], titles: tuple[str, str, str]
) -> None:
    """Another source's lower count of the same day disputes the claim, moves nothing, and a later one settles it."""
    first, second, third = titles
    story, _ = tell(opened(*seed), first, 24, "AP")
    held = story.claims["C0"].current
    story, events = tell(story, second, 28, "Courier")
    (said,) = [finding for finding in found(events) if finding.claim == "C0"]
    assert (said.relation, said.field, said.news) == (Relation.DENIES, "quantity", False)
    assert "disputed" in said.reason
    assert "AP" in said.reason
    claim = story.claims["C0"]
    assert (claim.current, claim.standing) == (held, Standing.DISPUTED)
    assert (set(claim.sources), set(claim.denied_by)) == ({"AP"}, {"Courier"})
    story, events = tell(story, third, 120, "Reuters")
    assert any(finding.relation is Relation.UPDATES and finding.news for finding in found(events))
    assert story.claims["C0"].standing is Standing.REPORTED


@pytest.mark.parametrize(
    ("seed", "present", "older"),
    [
        (FEVER, "Benin confirms 41 cases of Lassa fever", "Benin confirms 30 cases of Lassa fever"),
        (
            OFFER,
            "Norvik raises offer for Halden Bank to 4.6 billion euros",
            "Norvik offers 4.4 billion euros for Halden",
        ),
        (
            FERRY,
            "85 people killed when ferry Santa Lucia sank off Cebu",
            "At least 62 people killed in Santa Lucia sinking",
        ),
    ],
)
def test_a_value_published_before_the_present_one_is_stale(
    opened: Callable[..., Story], tell: Tell, seed: tuple[str, ...], present: str, older: str
) -> None:
    """What was published earlier and is seen later neither moves the claim nor bears it out, and alerts nobody."""
    story, _ = tell(opened(*seed), present, 72, "AFP")
    before = story.claims["C0"]
    story, events = tell(story, older, 20, "Slow News", late=60)
    assert [type(event) for event in events] == [EntryLinked]
    assert isinstance(events[0], EntryLinked)
    assert events[0].claims == ("C0",)
    assert "an earlier quantity" in events[0].reason
    assert story.claims["C0"] == before


def test_a_count_that_the_claim_left_behind_is_stale(opened: Callable[..., Story], tell: Tell) -> None:
    """A desk that has not caught up says the toll of before: no update, no dispute, and no source of the new toll."""
    story, _ = tell(opened(*FERRY), "62 people killed when ferry Santa Lucia sank off Cebu", 24, "AP")
    story, _ = tell(story, "75 people killed when ferry Santa Lucia sank off Cebu", 28, "Reuters")
    story, events = tell(story, "62 people were killed when Santa Lucia sank off Cebu, desk learns", 33, "AFP")
    assert found(events) == []
    assert story.claims["C0"].sources == {"Reuters"}
    assert story.claims["C0"].current.quantities[0].low == 75


def test_a_running_count_falls_only_by_a_word_of_revision(opened: Callable[..., Story], tell: Tell) -> None:
    """Days later a lower count of cases is disputed, unless the sentence says that the count was revised."""
    story, _ = tell(opened(*FEVER), "Benin confirms 41 cases of Lassa fever", 24, "AFP")
    _, events = tell(story, "Lassa fever in Benin: 33 cases confirmed", 120, "Late Desk")
    assert [finding.relation for finding in found(events)] == [Relation.DENIES]
    story, events = tell(story, "Benin lowers count to 33 cases of Lassa fever confirmed", 120, "Late Desk")
    assert [finding.relation for finding in found(events)] == [Relation.UPDATES]
    assert story.claims["C0"].current.quantities[0].low == 33


def test_a_source_moves_its_own_figure(opened: Callable[..., Story], tell: Tell) -> None:
    """The source that set a count may give another one of the same day: that is no conflict of sources."""
    story, _ = tell(opened(*STRIKE), "4,500 dockers are on strike in Antwerp", 24, "Belga")
    _, events = tell(story, "1,800 dockers are on strike in Antwerp", 28, "Belga")
    assert all(finding.relation is not Relation.DENIES for finding in found(events))


def test_a_figure_moves_one_claim(opened: Callable[..., Story], tell: Tell) -> None:
    """The toll is no count of those aboard, however near the sentence is to both claims."""
    seed = (FERRY[0], "The ferry Santa Lucia sank off Cebu with 212 people aboard.", FERRY[1])
    story, events = tell(opened(*seed), "Santa Lucia: 85 people killed when ferry sank", 48, "AP")
    assert [one.claim for one in found(events) if one.relation is Relation.UPDATES] == ["C1"]
    assert story.claims["C0"].current.quantities[0].low == 212
