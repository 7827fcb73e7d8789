"""Corrections: what an event takes back or changes of what was told before it, and what need not be told any more.

Everything follows from the stream of the story. A finding that nobody doubts is told at its own position; what a person
makes of it later is told at the position of the review; that its entry was edited, taken away or put back, or its claim
given up, at the position of that event.

That an entry is taken away does not change how a claim stands. What it said is told even so, with its removal, as long
as the claim has not moved on: others may say the same, and where nobody does the story holds it all the same.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from tracker.domain.claims import Claim
from tracker.domain.erasure import bare
from tracker.domain.events import (
    WITHDRAWN,
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    EntryRemoved,
    EntryRestored,
    EntryRevised,
    Event,
    FindingReviewed,
    Recorded,
    claim_of,
    entry_of,
    finding_of,
)
from tracker.domain.reviewed import Case
from tracker.domain.routing import kind_said
from tracker.domain.story import Draft, Story
from tracker.domain.tracked import overturned

_UNTOLD = Story("", "", "", datetime.min.replace(tzinfo=UTC))
"""Before its stream: it may be looked at from any event on."""
Change = EntryRevised | EntryRemoved | EntryRestored
"""What a publisher does to an entry that was told before."""
Correction = FindingReviewed | ClaimWithdrawn | Change
"""Events after which something told before may not be so any more; so may a denial, see `corrects`."""


def corrects(event: Event) -> bool:
    """Tell whether after an event something told before may not be so any more."""
    return isinstance(event, Correction) or (isinstance(event, ClaimDenied) and event.takes_back)


def corrected_along(stream: Iterable[Recorded], at: Collection[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield, for the events of a story's stream at some positions, where what each corrects was recorded."""
    history = History(())
    for recorded in stream:
        if recorded.position in at:
            yield recorded.position, history.corrected_by(recorded.event)
        history.take(recorded)


class History:
    """What was there to tell of one story, from its stream, and what corrected it."""

    def __init__(self, stream: Iterable[Recorded]) -> None:
        self._cases: dict[int, Case] = {}
        self._about: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._changes: dict[str, dict[int, Change]] = defaultdict(dict)
        self._corrected: dict[int, tuple[int, ...]] = {}
        self._behind: dict[int, tuple[int, ...]] = {}
        self._ids: dict[int, str] = {}
        self._lapses: dict[int, dict[int, bool]] = defaultdict(dict)
        self._told = Draft(_UNTOLD)
        self._turned: tuple[FindingReviewed, Mapping[int, bool]] | None = None
        for recorded in stream:
            self.take(recorded)

    def corrected_by(self, event: Event) -> tuple[int, ...]:
        """Return where what an event corrects that comes next was recorded, in order; nothing for one that does not.

        Among the positions are those of findings that stood until then, of the reviews that made them what they were,
        and of what else was told of the entry: whoever was told of one of them is owed the correction. So are those who
        were told of a finding that agreed with the one that is reviewed, and does not say by itself what that said.
        """
        match event:
            case FindingReviewed():
                beside = (at for of in self._overturned(event) for at in self._cases[of].kinds)
                return tuple(sorted({*self._settled_anew(event), *beside}))
            case ClaimWithdrawn(claim=claim):
                return tuple(sorted(self._told_of("claim", claim)))
            case EntryRevised() | EntryRemoved() | EntryRestored():
                entry = event.entry.id
                return tuple(sorted((*self._told_of("entry", entry), *self._changes.get(entry, ()))))
            case ClaimDenied() if event.takes_back:
                return tuple(sorted(self._taken_back(event)))
            case _:
                return ()

    def retracted_by(self, review: FindingReviewed) -> frozenset[int]:
        """Return where that was told which a source takes back by a review that comes next."""
        before = self._cases.get(review.position)
        denial = before.retracted_by(review) if before else None
        return frozenset(self._taken_back(denial)) if denial else frozenset()

    def behind(self, position: int) -> tuple[int, ...]:
        """Return where that was recorded, in order, which the event at a position corrected; nothing for any other."""
        return self._behind.get(position, ())

    def _settled_anew(self, review: FindingReviewed) -> Iterator[int]:
        """Yield where that was told what a finding was before a review, and what it takes back from then on."""
        before = self._cases.get(review.position)
        if before and before.after(review, 0).kind != before.kind:
            yield from (*before.kinds, *self.retracted_by(review))

    def ids(self, positions: Iterable[int]) -> tuple[str, ...]:
        """Return the ids of the events at positions."""
        return tuple(self._ids[position] for position in positions)

    def revived_by(self, event: Event) -> tuple[int, ...]:
        """Return where that was recorded, in order, which may be worth telling again after an event that comes next.

        Once an entry is put back, that is what stands of it. Where a person says something else of a finding, others
        may hold again that rested on it; and its claim may stand again as entries said that are taken away: what stands
        of them, and what became of them.
        """
        match event:
            case EntryRestored():
                return tuple(sorted(self._told_of("entry", event.entry.id)))
            case FindingReviewed(position=position) if position in self._cases:
                risen = [max(self._cases[of].kinds) for of, lapsed in self._overturned(event).items() if not lapsed]
                return tuple(sorted({*risen, *self._of_the_gone(self._cases[position], event)}))
            case _:
                return ()

    def _of_the_gone(self, said: Case, review: FindingReviewed) -> Iterator[int]:
        """Yield where that was recorded which entries said of a claim that are taken away, and what became of them."""
        alike = [case for case in self._of("claim", claim_of(said.event) or "") if case is not said and case.kind]
        others = [case for case in alike if self._is_gone(case.event)]
        away = [*others, said] if said.after(review, 0).kind else others
        entries = {ref.id for case in away if (ref := entry_of(case.event))}
        yield from (max(case.kinds) for case in others)
        yield from (at for entry in entries if self._gone(entry) for at in self._changes[entry])

    def development(self, event: Event) -> Event | None:
        """Return what an event that comes next says for the first time, None where it says nothing of that sort.

        A review says the finding as it stands from then on, where it was doubtful before, or rejected, or something
        else.
        """
        if not isinstance(event, FindingReviewed):
            return event if kind_said(event) else None
        before = self._cases.get(event.position)
        after = before.after(event, 0) if before else None
        return after.event if before and after and after.kind not in (None, before.kind) else None

    def needless(self, waiting: Collection[int], told: Collection[int]) -> frozenset[int]:
        """Return those of the positions that wait which a reader need not hear of, who was told of others before.

        What was taken back before it was told goes, and so does what took it back; of what was said of one finding
        again and again the last word stays, where it is another than the last one that was told.
        """
        waits, heard = frozenset(waiting), frozenset(told)
        stale = frozenset((*self._stale(waits, heard), *self._unfounded(waits, heard)))
        needless = {*stale, *self._void(waits, heard), *self._undone(waits, heard, waits - stale)}
        return frozenset(needless - {*self._unsaid(waits, heard)})

    def _stale(self, waits: frozenset[int], heard: frozenset[int]) -> Iterator[int]:
        """Yield findings and reviews that say no more what is so, or say again what was told."""
        for of, case in self._cases.items():
            mine = sorted(waits.intersection(case.kinds))
            if mine:
                last = max(heard.intersection(case.kinds), default=None)
                before = None if last is None else case.kinds[last]
                now = None if self._is_gone(case.event) and self._has_moved_on(of) else case.kind
                yield from mine if now == before else mine[:-1]

    def _void(self, waits: frozenset[int], heard: frozenset[int]) -> Iterator[int]:
        """Yield withdrawals of claims of which nothing was told."""
        for position in waits.intersection(self._corrected):
            if not heard.intersection(self._corrected[position]):
                yield position

    def _undone(self, waits: frozenset[int], heard: frozenset[int], kept: frozenset[int]) -> Iterator[int]:
        """Yield what was done to entries and taken back, and what was done to those of which nothing will be told.

        `kept`: what will be told of findings.
        """
        for entry, changes in self._changes.items():
            mine = sorted(waits.intersection(changes))
            findings = {at for case in self._of("entry", entry) for at in case.kinds}
            if self._gone(entry) and findings & waits and not findings & kept and not heard & (findings | {*changes}):
                yield from mine
                continue
            moves = [at for at in mine if not isinstance(changes[at], EntryRevised)]
            seen = any(isinstance(changes[at], EntryRemoved) for at in _last(changes, heard))
            # Put back before anything of it was heard: that is all that its reader will hear of it.
            if moves and isinstance(changes[moves[0]], EntryRestored) and not findings & (waits | heard):
                seen = seen or not heard & changes.keys()
            yield from moves if self._gone(entry) == seen else moves[:-1]

    def _unfounded(self, waits: frozenset[int], heard: frozenset[int]) -> Iterator[int]:
        """Yield findings that lapsed before they were told."""
        for of, lapses in self._lapses.items():
            mine = self._cases[of].kinds.keys()
            if _latest(lapses) and not heard & mine:
                yield from waits & mine

    def _unsaid(self, waits: frozenset[int], heard: frozenset[int]) -> Iterator[int]:
        """Yield the last reviews by which findings lapsed, or lapse no more, of which something else was told."""
        for of, lapses in self._lapses.items():
            known = {at: lapsed for at, lapsed in lapses.items() if at in heard}
            if heard & self._cases[of].kinds.keys() and _latest(known) is not _latest(lapses):
                yield from sorted(waits & lapses.keys())[-1:]

    def take(self, recorded: Recorded) -> None:
        """Add the next event of the story."""
        event, position = recorded.event, recorded.position
        self._ids[position] = recorded.id
        self._behind[position] = self.corrected_by(event)
        match event:
            case FindingReviewed(position=of) if of in self._cases:
                for other, lapsed in self._overturned(event).items():
                    self._lapses[other][position] = lapsed
                self._cases[of] = self._cases[of].after(event, position)
            case ClaimWithdrawn(claim=claim):
                self._corrected[position] = self._behind[position]
                for of in self._about.get(("claim", claim), ()):
                    self._cases[of] = replace(self._cases[of], withdrawn=True)
            case EntryRevised() | EntryRemoved() | EntryRestored():
                self._changes[event.entry.id][position] = event
            case ClaimCorroborated() | ClaimUpdated() | ClaimDenied() | ClaimTracked() if finding_of(event):
                self._cases[position] = Case(event, {position: kind_said(event)})
                self._about["claim", claim_of(event) or ""].append(position)
                if ref := entry_of(event):
                    self._about["entry", ref.id].append(position)
            case _:
                pass
        self._told.apply(recorded)
        self._turned = None

    def _overturned(self, review: FindingReviewed) -> Mapping[int, bool]:
        """Return what other findings lapse by a review, or no longer do, of a claim that is followed."""
        if self._turned is None or self._turned[0] is not review:  # it is asked more than once of each
            case = self._cases.get(review.position)
            claim = self._told.claims.get(claim_of(case.event) or "") if case and not case.withdrawn else None
            self._turned = (review, overturned(claim, review) if claim else {})
        return self._turned[1]

    def _of(self, what: str, identity: str) -> Iterator[Case]:
        """Yield the findings on a claim, or of an entry."""
        return (self._cases[of] for of in self._about.get((what, identity), ()))

    def _told_of(self, what: str, identity: str) -> Iterator[int]:
        """Yield the positions at which findings that stand were told."""
        return (at for case in self._of(what, identity) if case.kind for at in case.kinds)

    def _taken_back(self, event: ClaimDenied) -> Iterator[int]:
        """Yield where findings were told that a source takes back: all on its claim, or those of its own reports."""
        for case in self._of("claim", event.finding.claim or ""):
            ref = entry_of(case.event)
            own = event.finding.new == WITHDRAWN or (ref is not None and ref.source == event.entry.source)
            if own and case.kind and not isinstance(case.event, ClaimDenied):
                yield from case.kinds

    def _has_moved_on(self, of: int) -> bool:
        """Tell whether the claim of the finding at a position came to hold other values since, by what stands of it."""
        claim = claim_of(self._cases[of].event) or ""
        tracked, later = self._told.claims.get(claim), list[Claim]()
        then = tracked.original if tracked else None
        for at in self._about["claim", claim]:
            event = self._cases[at].event
            if isinstance(event, ClaimUpdated) and self._cases[at].kind == "updated":
                if at > of:
                    later.append(event.current)
                else:
                    then = event.current
        return any(then is None or bare(one) != bare(then) for one in later)

    def _is_gone(self, event: Event) -> bool:
        ref = entry_of(event)
        return ref is not None and self._gone(ref.id)

    def _gone(self, entry: str) -> bool:
        changes = self._changes.get(entry, {})
        return any(isinstance(changes[at], EntryRemoved) for at in _last(changes, changes))


def _latest(lapses: Mapping[int, bool]) -> bool:
    """Return whether a finding has lapsed by the last of some reviews; without any it has not."""
    return lapses[max(lapses)] if lapses else False


def _last(changes: Mapping[int, Change], among: Collection[int]) -> list[int]:
    """Return the position at which an entry was last taken away or put back, in a list; an empty one for never."""
    moves = (at for at in among if at in changes and not isinstance(changes[at], EntryRevised))
    return sorted(moves)[-1:]
