"""Why somebody was told of an event, or was not: the routing done again, with the log as it stood before the event."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from tracker.application.audience import audience_at
from tracker.application.correct import Desk, notice_of
from tracker.application.corrected import Corrected, corrections
from tracker.application.route import refused_of, route
from tracker.domain.correction import History
from tracker.domain.endpoint import Endpoint, reaches, telling, witnesses
from tracker.domain.events import (
    ClaimTracked,
    ClaimWithdrawn,
    EntryLinked,
    EntryRemoved,
    Event,
    FindingReviewed,
    NewEvent,
    Recorded,
    entry_of,
    finding_of,
)
from tracker.domain.feed_events import FeedEvent
from tracker.domain.mutes import in_force
from tracker.domain.routing import Subscriptions
from tracker.domain.ruling import Development, Ruling, developments, rule, rule_source
from tracker.domain.schedule import Held, hold
from tracker.domain.source import SourceEvent, source_of
from tracker.domain.story import Story, fold
from tracker.domain.subscription_events import AlertEvent, EndpointEvent, SubscriptionAdded
from tracker.domain.unheard import Refused
from tracker.errors import NotFound
from tracker.ports.log import Notice
from tracker.ports.outbox import Owed

_SILENT = "it was there before anybody asked: when the story was opened, or in the first import of its feed"
_BATCH = 1000
"""Events behind one that are looked at for those that were appended with it."""

Waits = tuple[Held, datetime] | None
_Ruled = Mapping[str, tuple[Ruling, Waits]]


@dataclass(frozen=True, slots=True)
class Fare:
    """How a subscription of that time fares with an event.

    `waits`: why and until when a message on it has to wait at the least, None for at once. `owed` is what the outbox
    holds of it now, None for nothing.
    """

    subscription: SubscriptionAdded
    ruling: Ruling
    waits: Waits
    owed: Owed | None


@dataclass(frozen=True, slots=True)
class Routing:
    """To whom an event goes. `nobody`: why nobody is ever told of it; else how each subscription fares with it."""

    recorded: Recorded
    nobody: str | None
    fares: tuple[Fare, ...] = ()


def explain_route(desk: Desk, position: int) -> Routing:
    """Return who is told of the event at a position, as subscriptions and mutes stood then; writes nothing.

    Raises NotFound when the log has no such position.
    """
    recorded = next(iter(desk.log.read(after=position - 1, upto=position)), None)
    if recorded is None:
        raise NotFound(f"no event at position {position}; the log ends at {desk.log.head()}")
    case = _case(desk, recorded)
    ruled = _ruled(case)
    if isinstance(ruled, str):
        return Routing(recorded, ruled)
    owed = {one.subscription: one for one in desk.outbox.owed((recorded.id,))}
    fares = (Fare(one, *ruled[name], owed.get(name)) for name, one in case.subscribed.current.items())
    return Routing(recorded, None, tuple(fares))


@dataclass(frozen=True, slots=True)
class _Case:
    """An event, those that were appended with it, its stream before them, and who was told of what then."""

    desk: Desk
    recorded: Recorded
    batch: Sequence[Recorded]
    before: Sequence[Recorded]
    subscribed: Subscriptions

    @property
    def now(self) -> datetime:
        return self.recorded.recorded_at


def _case(desk: Desk, recorded: Recorded) -> _Case:
    """Return an event with what was recorded in one append with it: of one stream, for one cause, at one time.

    What a person says is recorded alone.
    """

    def together(one: Recorded) -> bool:
        said = any(isinstance(each.event, FindingReviewed | ClaimWithdrawn) for each in (one, recorded))
        same = (one.stream, one.causation, one.recorded_at) == (stream, recorded.causation, recorded.recorded_at)
        return same and not said

    stream, position = recorded.stream, recorded.position
    earlier = tuple(desk.log.read(stream=stream, upto=position - 1))
    mine = tuple(takewhile(together, reversed(earlier)))[::-1]
    later = takewhile(together, desk.log.read(stream=stream, after=position, limit=_BATCH))
    first = mine[0].position if mine else position
    before = earlier[: len(earlier) - len(mine)]
    return _Case(desk, recorded, (*mine, recorded, *later), before, audience_at(desk.log, first - 1))


def _ruled(case: _Case) -> _Ruled | str:
    """Return how each subscription fares, or why nobody is told."""
    event = case.recorded.event
    if isinstance(event, AlertEvent):
        return "who wants to be told of what is told to nobody"
    if isinstance(event, EndpointEvent):
        return _of_endpoint(case, event)
    return _of_source(case) if isinstance(event, FeedEvent) else _of_story(case)


def _of_story(case: _Case) -> _Ruled | str:
    story, history = fold(case.before), History(case.before)
    if story is None:
        return "a story begins with it"
    said = [_said(history, one) for one in case.batch]
    at = case.batch.index(case.recorded)
    found = developments(story, [new.event for new in said], case.now)
    told = {
        one.subscription.subscription: one
        for one in corrections(case.desk.outbox, history, case.recorded.event, case.subscribed)
    }
    if found[at] is None and not told:
        return _why_nobody(said[at].event)
    silent = _is_silent(case, story)
    refused = refused_of(story, case.subscribed, case.desk.archive)
    routed = route(story, said, case.subscribed, case.now, refused, silent=silent)
    waits = {one.subscription: one for one in routed if one.event_id == case.recorded.id}
    waits |= {name: notice_of(one, said[at], story.id, case.now) for name, one in told.items() if one.way}
    return {
        name: (
            _corrected(told[name]) if name in told else _told(case, found, at, refused, one, silent=silent),
            _waits(waits.get(name)),
        )
        for name, one in case.subscribed.current.items()
    }


def _said(history: History, recorded: Recorded) -> NewEvent:
    """Return an event as it was about to be appended; a review as the finding that it makes."""
    event = history.development(recorded.event) or recorded.event
    return NewEvent(recorded.id, event, recorded.actor, recorded.causation, recorded.published_at)


def _told(
    case: _Case,
    found: Sequence[Development | None],
    at: int,
    refused: Refused,
    wanted: SubscriptionAdded,
    *,
    silent: bool,
) -> Ruling:
    mine = found[at]
    if mine is None:
        return Ruling(told=False, why="was told of nothing that it corrects")
    if silent:
        return Ruling(told=False, why=_SILENT)
    may, mutes = [one for one in found if one], in_force(case.subscribed.mutes.values(), case.now)
    return rule(may, refused.story.id, wanted, mutes, refused.to(wanted))[may.index(mine)]


def _corrected(one: Corrected) -> Ruling:
    positions = ", ".join(str(owed.position) for owed in one.before)
    if one.way is None:
        return Ruling(told=False, why=f"the way by which it was told, at position {positions}, was removed since")
    there = f"; it goes the same way, to {one.way.target}" if one.moved else ""
    return Ruling(told=True, why=f"was told of what it corrects, at position {positions}, or is about to be{there}")


def _waits(notice: Notice | None) -> Waits:
    return (notice.held, notice.due_at) if notice and notice.held and notice.due_at else None


def _is_silent(case: _Case, story: Story) -> bool:
    """Tell whether the entry was there before anybody asked; a removal that is recorded by itself is told even so."""
    event = case.recorded.event
    if isinstance(event, FindingReviewed):
        event = next((one.event for one in case.before if one.position == event.position), event)
    elif all(isinstance(one.event, EntryRemoved) for one in case.batch):
        return False
    entry = entry_of(event)
    archive = case.desk.archive
    return entry is not None and archive.was_there(story.id, entry.id, entry.version, story.opened_at)


def _why_nobody(event: Event) -> str:
    """Return why nobody is told of an event of a story that is no development and corrects nothing that was told."""
    finding = finding_of(event)
    if finding is not None and finding.needs_review:
        return "the judge is not sure of it: it waits for a person"
    match event:
        case EntryLinked():
            return "the entry repeats what is known, or only gives background"
        case ClaimTracked():
            return "no source brought it as news: the story began with it, or a person added it"
        case FindingReviewed() | ClaimWithdrawn():
            return "it changes nothing of what anybody was told"
        case _:
            return "it says nothing of what the story is about"


def _of_source(case: _Case) -> _Ruled | str:
    event = case.recorded.event
    if not isinstance(event, SourceEvent):
        return "it does not say how the source fares"
    after = source_of(case.before).after(event, case.now)
    if not after.worth_telling:
        return "it was told already what is wrong with the source, or the source comes and goes"
    mutes, names = in_force(case.subscribed.mutes.values(), case.now), tuple(filter(None, (after.name,)))
    return {
        name: (rule_source(after.story, names, one, mutes), hold(one.timing, "source", case.now))
        for name, one in case.subscribed.current.items()
    }


def _of_endpoint(case: _Case, event: EndpointEvent) -> _Ruled | str:
    if not telling(case.before).after(event, case.now).worth_telling:
        return "it was told already that the way fails, or it comes and goes"
    endpoint = Endpoint(event.endpoint, event.channel, event.target)
    told = {one.subscription for one in witnesses(endpoint, case.subscribed)}
    return {name: (_witness(endpoint, one, told), None) for name, one in case.subscribed.current.items()}


def _witness(endpoint: Endpoint, one: SubscriptionAdded, told: Collection[str]) -> Ruling:
    if one.subscription in told:
        why = "asked how the ways to everybody fare" if one.endpoints else f"is another way to {one.person}"
        return Ruling(told=True, why=why)
    if reaches(endpoint, one):
        return Ruling(told=False, why="it goes that very way")
    return Ruling(told=False, why="is no other way to the same person, or another subscription there is told")
