"""What an erasure takes from events and stories, and what it leaves."""

import types
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.sql.made import events as any_event
from tests.made.streams import Recorder, calm
from tracker.domain.claims import Claim, Evidence, Relation, Status
from tracker.domain.entry import Entry, EntryRef
from tracker.domain.erasure import ERASED, Redaction, bare_entry, redact, texts_lost
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    EntryErased,
    EntryLinked,
    EntryRemoved,
    EntryRestored,
    EntryRevised,
    Event,
    Finding,
    FindingReviewed,
    Opinion,
    Recorded,
    StoryClosed,
    StoryOpened,
    StoryRenamed,
    StoryReopened,
    story_stream,
)
from tracker.domain.feed_events import (
    FeedAdded,
    FeedFailing,
    FeedGone,
    FeedMoved,
    FeedRecovered,
    FeedRekeyed,
    FeedRemoved,
    FeedSilent,
)
from tracker.domain.judge_events import JudgeCalibrated, JudgeReset
from tracker.domain.quantity import Quantity
from tracker.domain.story import Story, evolve, fold
from tracker.domain.subscription_events import (
    EndpointDisabled,
    EndpointFailing,
    EndpointRecovered,
    MuteLifted,
    MuteSet,
    SubscriptionAdded,
    SubscriptionRemoved,
)
from tracker.domain.when import When

STREAM = story_stream("bridge")
LONG = "A railing on the old harbour bridge has collapsed"

# Every text that an event can hold is named here, once: `own` goes from events that rest on the erased entry,
# `quoted` also from those of other entries that quote it, `claim` where the entry was the first to say the claim,
# and the rest stays. A new field or a new event fails the test until somebody has decided.
_REF = {
    "own": {"entry.title", "entry.summary", "entry.url"},
    "stays": {"entry.id", "entry.version", "entry.publisher", "entry.source", "entry.language"},
}
_FINDING = {
    "own": {"finding.sentence", "finding.new"},
    "quoted": {"finding.reason", "finding.old", "finding.doubt", "finding.opinion.reason"},
    "stays": {"finding.claim", "finding.relation", "finding.field", "finding.happening"}
    | {f"finding.opinion.{name}" for name in ("model", "question", "digest", "relation")},
}


def redaction(events: Iterable[Recorded], entry: str, words: Iterable[str] = ()) -> dict[int, Event]:
    """Return, by position, what an entry's erasure leaves of the events of one stream that it changes."""
    seen = Redaction(entry, set(words))
    found = ((recorded.position, seen.left(recorded.event, recorded.position)) for recorded in events)
    return {position: left for position, left in found if left is not None}


def _claim(name: str) -> dict[str, set[str]]:
    return {
        "claim": {f"{name}.text", f"{name}.attributed_to", f"{name}.evidence.document", f"{name}.evidence.sentence"},
        "stays": {
            f"{name}.id", f"{name}.status", f"{name}.quantities.unit", f"{name}.quantities.noun",
            f"{name}.quantities.text", f"{name}.dates.bound", f"{name}.dates.text",
        },
    }  # fmt: skip


def _together(*parts: dict[str, set[str]]) -> dict[str, set[str]]:
    kinds = ("own", "quoted", "claim", "stays")
    return {kind: set().union(*(part.get(kind, set()) for part in parts)) for kind in kinds}


DECIDED: dict[type[Any], dict[str, set[str]]] = {
    StoryOpened: _together({"stays": {"story", "title", "language", "document", "document_sha256"}}),
    StoryClosed: _together({"stays": {"story"}}),
    StoryReopened: _together({"stays": {"story"}}),
    StoryRenamed: _together({"stays": {"story", "title"}}),
    ClaimTracked: _together(_REF, _FINDING, _claim("claim"), {"stays": {"origin", "source"}}),
    EntryLinked: _together(_REF, {"quoted": {"reason"}, "stays": {"duplicate_of", "claims", "happening"}}),
    ClaimCorroborated: _together(_REF, _FINDING),
    ClaimUpdated: _together(_REF, _FINDING, _claim("current")),
    ClaimDenied: _together(_REF, _FINDING),
    ClaimWithdrawn: _together({"quoted": {"reason"}, "stays": {"claim"}}),
    EntryRevised: _together(_REF, {"own": {"old", "new"}}),
    EntryRemoved: _together(_REF, {"own": {"reason"}, "stays": {"claims"}}),
    EntryRestored: _together(_REF, {"stays": {"claims"}}),
    EntryErased: _together({"stays": {"entry", "reason", "redacted"}}),
    FindingReviewed: _together({"stays": {"verdict", "relation", "claim"}}),
    FeedAdded: _together({"stays": {"feed", "url", "name", "story"}}),
    FeedRemoved: _together({"stays": {"feed"}}),
    FeedFailing: _together({"stays": {"feed", "error", "trouble"}}),
    FeedRecovered: _together({"stays": {"feed"}}),
    FeedGone: _together({"stays": {"feed"}}),
    FeedMoved: _together({"stays": {"feed", "old", "new"}}),
    FeedSilent: _together({"stays": {"feed"}}),
    FeedRekeyed: _together({"stays": {"feed", "old", "new", "reason"}}),
    SubscriptionAdded: _together(
        {"stays": {"subscription", "channel", "target", "story", "secret", "person"}},
        {"stays": {f"only.{name}" for name in ("kinds", "standing", "claims", "languages", "outlets")}},
        {"stays": {f"timing.{name}" for name in ("every", "at", "zone", "quiet", "urgent")}},
    ),
    SubscriptionRemoved: _together({"stays": {"subscription"}}),
    MuteSet: _together({"stays": {"mute", "what", "story", "about", "subscription"}}),
    MuteLifted: _together({"stays": {"mute"}}),
    EndpointFailing: _together({"stays": {"endpoint", "channel", "target", "error"}}),
    EndpointDisabled: _together({"stays": {"endpoint", "channel", "target", "reason"}}),
    EndpointRecovered: _together({"stays": {"endpoint", "channel", "target"}}),
    JudgeCalibrated: _together({"stays": {"curves.relation"}}),
    JudgeReset: _together({}),
}


def text_fields(kind: type[Any], above: str = "") -> Iterator[str]:
    """Yield the dotted names of the fields of a class that hold text, through the classes that it is made of."""
    for name, hint in get_type_hints(kind).items():
        for one in _parts(hint):
            if is_dataclass(one) and isinstance(one, type):
                yield from text_fields(one, f"{above}{name}.")
            elif isinstance(one, str) or (isinstance(one, type) and issubclass(one, str)):
                yield f"{above}{name}"


def _parts(hint: Any) -> Iterator[Any]:
    """Yield what a value of an annotation is made of: classes, and the texts that a Literal allows."""
    if isinstance(hint, type) and get_origin(hint) is None:
        yield hint
    for one in get_args(hint):
        yield from _parts(one) if get_origin(one) or isinstance(one, type | types.UnionType) else (one,)


def told(value: Any, name: str) -> set[str]:
    """Return the texts that a value holds under a dotted name."""
    first, _, rest = name.partition(".")
    found = getattr(value, first) if value is not None else None
    if isinstance(found, tuple):
        return set().union(*(told(one, rest) if rest else {one} for one in found), set())
    if found is None:
        return set()
    return told(found, rest) if rest else {str(found)}


def test_every_text_of_every_event_is_decided() -> None:
    """No event and no text in it is left without a decision whether it goes with an entry."""
    assert set(DECIDED) == set(get_args(Event))
    for kind, decided in DECIDED.items():
        named = [name for names in decided.values() for name in names]
        assert sorted(named) == sorted(set(text_fields(kind))), kind.__name__


def full(kind: type[Any]) -> Any:
    """Return an event in which every text is another one."""
    claim = Claim(
        "N01", "A claim.", "the mayor", Status.PLANNED, (Quantity(1, 2, "km", "road", text="1 to 2 km"),),
        (When(datetime(2024, 6, 1, tzinfo=UTC).date(), datetime(2024, 6, 1, tzinfo=UTC).date(), text="on 1 June"),),
        evidence=Evidence("a document", 0, 3, "A sentence."),
    )  # fmt: skip
    ref = EntryRef("e1", "v1", "A title", "A summary", "https://news.example/1", "A paper", "An agency", None, "en")
    finding = Finding(
        "N01", Relation.UPDATES, "polarity", "It was so.", "It is not so.", 0.5, "Said.", "Because.", news=True,
        happening="e0", opinion=Opinion("small-1", "question-1", "ab" * 32, Relation.DENIES, "It reads so."),
        doubt="A weak link.",
    )  # fmt: skip
    made: dict[type[Any], Any] = {
        ClaimTracked: lambda: ClaimTracked(claim, "entry", ref, finding),
        EntryLinked: lambda: EntryLinked(ref, 0.5, "as 'A title'", "e0", ("N01",), "e0"),
        ClaimUpdated: lambda: ClaimUpdated(ref, finding, claim),
        ClaimWithdrawn: lambda: ClaimWithdrawn("N01", "retracted"),
        EntryRevised: lambda: EntryRevised(ref, "old words", "new words"),
    }
    return made[kind]() if kind in made else kind(ref, finding)


@pytest.mark.parametrize("kind", [kind for kind, decided in DECIDED.items() if decided["own"] | decided["quoted"]])
def test_what_goes_and_what_stays(kind: type[Any]) -> None:
    """From an event of the entry its words go, from another's only what may quote it, and all else stays."""
    decided, event = DECIDED[kind], full(kind)
    rests = hasattr(event, "entry")
    own_claim = decided["claim"] if kind is ClaimTracked else set()
    for entry, born, goes in (
        ("e1", False, (decided["own"] if rests else set()) | decided["quoted"] | own_claim),
        ("e1", True, decided["own"] | decided["quoted"] | decided["claim"]),
        ("another", False, decided["quoted"]),
        ("another", True, decided["quoted"] | (decided["claim"] - own_claim)),
    ):
        left = redact(event, entry, born=born)
        for name in set().union(*decided.values()):
            gone = {ERASED} if name != "entry.url" else set()
            assert told(left, name) == (gone if name in goes else told(event, name)), (name, entry, born)
        assert redact(left, entry, born=born) == left


@pytest.mark.parametrize("field", ["quantity", "date", "status"])
def test_values_stay(field: str) -> None:
    """What a finding says of a quantity, a date or a status is what we read, in its own wording, and stays."""
    event = full(ClaimUpdated)
    of_value = replace(event, finding=replace(event.finding, field=field))
    left = redact(of_value, "e1")
    assert isinstance(left, ClaimUpdated)
    assert (left.finding.old, left.finding.new) == (event.finding.old, event.finding.new)


@calm
@given(any_event)
def test_events_that_rest_on_no_entry_are_left_alone(event: Event) -> None:
    """Whatever the event, redacting it for an entry it does not rest on leaves ids, times, scores and relations."""
    left = redact(event, "no such entry")
    assert type(left) is type(event)
    lost = set(texts_lost(event, left))
    assert lost <= set().union(*(told(event, name) for name in DECIDED[type(event)]["quoted"]))


def test_an_entry_without_its_words() -> None:
    """Title, summary, text and address of an archived entry go; who published it when stays."""
    seen = datetime(2024, 6, 1, tzinfo=UTC)
    entry = Entry("e1", "A title", "A summary", seen, "https://news.example/1", "A paper", seen, "en", "Text", "f1")
    left = bare_entry(entry)
    assert (left.title, left.summary, left.text, left.url) == (ERASED, ERASED, ERASED, None)
    names = [one.name for one in fields(Entry) if one.name not in {"title", "summary", "text", "url"}]
    assert [getattr(left, name) for name in names] == [getattr(entry, name) for name in names]


# Few words, ids and values: so that entries quote each other, claims meet again and updates differ in words alone.
_words = st.sampled_from([LONG, "The ferry sails again from Monday", "It will cost 2 million euros"])
_ids = st.sampled_from(["e1", "e2", "e3"])
_claim_ids = st.sampled_from(["N01", "N02"])
_statuses = st.sampled_from([Status.PLANNED, Status.DONE])
_refs = st.builds(EntryRef, _ids, st.just("v1"), _words, st.just(""), st.none(), st.none(), _ids, st.none())
_claims = st.builds(Claim, _claim_ids, _words, st.none(), _statuses)


def _findings(relation: Relation) -> st.SearchStrategy[Finding]:
    return st.builds(
        Finding, _claim_ids, st.just(relation), st.none(), _words, _words, st.just(0.5), _words, _words, st.booleans(),
        _ids, st.sampled_from([False, False, True]),
    )  # fmt: skip


def _tracked(claim: Claim, ref: EntryRef | None, finding: Finding) -> ClaimTracked:
    if ref is None:
        return ClaimTracked(claim, "seed")
    return ClaimTracked(claim, "entry", ref, replace(finding, claim=claim.id))


_tellings: st.SearchStrategy[Event] = st.one_of(
    st.builds(_tracked, _claims, _refs | st.none(), _findings(Relation.NEW)),
    st.builds(ClaimUpdated, _refs, _findings(Relation.UPDATES), _claims),
    st.builds(ClaimUpdated, _refs, _findings(Relation.UPDATES), _claims),
    st.builds(ClaimDenied, _refs, _findings(Relation.DENIES)),
    st.builds(FindingReviewed, st.integers(2, 12), st.sampled_from(["confirmed", "rejected"])),
    st.builds(EntryRevised, _refs, _words, _words),
    st.builds(EntryLinked, _refs, st.just(0.5), _words, st.none(), st.just(()), _ids),
    st.builds(ClaimWithdrawn, _claim_ids, _words),
)


@st.composite
def streams(draw: st.DrawFn) -> list[Recorded]:
    """Draw the stream of a story."""
    return story_of(*draw(st.lists(_tellings, max_size=12)))


several = settings(calm, max_examples=80)


def erase(events: list[Recorded], entry: str) -> tuple[list[Recorded], Recorded]:
    """Return a stream as an erasure leaves it, and the event that tells of it."""
    left = redaction(events, entry)
    told_of = EntryErased(entry, "a court's order", tuple((position, "") for position in left))
    last = events[-1]
    erased = replace(last, position=last.position + 1000, version=last.version + 1, event=told_of)
    return [replace(one, event=left.get(one.position, one.event)) for one in events], erased


@several
@given(streams(), _ids, st.data())
def test_a_story_in_memory_forgets_what_the_log_forgets(
    events: list[Recorded], entry: str, data: st.DataObject
) -> None:
    """A worker that held the story and reads of the erasure holds what one that starts on the redacted log holds."""
    cut = data.draw(st.integers(1, len(events)))
    left, erased = erase(events[:cut], entry)
    later = [replace(one, position=one.position + 2000, version=one.version + 1) for one in events[cut:]]
    assert evolve(fold(events[:cut]), [erased, *later]) == fold([*left, erased, *later])


@several
@given(streams(), _ids)
def test_the_same_claims_stand(events: list[Recorded], entry: str) -> None:
    """An erasure takes words and nothing else: claims, standings, sources, steps and times are those of before."""
    left, _ = erase(events, entry)
    assert skeleton(fold(left)) == skeleton(fold(events))


def skeleton(value: Any) -> Any:
    """Return a story with every text that could be a word in place of it; addresses are left out."""
    if isinstance(value, str) or value is None:
        return str(value) if type(value) is not str else "..."
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: skeleton(getattr(value, one.name)) for one in fields(value) if one.name != "url"}
    if isinstance(value, tuple):
        return [skeleton(one) for one in value]
    if hasattr(value, "items"):
        return {key: skeleton(one) for key, one in value.items()}
    return value


@several
@given(streams(), _ids, _ids)
def test_erasing_again_changes_nothing(events: list[Recorded], entry: str, other: str) -> None:
    """Of what an erasure left, another one of the same entry takes nothing more, also after that of a third."""
    left, _ = erase(events, entry)
    assert redaction(left, entry) == {}
    assert redaction(erase(left, other)[0], entry) == {}


def story_of(*events: Event) -> list[Recorded]:
    recorder = Recorder()
    for event in (StoryOpened("bridge", "Bridge", "en", None, None, None), *events):
        recorder.record(STREAM, event)
    return recorder.events


def ref(identity: str, title: str = LONG) -> EntryRef:
    return EntryRef(identity, "v1", title, "", None, identity, identity, None)


def found(claim: str, reason: str = "same", **more: Any) -> Finding:
    return Finding(claim, Relation.UPDATES, None, None, None, 0.5, "Said.", reason, news=True, happening="e1", **more)


def new(claim: str, text: str, entry: str, **more: Any) -> ClaimTracked:
    return ClaimTracked(Claim(claim, text), "entry", ref(entry), found(claim, **more))


def test_who_quotes_the_entry_is_redacted_where_it_quotes() -> None:
    """Another entry's reason that names the erased headline goes whole; its own words and other reasons stay."""
    events = story_of(
        EntryLinked(ref("e1"), 0.9, "background", None, (), "e1"),
        EntryLinked(ref("e2"), 0.9, f"it has the same headline as '{LONG}' (e1)", "e1", (), "e1"),
        EntryLinked(ref("e3"), 0.9, "background", None, (), "e3"),
    )
    left = redaction(events, "e1")
    assert set(left) == {2, 3}
    assert left[3] == EntryLinked(ref("e2"), 0.9, ERASED, "e1", (), "e1")


def test_a_short_text_is_no_quote() -> None:
    """A headline of a word or two is found in many reasons that do not quote it: they are left alone."""
    events = story_of(
        EntryLinked(ref("e1", "Strike"), 0.9, "background", None, (), "e1"),
        EntryLinked(ref("e2"), 0.9, "Strike goes on", None, (), "e1"),
    )
    assert set(redaction(events, "e1")) == {2}


def test_a_claim_that_the_entry_was_first_to_say_loses_its_words_wherever_it_stands() -> None:
    """Another entry's update of a claim born of the erased one keeps the values and loses the claim's words."""
    events = story_of(
        new("N01", "It will cost 2 million euros.", "e1"),
        ClaimUpdated(ref("e2", "Other"), found("N01"), Claim("N01", "It will cost 3 million euros.", "the mayor")),
    )
    left = redaction(events, "e1")[3]
    assert isinstance(left, ClaimUpdated)
    assert (left.current.text, left.current.attributed_to, left.entry.title) == (ERASED, ERASED, "Other")


def test_words_that_are_gone_move_no_claim() -> None:
    """An update that differed from its claim in words alone counts its source as before when the words are gone."""
    reworded = ClaimUpdated(ref("e2", "Other"), found("N01"), Claim("N01", "The cost will be 2 million euros."))
    events = story_of(new("N01", "It will cost 2 million euros.", "e1"), reworded)
    left, _ = erase(events, "e1")
    before, after = fold(events), fold(left)
    assert before is not None
    assert after is not None
    assert before.claims["N01"].sources == after.claims["N01"].sources == {"e1", "e2"}


def test_a_claim_of_the_same_id_by_another_keeps_its_words() -> None:
    """Where a proposal of the entry was rejected and its id given to another's claim, that claim is not ours."""
    events = story_of(
        new("N01", LONG, "e1", needs_review=True),
        FindingReviewed(2, "rejected", claim="N01"),
        new("N01", "Something else entirely.", "e2"),
        ClaimUpdated(ref("e3", "Other"), found("N01"), Claim("N01", "Something else now.")),
    )
    assert set(redaction(events, "e1")) == {2}


def test_a_proposal_that_a_person_confirmed_is_the_entrys() -> None:
    """A claim tracked by a person's word is still in the words of the entry that said it."""
    events = story_of(
        new("N01", LONG, "e1", needs_review=True),
        FindingReviewed(2, "confirmed", claim="N01"),
        ClaimUpdated(ref("e2", "Other"), found("N01"), Claim("N01", LONG)),
    )
    assert set(redaction(events, "e1")) == {2, 4}
    held = evolve(fold(events), [erase(events, "e1")[1]])
    assert isinstance(held, Story)
    assert held.claims["N01"].current.text == ERASED


def test_words_known_from_elsewhere_are_looked_for_too() -> None:
    """What the archive holds of older versions of the entry is found where others quote it."""
    events = story_of(ClaimWithdrawn("C1", f"they now say: {LONG}"))
    assert redaction(events, "e1") == {}
    assert redaction(events, "e1", [LONG]) == {2: ClaimWithdrawn("C1", ERASED)}
