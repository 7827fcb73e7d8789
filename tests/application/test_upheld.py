"""Whoever was told on the strength of a finding that is taken back: corrected where nothing of it stands by others."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.made.alerts import SENDS, by_mail, corroborated, entry, finding
from tests.made.story_desk import StoryDesk
from tracker.adapters.sql.engine import open_engine
from tracker.application.bundle import Bundler
from tracker.application.drafts import Drafts
from tracker.application.review import review
from tracker.application.subscribe import subscriptions
from tracker.domain.claims import Relation
from tracker.domain.correction import History
from tracker.domain.events import ClaimUpdated, Event, FindingReviewed
from tracker.domain.quantity import Quantity
from tracker.domain.subscription_events import Filter, Timing
from tracker.ports.log import CORRECTION
from tracker.ports.notify import Message

MORE = replace(SENDS, text="France may send 300 instructors to Ukraine", quantities=(Quantity(300, 300, text="300"),))
MOVED = ClaimUpdated(entry(), finding(Relation.UPDATES), MORE)
SAME = corroborated(entry("e2", source="DPA"), field="quantity", old="300", new="300")
VAGUE = corroborated(entry("e2", source="DPA"))
"""Another source that confirms the claim, and names no value."""
ANN, FIRM = "s-ann", "s-firm"


class Desk(StoryDesk):
    """A desk with two readers: one wants all of it, the other what two sources stand behind."""

    def follow(self, timing: Timing = Timing()) -> None:  # noqa: B008 - frozen
        """Add the readers."""
        firm = replace(by_mail("firm@example.org"), only=Filter(standing="corroborated"))
        self.add(*(replace(one, timing=timing) for one in (by_mail("ann@example.org"), firm)))

    def told(self, after: int = 0) -> list[tuple[str, int, str]]:
        """Return who is told what was recorded after a position, and as what, in order."""
        kept = [one for one in self.owed() if one.position > after and one.dropped is None]
        return [(one.subscription, one.position, one.kind) for one in kept]

    def message(self, whose: str) -> Message:
        """Return the last message to somebody."""
        mine = [one for one in self.outbox.search() if one.subscription == whose]
        return Drafts(self.log, self.outbox).draft(max(mine, key=lambda one: one.upto))[1]

    def bundle(self) -> None:
        """Let a day go by and make the digests of it."""
        self.later(days=1)
        Bundler(self.outbox, self.log, lambda: subscriptions(self.log)).bundle(self.times[0])


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    engine = open_engine(sqlite_url)
    yield Desk(engine)
    engine.dispose()


def test_a_value_that_stands_by_another_report_is_not_taken_back(desk: Desk) -> None:
    """Who was told of the rejected report hears by whom the value holds; who was told of the other hears nothing."""
    desk.follow()
    at = desk.report(MOVED)
    second = desk.report(SAME)
    assert (FIRM, second, "corroborated") in desk.told()
    rejected = review(desk, at, "rejected", "ann").position
    assert desk.told(second) == [(ANN, rejected, CORRECTION)]
    told = desk.message(ANN)
    assert told.subject.endswith("Correction: a report counts no more, 300 still holds")
    assert "Holds now: 300\n" in told.text
    assert "What changed: the report of AFP counts no more\n" in told.text
    assert f"{MORE.text} (one source: DPA)" in told.text
    document = told.payload["data"]["correction"]
    assert (document["old"], document["new"]) == ("300", "300")
    assert document["headline"] == "Correction: a report counts no more, 300 still holds"


def test_who_was_told_through_the_second_source_is_corrected_once_nothing_stands(desk: Desk) -> None:
    """Where nobody knows what the other report says of the value that is back, its readers are corrected as well."""
    desk.follow()
    at = desk.report(MOVED)
    second = desk.report(VAGUE)
    first = desk.message(FIRM)
    rejected = review(desk, at, "rejected", "ann").position
    assert desk.told(second) == [(ANN, rejected, CORRECTION), (FIRM, rejected, CORRECTION)]
    told = desk.message(FIRM)
    assert (told.thread, told.answers) == (first.thread, (first.id,))
    assert f"ann rejected the finding at position {at}, with which it agreed" in told.text
    assert f"Holds now: {SENDS.text} (one source: the seed)" in told.text
    again = review(desk, at, "confirmed", "ann").position
    review(desk, at, "confirmed", "ann")
    assert desk.told(rejected) == [(ANN, again, CORRECTION), (FIRM, again, CORRECTION)]
    assert f"Holds now: {MORE.text} (2 independent sources: AFP, DPA)" in desk.message(FIRM).text


@pytest.mark.parametrize(("second", "told"), [(VAGUE, []), (SAME, ["corroborated"])])
def test_what_lapsed_while_it_waited_is_not_told(desk: Desk, second: Event, told: list[str]) -> None:
    """A digest leaves out what agreed with a value that is gone by then, and keeps what says a value itself."""
    desk.follow(Timing(every="daily", at="18:00"))
    at = desk.report(MOVED)
    desk.report(second)
    review(desk, at, "rejected", "ann")
    desk.bundle()
    assert [kind for who, _, kind in desk.told() if who == FIRM] == told


def test_a_digest_corrects_what_an_earlier_one_told(desk: Desk) -> None:
    """Whoever was told only of the second source hears in the next digest that it counts no more, once."""
    desk.follow(Timing(every="daily", at="18:00"))
    at = desk.report(MOVED)
    second = desk.report(VAGUE)
    desk.bundle()
    rejected = review(desk, at, "rejected", "ann").position
    desk.bundle()
    assert [one for one in desk.told(second) if one[0] == FIRM] == [(FIRM, rejected, CORRECTION)]
    assert "Taken back" in desk.message(FIRM).text
    for verdict in ("confirmed", "rejected"):
        review(desk, at, verdict, "ann")
    desk.bundle()
    assert [one for one in desk.told(rejected) if one[0] == FIRM] == []


def test_what_another_finding_stood_on_is_among_what_a_review_corrects(desk: Desk) -> None:
    """Both are corrected where the second lapses; the first alone where it holds the value up by itself."""
    for second, corrected in ((VAGUE, (4, 5)), (SAME, (4,))):
        stream = [*desk.stream()]
        for event in (MOVED, second):
            last = stream[-1]
            stream.append(replace(last, position=last.position + 1, version=last.version + 1, event=event))
        assert History(stream).corrected_by(FindingReviewed(4, "rejected", claim="S01")) == corrected
