"""Whether a subscription is told of an event, and why: filters, second sources, mutes."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made.alerts import (
    AGREES,
    NOON,
    STORY,
    by_mail,
    corroborated,
    denied,
    discovered,
    entry,
    opening,
    recorded,
    story,
    updated,
)
from tests.made.streams import calm, tellings
from tracker.domain.claims import Relation
from tracker.domain.entry import EntryRef
from tracker.domain.events import (
    ClaimUpdated,
    EntryLinked,
    EntryRemoved,
    EntryRestored,
    EntryRevised,
    Event,
    FindingEvent,
    Recorded,
    StoryClosed,
    entry_of,
)
from tracker.domain.mutes import Subject, muting
from tracker.domain.routing import kind_of
from tracker.domain.ruling import ENOUGH, developments, rule, rule_source
from tracker.domain.story import Story, evolve, fold
from tracker.domain.subscription_events import Filter, MuteSet, SubscriptionAdded

PLAIN = by_mail()
ALL, SURE = Filter(), Filter(standing="corroborated")
MOVED = ClaimUpdated(entry(), updated().finding, replace(AGREES, id="S01", polarity=False))
"""An update that leaves the claim with one source."""

kinds = st.sampled_from(["denied", "removed", "restored", "updated", "new", "revised", "corroborated"])
filters = st.builds(
    Filter,
    st.lists(kinds, max_size=3, unique=True).map(tuple),
    st.sampled_from(["reported", "corroborated"]),
    st.lists(st.sampled_from(["S01", "S02", "N-1"]), max_size=2, unique=True).map(tuple),
    st.sampled_from([(), ("en",), ("fr",)]),
    st.sampled_from([(), ("reuters",), ("TASS", "AFP")]),
)
batches = st.lists(tellings, min_size=1, max_size=4)
mutes = st.one_of(
    st.builds(MuteSet, st.just("m"), st.just("story"), st.just(STORY), st.none(), st.none(), st.none()),
    st.builds(
        MuteSet, st.just("m"), st.just("claim"), st.just(STORY), st.sampled_from(["S01", "S02"]), st.none(),
        st.none(),
    ),
    st.builds(
        MuteSet, st.just("m"), st.just("outlet"), st.none(), st.sampled_from(["afp", "Reuters"]), st.none(), st.none()
    ),
)  # fmt: skip


def grown(events: Sequence[Event]) -> Story:
    """Return the story of the tests after further events, each recorded on its own."""
    told = fold(recorded(*(new.event for new in opening()), *events))
    assert told is not None
    return told


stories = st.lists(tellings, max_size=8).map(grown)
few = settings(calm, max_examples=25)


def wanting(only: Filter) -> SubscriptionAdded:
    return replace(PLAIN, story=None, only=only)


def told(
    known: Story,
    events: Sequence[Event],
    only: Filter = ALL,
    muted: Sequence[MuteSet] = (),
) -> list[int]:
    """Return which of some events a subscription is told of."""
    found = [(at, one) for at, one in enumerate(developments(known, events, NOON)) if one]
    rulings = rule([one for _, one in found], known.id, wanting(only), muted)
    return [at for (at, _), ruling in zip(found, rulings, strict=True) if ruling.told]


def why(event: Event, only: Filter = ALL, *muted: MuteSet, known: Story | None = None) -> str:
    """Return why an event that comes alone is told or not, with a sign before it."""
    known = known or story()
    (found,) = developments(known, [event], NOON)
    assert found is not None
    (ruling,) = rule([found], known.id, replace(PLAIN, only=only), muted)
    return f"{'+' if ruling.told else '-'} {ruling.why}"


def entries(events: Sequence[Event], at: Sequence[int]) -> set[str]:
    return {ref.id for one in at if (ref := entry_of(events[one]))}


def after(*events: Event) -> Story:
    return grown(events)


@few
@given(stories, batches)
def test_an_empty_filter_tells_every_development_and_nothing_else(known: Story, events: list[Event]) -> None:
    """Who wants everything is told of each event that is a development, and of no other."""
    assert told(known, events) == [at for at, event in enumerate(events) if kind_of(event)]


@few
@given(stories, batches, filters, filters)
def test_a_further_condition_never_tells_more(known: Story, events: list[Event], one: Filter, other: Filter) -> None:
    """With more conditions nobody hears of an entry of which they would not hear with fewer of them."""
    both = replace(
        one,
        kinds=one.kinds or other.kinds,
        claims=one.claims or other.claims,
        languages=one.languages or other.languages,
        outlets=one.outlets or other.outlets,
    )
    assert entries(events, told(known, events, both)) <= entries(events, told(known, events, one))


@few
@given(stories, batches, filters)
def test_who_waits_for_a_second_source_hears_of_nothing_else_more(
    known: Story, events: list[Event], only: Filter
) -> None:
    """Beyond what they would hear without waiting, they hear of nothing but what brings the second source."""
    found = developments(known, events, NOON)
    sure = told(known, events, replace(only, standing="corroborated", kinds=()))
    plain = told(known, events, replace(only, standing="reported", kinds=()))
    more = [found[at] for at in sure if entry_of(events[at]) and at not in plain]
    assert all(one and (one.second or one.beside) and one.firm for one in more)


@few
@given(stories, batches, filters, st.lists(mutes, max_size=2))
def test_what_is_muted_is_not_told(known: Story, events: list[Event], only: Filter, muted: list[MuteSet]) -> None:
    """A mute never tells more of an entry than there would be without it, and nothing told is covered by one."""
    found, heard = developments(known, events, NOON), told(known, events, only, muted)
    assert entries(events, heard) <= entries(events, told(known, events, only))
    for at in heard:
        one = found[at]
        assert one is not None
        assert muting(muted, PLAIN.subscription, Subject(known.id, one.claims, one.outlets)) is None


@few
@given(stories, tellings)
def test_a_ruling_sees_the_claim_as_the_story_will(known: Story, event: Event) -> None:
    """How many sources stand behind a finding is what the story says once it is recorded."""
    (found,) = developments(known, [event], NOON)
    named = event.finding.claim or "" if isinstance(event, FindingEvent) else ""
    if not isinstance(event, FindingEvent) or found is None or named not in known.claims:
        return
    one = Recorded(999, "s", known.version + 1, "id", event, "judge", None, None, NOON, "")
    later = evolve(known, [one])
    assert later is not None
    claim = later.claims[named]
    if event.finding.relation is Relation.DENIES:
        before = known.claims[named]
        assert found.firm is (len(before.sources) >= ENOUGH or len(claim.denied_by) >= ENOUGH)
    else:
        assert found.firm is (len(claim.sources) >= ENOUGH)


@pytest.mark.parametrize(
    ("only", "event", "said"),
    [
        (Filter(), updated(), f"+ follows story {STORY}, wants everything"),
        (Filter(kinds=("denied",)), updated(), "- kind updated: wants only denied"),
        (Filter(kinds=("denied", "updated")), updated(), f"+ follows story {STORY}; wants only kind denied or updated"),
        (Filter(claims=("S02",)), updated(), "- claim S01: wants only S02"),
        (Filter(claims=("S02",)), EntryRevised(entry("e9"), "a", "b"), "- no claim: wants only S02"),
        (Filter(claims=("S01",)), EntryRemoved(entry(), "gone", ("S01", "S02")), "+"),
        (Filter(languages=("fr",)), updated(), "- language en: wants only fr"),
        (Filter(languages=("en",)), updated(entry(language="en-GB")), "+"),
        (Filter(languages=("en-gb",)), updated(entry(language="en")), "- language en: wants only en-gb"),
        (Filter(languages=("fr",)), updated(entry(language=None)), "+"),
        (Filter(outlets=("afp",)), updated(), "+"),
        (Filter(outlets=("le quotidien",)), updated(), "+"),
        (Filter(outlets=("Reuters",)), updated(), "- outlet AFP: wants only Reuters"),
        (SURE, MOVED, "- only one source so far: wants only corroborated"),
        (SURE, discovered(), "- only one source so far: wants only corroborated"),
        (SURE, denied(), "- only one source so far: wants only corroborated"),
        (SURE, corroborated(), "+"),
        (SURE, EntryRevised(entry(), "a", "b"), "- no claim it bore on is corroborated: wants only corroborated"),
        (Filter(), updated(news=False), "- repeats what is known"),
    ],
)
def test_a_ruling_gives_its_reason(only: Filter, event: Event, said: str) -> None:
    """Each condition says in words what came and what was wanted."""
    assert why(event, only).startswith(said)


def test_a_mute_is_a_reason() -> None:
    """What is muted says so, and until when."""
    muted = MuteSet("m", "story", STORY, None, NOON, None)
    assert why(updated(), Filter(), muted) == f"- muted: story {STORY}, until 2024-06-01 12:00 UTC"


def test_another_story_is_a_reason() -> None:
    """A subscription to another story is told of nothing here, and says which it follows."""
    (found,) = developments(story(), [updated()], NOON)
    assert found is not None
    (ruling,) = rule([found], STORY, by_mail(story="strike"), ())
    assert (ruling.told, ruling.why) == (False, "follows another story, strike")


def test_a_denial_of_what_was_corroborated_is_firm() -> None:
    """One source that denies what two had said is told to who waits for two sources; of what one said it is not."""
    one, two = (corroborated(entry(f"e{nth}", source=f"Source {nth}"), claim="S02") for nth in (1, 2))
    assert why(denied(entry("e3", source="TASS")), SURE, known=after()).startswith("- only one source")
    assert why(denied(entry("e3", source="TASS")), SURE, known=after(one, two)).startswith("+")


def test_the_second_source_of_an_update_is_told_to_who_waited_for_it() -> None:
    """The first source was one alone; the second repeats it, no news to others; a third is none to anybody."""
    first = MOVED
    second, third = (corroborated(entry(f"e-{who}", source=who), news=False) for who in ("Reuters", "TASS"))
    only_updates = replace(SURE, kinds=("updated",))
    assert told(after(), [first], SURE) == []
    assert told(after(first), [second]) == []
    assert told(after(first), [second], SURE) == [0]
    assert told(after(first), [second], only_updates) == [0]
    assert told(after(first), [second], replace(SURE, kinds=("denied",))) == []
    assert told(after(first, second), [third], SURE) == []
    assert "a second independent source" in why(second, SURE, known=after(first))


def test_the_second_source_of_a_new_claim_is_told_to_who_wants_new_ones() -> None:
    """What was new with one source alone is wanted as new when the second comes, and by who wants confirmations."""
    new = discovered(entry("e1", source="AFP"))
    second = corroborated(entry("e2", source="Reuters"), claim="N-1", news=False)
    for wanted, heard in (("new", [0]), ("corroborated", [0]), ("updated", [])):
        assert told(after(new), [second], replace(SURE, kinds=(wanted,))) == heard  # type: ignore[arg-type]


def test_the_second_denial_is_told_to_who_waited_for_it() -> None:
    """A second source that denies what one had said is told to who waits for two, once."""
    first, second, third = (denied(entry(f"e-{who}", source=who), news=who == "TASS") for who in ("TASS", "AP", "dpa"))
    assert told(after(), [first], SURE) == []
    assert told(after(first), [second], SURE) == [0]
    assert told(after(first, second), [third], SURE) == []


def test_the_same_source_again_is_no_second_one() -> None:
    """Who says it twice, or relays who said it, does not corroborate."""
    new = discovered(entry("e1", source="AFP"))
    assert told(after(new), [corroborated(entry("e2", source="AFP"), claim="N-1", news=False)], SURE) == []


def test_of_an_entry_with_other_news_one_hears_what_one_asked_for() -> None:
    """An update beside a denial is told to who follows only that claim, or only updates; else the denial is told."""
    batch = [denied(), replace(MOVED, finding=updated(news=False).finding)]
    assert told(after(), batch) == [0]
    assert told(after(), batch, Filter(claims=("S01",))) == [1]
    assert told(after(), batch, Filter(kinds=("updated",))) == [1]
    assert told(after(), batch, Filter(claims=("S01", "S02"))) == [0]
    muted = MuteSet("m", "claim", STORY, "S02", None, None)
    assert told(after(), batch, Filter(), [muted]) == [1]
    repeated = [denied(), corroborated(news=False)]
    assert told(after(corroborated(entry("e0", source="dpa"))), repeated, Filter(claims=("S01",))) == []


def test_what_happens_to_an_entry_follows_the_claims_it_bore_on() -> None:
    """An edit, a removal and its end are told to who follows a claim that the entry bore on, or waits for sources."""
    ref = entry("e1", source="AFP")
    known = after(corroborated(ref))  # the seed says it, too: two sources
    for event in (EntryRevised(ref, "a", "b"), EntryRemoved(ref, "gone"), EntryRestored(ref)):
        assert told(known, [event], Filter(claims=("S01",))) == [0]
        assert told(known, [event], Filter(claims=("S02",))) == []
        assert told(known, [event], SURE) == [0]
        assert told(known, [event], Filter(kinds=("denied",))) == []


@pytest.mark.parametrize(
    "event",
    [EntryLinked(entry(), 0.9, "same", None, (), "e1"), StoryClosed(STORY), updated(needs_review=True)],
)
def test_what_nobody_is_told_of_is_no_development(event: Event) -> None:
    """Repeats, doubts and what says nothing of the world may be told to nobody."""
    assert developments(story(), [event], NOON) == (None,)


def test_a_finding_of_a_claim_that_is_not_there_is_one_source() -> None:
    """A finding whose claim the story does not hold is told as ever, and to nobody who waits for a second source."""
    lost = corroborated(claim="S99")
    assert told(story(), [lost]) == [0]
    assert told(story(), [lost], SURE) == []


@pytest.mark.parametrize(
    ("asked", "of", "said"),
    [
        ({"sources": False}, STORY, "- did not ask how sources fare"),
        ({}, STORY, "+ asked how sources fare"),
        ({}, None, "+ asked how sources fare"),
        ({"story": None}, "strike", "+ asked how sources fare"),
        ({}, "strike", f"- follows another story, {STORY}"),
    ],
)
def test_a_source_is_told_to_who_asked(asked: dict[str, object], of: str | None, said: str) -> None:
    """A source concerns the followers of its story, and everybody where it is polled for every story."""
    wanted = replace(by_mail(), **{"sources": True, **asked})  # type: ignore[arg-type]
    ruling = rule_source(of, ("The Paper",), wanted, ())
    assert f"{'+' if ruling.told else '-'} {ruling.why}" == said


@pytest.mark.parametrize(
    "muted",
    [MuteSet("m", "story", STORY, None, None, None), MuteSet("m", "outlet", None, "the paper", None, None)],
)
def test_a_muted_source_is_not_told(muted: MuteSet) -> None:
    """Who muted the story, or the outlet by the name of the source, does not hear that it fails."""
    ruling = rule_source(STORY, ("The Paper",), replace(by_mail(), sources=True), (muted,))
    assert (ruling.told, ruling.why[:7]) == (False, "muted: ")
    assert rule_source(None, ("Other",), replace(by_mail(), sources=True), (muted,)).told


def test_an_entry_ref_names_its_outlets() -> None:
    """Both who publishes and who stands behind the words count as the outlet; a missing name does not."""
    ref: EntryRef = entry(publisher=None)
    (found,) = developments(story(), [updated(ref)], NOON)
    assert found is not None
    assert found.outlets == ("AFP",)
