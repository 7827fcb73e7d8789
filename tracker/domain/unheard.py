"""What somebody was refused because of who published it, or in which language, and has not been told since.

That an outlet is muted, or is none of those asked for, says nothing of what it reports: from another it is wanted. To
others the first report is the news and the next ones repeat it; to them it is the first one that they let through. Wish
and mutes are asked as they were when each report was ruled: what was told once is not told again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Literal

from tracker.domain.claims import Relation, Standing
from tracker.domain.entry import EntryRef
from tracker.domain.erasure import bare
from tracker.domain.mutes import Subject, in_force, muting
from tracker.domain.routing import KINDS, Subscriptions
from tracker.domain.ruling import Development, Unheard, nothing, on_claim, refusal, ruling
from tracker.domain.story import Story
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.domain.tracked import Moment, Step, TrackedClaim, take

Report = tuple[Development, Sequence[Moment]]
"""What was there to tell of an entry and a claim, and at which events."""


class Refused:
    """What was refused to whom of a story as it stands before an event, and not told since.

    `was_there`: whether an entry was there before anybody asked, so that nobody was told of it.
    """

    def __init__(self, story: Story, subscribed: Subscriptions, was_there: Callable[[EntryRef], bool]) -> None:
        self.story = story
        self._subscribed = subscribed
        self._was_there = cache(was_there)
        self._reports: dict[tuple[str, bool], Sequence[tuple[Moment, Development]]] = {}

    def to(self, wanted: SubscriptionAdded) -> Callable[[Development], Unheard | None]:
        """Return what tells what a subscription has not heard of what a development says again."""
        if not self._subscribed.is_choosy(wanted.subscription):
            return nothing
        return lambda one: self._unheard(one, wanted.subscription)

    def _unheard(self, one: Development, subscription: str) -> Unheard | None:
        """Return what was refused first since they last heard of it: looked for from the newest report on."""
        found: Unheard | None = None
        for moment, report in reversed(self._before(one.claims[0], denies=one.kind == "denied")):
            fared = self._fared(report, subscription, moment)
            if fared is None or self._was_there(report.entry):
                continue  # what was there before anybody asked changes nothing of what they were told
            if not isinstance(fared, Unheard):
                break
            found = fared
        return found

    def _fared(self, one: Development, name: str, moment: Moment) -> Unheard | Literal["over"] | None:
        """Return what a subscription missed by a report; "over": nothing before it is new to them after it."""
        position, at = moment
        wanted = self._subscribed.wish_at(name, position)
        if wanted is None:
            return "over"
        mutes = in_force(self._subscribed.mutes_at(position), at)
        likely = replace(one, kind=[*wanted.only.kinds, one.kind][0])
        if (why := refusal(likely, self.story.id, wanted, mutes)) is None:
            return "over"
        others = [mute for mute in mutes if mute.what != "outlet"]
        if muting(others, name, Subject(self.story.id, one.claims, one.outlets)):
            return "over"
        whoever = replace(wanted, only=replace(wanted.only, outlets=(), languages=()))
        if refusal(one, self.story.id, whoever, others) or not ruling(one, wanted).told:
            return None
        return Unheard(one.kind, one.late, why)

    def _before(self, claim: str, *, denies: bool) -> Sequence[tuple[Moment, Development]]:
        """Return what was told of what a claim says by now, or of what is said against it, in the order of telling."""
        key = (claim, denies)
        if key not in self._reports:
            known = self.story.claims.get(claim)
            found = self._since_moved(known) if known and known.standing is not Standing.WITHDRAWN else ()
            told = (pair for one, moments in found if (one.kind == "denied") is denies for pair in _told(one, moments))
            self._reports[key] = sorted(told, key=lambda pair: pair[0])
        return self._reports[key]

    def _since_moved(self, claim: TrackedClaim) -> Iterator[Report]:
        """Yield the reports on a claim since it came to say what it says."""
        now, steps = _latest(claim)
        known = self.story.entries.get(claim.entry or "")
        if known and bare(now.current) == bare(claim.current):
            yield Development("new", known.ref, (claim.original.id,), firm=False), claim.told
        for step in steps:
            if step.upholds and bare(step.upholds) != bare(now.current):
                brought = _brought(claim, step)
                before, now = now, take(replace(now, steps=(brought,)), brought)
                yield on_claim("updated", brought, before, now, beside=False), brought.told
            # Of the findings before it one asks only which of them gave the claim its values.
            before, now = now, take(replace(now, steps=(step,) if step.current else now.steps), step)
            entry = self.story.entries.get(step.entry.id)
            beside = entry is not None and entry.news
            yield on_claim(KINDS[step.relation], step, before, now, beside=beside), step.told


def _brought(claim: TrackedClaim, step: Step) -> Step:
    """Return the finding that brought what another upholds: by it the value was to be told, and it stands since."""
    first = next(one for one in claim.steps if one.position == step.met)
    return replace(first, relation=Relation.UPDATES, current=step.upholds, applied=True)


def _latest(claim: TrackedClaim) -> tuple[TrackedClaim, Sequence[Step]]:
    """Return a claim before the finding that gave it its values, and that one with those since; or from its start.

    Looked for from the last one on: a claim of a long story may have had many values.
    """
    steps = [step for step in claim.steps if step.applied and not step.lapsed]
    values, first, start = bare(claim.current), 0, claim.at_first()
    for at in range(len(steps) - 1, -1, -1):
        current = steps[at].says
        if current is not None:
            if bare(current) != values:
                return replace(start, current=current), steps[first:]
            first = at
    return start, steps[first:] if bare(start.current) != values else steps


def _told(report: Development, moments: Sequence[Moment]) -> Iterator[tuple[Moment, Development]]:
    """Yield when a report was told; that a person lets it stand again is no news of its own."""
    stale = replace(report, news=False, second=False, beside=False)
    return ((at, stale if nth else report) for nth, at in enumerate(moments))
