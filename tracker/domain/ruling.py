"""Whether a subscription is told of what is about to be appended, and why: pure, and decided once, at the append.

What an entry brings as news is told to whoever follows the story, as far as they want it. Two things more are told to
those who chose. Who waits for a second source is told once there is one, by a report that is no news to others; and so
is, by the first report that they let through, who was refused what came before it, see `tracker.domain.unheard`. And of
an entry that brings news, but none that somebody wants, they are told what else it changes, if they want that.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from tracker.domain.claims import Relation
from tracker.domain.entry import EntryRef
from tracker.domain.erasure import bare
from tracker.domain.events import (
    ClaimTracked,
    ClaimUpdated,
    EntryRemoved,
    EntryRestored,
    Event,
    FindingEvent,
    entry_of,
)
from tracker.domain.mutes import Subject, in_words, muting, same_outlet
from tracker.domain.routing import kind_of, kind_said
from tracker.domain.settled import settled
from tracker.domain.story import Story
from tracker.domain.subscription_events import DevelopmentKind, Filter, MuteSet, SubscriptionAdded
from tracker.domain.tracked import Step, TrackedClaim, take

ENOUGH = 2
"""Independent sources behind what is corroborated."""
_OF_ENTRIES: Collection[DevelopmentKind] = ("revised", "removed", "restored")


@dataclass(frozen=True, slots=True)
class Development:
    """What may be told of an event, with all that a wish may ask of it.

    `claims` are those it bears on. `firm`: at least two independent sources stand behind what it says, or stood behind
    the claim that it denies. `second`: it brings the second of them; `late` is then the kind of what its claim had to
    say with one source alone, from who said it first. `news` as in `Finding`, `moves`: it changes how its claim stands;
    `beside`: its entry brings news; `again`: it leaves the values of its claim as they are.
    """

    kind: DevelopmentKind
    entry: EntryRef
    claims: tuple[str, ...]
    firm: bool
    second: bool = False
    late: DevelopmentKind | None = None
    news: bool = True
    moves: bool = False
    beside: bool = False
    again: bool = False

    @property
    def outlets(self) -> tuple[str, ...]:
        """The names of who published it, and of who stands behind its words."""
        return tuple(name for name in (self.entry.source, self.entry.publisher) if name)


@dataclass(frozen=True, slots=True)
class Unheard:
    """What somebody was refused, as what kind, and was not told since; `late` as in `Development`, `why` in words."""

    kind: DevelopmentKind
    late: DevelopmentKind | None
    why: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether somebody is told, and why, in words."""

    told: bool
    why: str


def developments(story: Story, events: Sequence[Event], now: datetime) -> tuple[Development | None, ...]:
    """Return what may be told of each of some events about to be appended to a story, None where nothing may."""
    claims = dict(story.claims)
    news = {entry.id for event in events if kind_of(event) and (entry := entry_of(event))}
    return tuple(_development(story, claims, event, now, news) for event in events)


def nothing(_: Development) -> None:
    """Tell of a development that nobody was refused what it says."""


def rule(
    found: Sequence[Development],
    story_id: str,
    wanted: SubscriptionAdded,
    mutes: Collection[MuteSet],
    unheard: Callable[[Development], Unheard | None] = nothing,
) -> tuple[Ruling, ...]:
    """Return of each development of a batch whether a subscription is told of it; `mutes` are those in force.

    `unheard` is asked what they were refused of what a development says again.
    """
    why_not = partial(refusal, story_id=story_id, wanted=wanted, mutes=mutes)
    refused = [why_not(one) for one in found]
    led = {one.entry.id for one, no in zip(found, refused, strict=True) if one.news and no is None}
    ruled = (
        Ruling(told=False, why=no) if no else ruling(one, wanted, led) for one, no in zip(found, refused, strict=True)
    )
    likely = wanted.only.kinds[:1]
    return tuple(
        first if first.told or not one.again else _after_all(first, one, likely, unheard, why_not)
        for first, one in zip(ruled, found, strict=True)
    )


def refusal(one: Development, story_id: str, wanted: SubscriptionAdded, mutes: Collection[MuteSet]) -> str | None:
    """Return why a subscription does not want a development, None where it does."""
    if wanted.story not in (None, story_id):
        return f"follows another story, {wanted.story}"
    mute = muting(mutes, wanted.subscription, Subject(story_id, one.claims, one.outlets))
    if mute is not None:
        return f"muted: {in_words(mute)}"
    return next((no for no in _unmet(one, wanted.only) if no), None)


def ruling(one: Development, wanted: SubscriptionAdded, led: Collection[str] = ()) -> Ruling:
    """Return whether a subscription is told of what it wants; `led`: the entries of whose news it is told."""
    if one.news:
        return Ruling(told=True, why=_grounds(wanted))
    if one.second and wanted.only.standing == "corroborated":
        return Ruling(told=True, why="a second independent source stands behind it from now on")
    if not one.beside or not one.moves:
        return Ruling(told=False, why="repeats what is known")
    if one.entry.id in led:
        return Ruling(told=False, why="a weightier finding of its entry is told")
    return Ruling(told=True, why=f"of an entry with other news it is what they want; {_grounds(wanted)}")


def rule_source(
    story_id: str | None, outlets: Collection[str], wanted: SubscriptionAdded, mutes: Collection[MuteSet]
) -> Ruling:
    """Return whether a subscription is told how a source fares, of one story or of all (None); it goes by `outlets`."""
    if not wanted.sources:
        return Ruling(told=False, why="did not ask how sources fare")
    if None not in (story_id, wanted.story) and story_id != wanted.story:
        return Ruling(told=False, why=f"follows another story, {wanted.story}")
    mute = muting(mutes, wanted.subscription, Subject(story_id, outlets=outlets))
    if mute is not None:
        return Ruling(told=False, why=f"muted: {in_words(mute)}")
    return Ruling(told=True, why="asked how sources fare")


def _after_all(
    ruled: Ruling,
    one: Development,
    likely: Sequence[DevelopmentKind],
    unheard: Callable[[Development], Unheard | None],
    why_not: Callable[[Development], str | None],
) -> Ruling:
    """Return the ruling on what a subscription is not told as it is: it may say what they were refused before.

    `likely`: a kind that they want. Who refuses this report as well is not asked what they have heard: that costs more.
    """
    missed = None if why_not(replace(one, kind=[*likely, one.kind][0])) else unheard(one)
    if missed is None or why_not(replace(one, kind=missed.kind, late=missed.late)):
        return ruled
    return Ruling(told=True, why=f"the first report of it that they let through; before it: {missed.why}")


def _unmet(one: Development, only: Filter) -> Iterable[str | None]:
    """Yield, for each condition in turn, why it is not met, or None."""
    kinds = {one.kind} | ({one.late} if one.late and only.standing == "corroborated" else set())
    yield f"kind {one.kind}: wants only {_listed(only.kinds)}" if only.kinds and not kinds & {*only.kinds} else None
    yield _unmet_claim(one, only.claims)
    spoken = one.entry.language
    foreign = only.languages and spoken and not any(_speaks(spoken, wanted) for wanted in only.languages)
    yield f"language {spoken}: wants only {_listed(only.languages)}" if foreign else None
    strange = only.outlets and not any(same_outlet(name, only.outlets) for name in one.outlets)
    yield f"outlet {one.entry.source}: wants only {_listed(only.outlets)}" if strange else None
    weak = only.standing == "corroborated" and not one.firm
    bears = "no claim it bore on is corroborated" if one.kind in _OF_ENTRIES else "only one source so far"
    yield f"{bears}: wants only corroborated" if weak else None


def _unmet_claim(one: Development, wanted: tuple[str, ...]) -> str | None:
    if not wanted or {*wanted} & {*one.claims}:
        return None
    about = f"claim {_listed(one.claims)}" if one.claims else "no claim"
    return f"{about}: wants only {_listed(wanted)}"


def _grounds(wanted: SubscriptionAdded) -> str:
    """Return why a development that is wanted is told."""
    follows = "follows every story" if wanted.story is None else f"follows story {wanted.story}"
    only = wanted.only
    asked = (
        ("kind", only.kinds), ("claim", only.claims), ("language", only.languages), ("outlet", only.outlets),
        ("standing", ("corroborated",) if only.standing == "corroborated" else ()),
    )  # fmt: skip
    met = [f"{name} {_listed(values)}" for name, values in asked if values]
    return f"{follows}; wants only {', '.join(met)}" if met else f"{follows}, wants everything"


def _listed(values: Iterable[str]) -> str:
    return " or ".join(values)


def _speaks(spoken: str, wanted: str) -> bool:
    """Tell whether a language is the one wanted or a kind of it: en-GB is en."""
    spoken, wanted = spoken.lower().replace("_", "-"), wanted.lower()
    return spoken == wanted or spoken.startswith(f"{wanted}-")


def _development(
    story: Story, claims: dict[str, TrackedClaim], event: Event, now: datetime, news: Collection[str]
) -> Development | None:
    """Return what may be told of an event, and bring the claims forward over it."""
    kind, entry = kind_said(event), entry_of(event)
    if kind is None or entry is None:
        return None
    if isinstance(event, FindingEvent):
        return _finding(claims, event, now, kind, beside=entry.id in news)
    if isinstance(event, ClaimTracked):
        return Development(kind, entry, (event.claim.id,), firm=False, news=kind_of(event) is not None)
    bears_on = _bears_on(story, event, entry)
    held = (claims[one] for one in bears_on if one in claims)
    return Development(kind, entry, bears_on, firm=any(len(one.sources) >= ENOUGH for one in held))


def _bears_on(story: Story, event: Event, entry: EntryRef) -> tuple[str, ...]:
    """Return the claims that an entry bore on which was edited, taken away or put back."""
    known = story.entries.get(entry.id)
    links = tuple(claim for claim, _ in known.links) if known else ()
    named = event.claims if isinstance(event, EntryRemoved | EntryRestored) else ()
    return tuple(dict.fromkeys(filter(None, (*named, *links))))


def _finding(
    claims: dict[str, TrackedClaim], event: FindingEvent, now: datetime, kind: DevelopmentKind, *, beside: bool
) -> Development:
    finding, entry = event.finding, event.entry
    before = claims.get(finding.claim or "")
    if before is None:
        return Development(kind, entry, (finding.claim or "",), firm=False, news=finding.news)
    current = event.current if isinstance(event, ClaimUpdated) else None
    step = Step(0, now, entry, finding, finding.relation, current, applied=True)
    after = claims[before.original.id] = take(before, step)
    return on_claim(kind, step, before, after, beside=beside)


def on_claim(
    kind: DevelopmentKind, step: Step, before: TrackedClaim, after: TrackedClaim, *, beside: bool
) -> Development:
    """Return what may be told of a finding that makes of a claim what it is after it."""
    denies = step.relation is Relation.DENIES
    then, behind = (len(one.denied_by if denies else one.sources) for one in (before, after))
    overturns = denies and len(before.sources) >= ENOUGH
    second = not overturns and then < ENOUGH <= behind
    same = bare(after.current) == bare(before.current)
    return Development(
        kind,
        step.entry,
        (before.original.id,),
        firm=overturns or behind >= ENOUGH,
        second=second,
        late=_said_alone(before) if second else None,
        news=settled(step.finding, step.relation).news if step.made else step.finding.news,
        moves=not same or after.standing is not before.standing,
        beside=beside,
        again=same,
    )


def _said_alone(claim: TrackedClaim) -> DevelopmentKind | None:
    """Return what kind of development gave a claim the state in which it is, None for what a seed or a person said."""
    said = (step.says for step in claim.steps if step.says is not None)
    if any(bare(one) == bare(claim.current) for one in said):
        return "updated"
    return "new" if claim.entry else None
