"""A correction goes the way of what it corrects, also where the subscription goes another way by now."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest

from tests.made.alerts import NOON, by_mail, denied, entry, taken_back, updated
from tests.made.story_desk import StoryDesk
from tracker.adapters.sql.engine import open_engine
from tracker.application.bundle import Bundler
from tracker.application.drafts import Drafts
from tracker.application.explain_route import explain_route
from tracker.application.review import review
from tracker.application.subscribe import subscriptions, unsubscribe
from tracker.domain.endpoint import endpoint_id
from tracker.domain.events import EntryRemoved, EntryRevised
from tracker.domain.subscription_events import SubscriptionAdded, Timing
from tracker.errors import NotFound
from tracker.ports.log import CORRECTION
from tracker.ports.outbox import Attempt, Tried

OLD, NEW = (replace(by_mail(f"{name}@example.org"), subscription="desk") for name in ("old", "new"))


class Desk(StoryDesk):
    """A desk at which messages are sent as they come due, and go to whoever they are for."""

    def end(self, how: Literal["delivered", "permanent"] = "delivered") -> None:
        """Try what is due, with the same end for each."""
        self.later(minutes=1)
        now = self.times[0]
        claimed = self.outbox.claim(now, 9, timedelta(minutes=2))
        endpoint = ("email", "old@example.org")
        self.outbox.settle([Tried(one, Attempt(how, "it is so"), now, now, endpoint) for one in claimed])  # type: ignore[arg-type]
        self.later(minutes=1)

    def bundle(self) -> None:
        """Make messages of what has waited long enough."""
        Bundler(self.outbox, self.log, lambda: subscriptions(self.log)).bundle(self.times[0])

    def to(self, position: int) -> list[tuple[str, str]]:
        """Return to whom what was told from a position on goes, and as what; nothing of what waits."""
        drafts, owed = Drafts(self.log, self.outbox), [one for one in self.owed() if one.position >= position]
        sent = {name: drafts.draft(self.outbox.beginning(name, 1)[0])[0] for one in owed if (name := one.delivery)}
        return [(sent[one.delivery].target, one.kind) for one in owed if one.delivery]

    def why(self, position: int) -> tuple[bool, str]:
        """Return whether the desk is told of an event, and why."""
        (fare,) = explain_route(self, position).fares
        return fare.ruling.told, fare.ruling.why


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    engine = open_engine(sqlite_url)
    yield Desk(engine)
    engine.dispose()


@pytest.mark.parametrize("end", ["delivered", "permanent"])
def test_whoever_was_told_is_corrected_where_they_were_told(desk: Desk, end: Literal["delivered", "permanent"]) -> None:
    """The address that got the message, or may have, gets its correction; the one that came in its place does not."""
    desk.add(OLD)
    at = desk.report(updated())
    desk.end(end)
    desk.add(NEW)
    said = review(desk, at, "rejected", "ann").position
    assert desk.to(said) == [("old@example.org", CORRECTION)]
    told, why = desk.why(said)
    assert told
    assert why.endswith(f"at position {at}, or is about to be; it goes the same way, to old@example.org")


def test_what_is_corrected_again_is_corrected_at_the_same_address(desk: Desk) -> None:
    """Who hears that a finding was rejected hears as well that it stands after all, and nobody else does."""
    desk.add(OLD)
    at = desk.report(updated())
    desk.end()
    desk.add(NEW)
    review(desk, at, "rejected", "ann")
    desk.end()
    again = review(desk, at, "confirmed", "ann").position
    desk.end()
    third = review(desk, at, "rejected", "ann").position
    assert desk.to(again) == [("old@example.org", CORRECTION)] * 2
    assert "it goes the same way, to old@example.org" in desk.why(third)[1]


@pytest.mark.parametrize("moves", ["before", "after"])
def test_a_retraction_that_is_none_is_said_where_it_was_told(desk: Desk, moves: str) -> None:
    """Whether the address changed before a source took something back or after it."""
    desk.add(OLD)
    desk.report(updated())
    desk.end()
    if moves == "before":
        desk.add(NEW)
    back = desk.report(taken_back(entry("e2")))
    desk.end()
    if moves == "after":
        desk.add(NEW)
    review(desk, back, "rejected", "ann")
    assert desk.to(back) == [("old@example.org", CORRECTION)] * 2


def test_whatever_follows_a_retraction_goes_where_it_was_told(desk: Desk) -> None:
    """That its entry is gone, that the claim is given up; also where the new address was told something else since."""
    desk.add(OLD)
    desk.report(updated())
    desk.end()
    desk.add(NEW)
    back = desk.report(taken_back(entry("e2")))
    desk.end()
    other = desk.report(updated(entry("e3"), new="500"))
    desk.end()
    gone = desk.report(EntryRemoved(entry("e2"), "its page is gone", ("S01",)))
    desk.end()
    review(desk, back, "rejected", "ann")
    assert desk.to(back)[0] == ("old@example.org", CORRECTION)
    assert desk.to(other)[0] == ("new@example.org", "updated")
    assert desk.to(gone) == [("old@example.org", CORRECTION)] * 2


def test_a_correction_that_waits_goes_to_who_was_told(desk: Desk) -> None:
    """One that waited for a digest as the address changed goes alone, to the old one; the new one gets the rest."""
    daily = Timing(every="daily", at="18:00")
    desk.add(replace(OLD, timing=daily))
    at = desk.report(updated())
    desk.later(days=1)
    desk.bundle()
    desk.end()
    review(desk, at, "rejected", "ann")
    desk.add(replace(NEW, timing=daily))
    other = desk.report(denied(entry("e2")))
    desk.bundle()
    assert desk.to(at + 1) == [("old@example.org", CORRECTION)]
    desk.later(days=1)
    desk.bundle()
    assert desk.to(other) == [("new@example.org", "denied")]


def test_what_was_not_sent_yet_goes_the_present_way(desk: Desk) -> None:
    """A message that waits goes to the new address, and so does what corrects it."""
    desk.add(OLD)
    at = desk.report(updated())
    desk.add(NEW)
    review(desk, at, "rejected", "ann")
    desk.end()
    assert desk.to(at) == [("new@example.org", "updated"), ("new@example.org", CORRECTION)]


def test_an_address_that_comes_back_is_corrected_at_once_and_once(desk: Desk) -> None:
    """Where the subscription goes the old way again there is nothing to make up for."""
    desk.add(OLD)
    at = desk.report(updated())
    desk.end()
    desk.add(NEW, OLD)
    said = review(desk, at, "rejected", "ann").position
    assert desk.to(said) == [("old@example.org", CORRECTION)]
    assert "the same way" not in desk.why(said)[1]


def test_what_corrects_for_one_reader_is_news_for_another(desk: Desk) -> None:
    """Of an edit the old address gets the correction alone, the new one what the article says anew alone."""
    desk.add(OLD)
    desk.report(updated())
    desk.end()
    desk.add(NEW)
    at = desk.report(EntryRevised(entry(), "France sends 100.", "France sends 300."), denied())
    assert desk.to(at) == [("old@example.org", CORRECTION), ("new@example.org", "denied")]


def test_where_the_way_was_removed_nobody_is_told_and_that_is_said(desk: Desk) -> None:
    """Who ended a subscription gets nothing more, and who takes its name later was never told."""
    desk.add(OLD)
    at = desk.report(updated())
    desk.end()
    unsubscribe(desk.log, "desk", "person")
    desk.add(NEW)
    said = review(desk, at, "rejected", "ann").position
    assert desk.to(said) == []
    assert desk.why(said) == (False, f"the way by which it was told, at position {at}, was removed since")


def test_a_way_that_ends_before_the_correction_is_sent_is_named(desk: Desk) -> None:
    """A correction whose way was disabled or removed meanwhile is given up, and says why; no other address gets it."""
    desk.add(OLD)
    at = desk.report(updated())
    desk.end()
    desk.add(NEW)
    said = review(desk, at, "rejected", "ann").position
    desk.outbox.mark(endpoint_id("email", "old@example.org"), "disabled")
    with pytest.raises(NotFound, match=r"^not sent: the mail to old@example\.org is disabled"):
        desk.to(said)
    desk.outbox.mark(endpoint_id("email", "old@example.org"), "failing")
    assert desk.to(said) == [("old@example.org", CORRECTION)]
    unsubscribe(desk.log, "desk", "person")
    desk.add(NEW)
    with pytest.raises(NotFound, match=r"^not sent: the way by which .* went was removed$"):
        desk.to(said)


def test_another_wish_for_the_same_way_is_no_other_way(desk: Desk) -> None:
    """Who asks for more or less at the same address is corrected there as ever."""
    wishes: list[SubscriptionAdded] = [OLD, replace(OLD, sources=True)]
    desk.add(wishes[0])
    at = desk.report(updated())
    desk.end()
    desk.add(wishes[1])
    said = review(desk, at, "rejected", "ann").position
    assert desk.to(said) == [("old@example.org", CORRECTION)]
    assert desk.clock() > NOON
