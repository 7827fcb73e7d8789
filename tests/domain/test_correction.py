"""What corrects what, and what need not be told any more."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.made.alerts import NOON, SENDS, STORY, corroborated, denied, discovered, entry, updated
from tracker.domain.claims import Relation
from tracker.domain.correction import History, corrected_along
from tracker.domain.entry import EntryRef
from tracker.domain.events import (
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    EntryErased,
    EntryRemoved,
    EntryRestored,
    EntryRevised,
    Event,
    FindingEvent,
    FindingReviewed,
    Recorded,
    entry_of,
    finding_of,
    story_stream,
)
from tracker.domain.quantity import Quantity
from tracker.domain.routing import kind_of, kind_said

GONE = EntryRemoved(entry(), "its page is gone (HTTP 404)", ("S01",))
BACK = EntryRestored(entry(), ("S01",))
EDITED = EntryRevised(entry(), "France sends 100.", "France sends 300.")


def stream(*events: Event) -> list[Recorded]:
    """Return events as the log holds them, from position 1 on."""
    return [
        Recorded(at, story_stream(STORY), at, f"id-{at}", event, "judge", None, None, NOON, "")
        for at, event in enumerate(events, 1)
    ]


def reviewed(position: int, verdict: str, relation: Relation | None = None) -> FindingReviewed:
    """Return what a person says of the finding at a position."""
    assert verdict in ("confirmed", "rejected", "relabelled")
    return FindingReviewed(position, verdict, relation, "S01")  # type: ignore[arg-type]


def test_a_review_corrects_the_finding_and_the_reviews_before_it() -> None:
    """Rejected, confirmed again, given another relation: each corrects all that was told of the finding before."""
    rejected, again = reviewed(1, "rejected"), reviewed(1, "confirmed")
    other = reviewed(1, "relabelled", Relation.DENIES)
    assert History(stream(updated())).corrected_by(rejected) == (1,)
    assert History(stream(updated(), rejected)).corrected_by(again) == (1, 2)
    assert History(stream(updated(), rejected, again)).corrected_by(other) == (1, 2, 3)


def test_a_review_that_changes_nothing_corrects_nothing() -> None:
    """Confirming what stands, giving it the relation that it has, and rejecting a doubt correct nothing."""
    same = reviewed(1, "relabelled", Relation.UPDATES)
    for review in (reviewed(1, "confirmed"), same):
        assert History(stream(updated())).corrected_by(review) == ()
    assert History(stream(updated(needs_review=True))).corrected_by(reviewed(1, "rejected")) == ()
    assert History(stream(updated())).corrected_by(reviewed(7, "rejected")) == ()
    assert History(stream(updated(), ClaimWithdrawn("S01", "?"))).corrected_by(reviewed(1, "rejected")) == ()


def test_a_doubt_that_a_person_settles_is_a_development() -> None:
    """Confirmed it is what the judge took it for, relabelled what the person says; what stood already is said once."""
    doubtful = stream(denied(needs_review=True))
    confirmed = History(doubtful).development(reviewed(1, "confirmed"))
    relabelled = History(doubtful).development(reviewed(1, "relabelled", Relation.UPDATES))
    assert confirmed is not None
    assert kind_of(confirmed) == "denied"
    assert relabelled is not None
    assert kind_of(relabelled) == "updated"
    assert History(doubtful).development(reviewed(1, "rejected")) is None
    assert History(stream(updated(news=False))).development(reviewed(1, "confirmed")) is None
    assert History(stream(updated())).development(reviewed(1, "confirmed")) is None
    assert History(doubtful).development(reviewed(9, "confirmed")) is None


def test_what_is_no_review_is_a_development_or_none() -> None:
    """An update is one as it is, a withdrawn claim none."""
    assert History(()).development(updated()) == updated()
    assert History(()).development(ClaimWithdrawn("S01", "?")) is None


def test_a_withdrawn_claim_corrects_the_findings_that_stand() -> None:
    """Those on other claims, those rejected and the doubtful are not among them; a new claim is."""
    doubtful = updated(needs_review=True)
    told = stream(updated(), denied(), corroborated(), doubtful, reviewed(3, "rejected"), discovered())
    assert History(told).corrected_by(ClaimWithdrawn("S01", "a hoax")) == (1,)
    assert History(told).corrected_by(ClaimWithdrawn("N-1", "a hoax")) == (6,)
    of_no_entry = stream(replace(discovered(), entry=None))
    assert History(of_no_entry).corrected_by(ClaimWithdrawn("N-1", "a hoax")) == (1,)


def test_what_a_publisher_does_corrects_what_was_told_of_the_entry() -> None:
    """A removal corrects the findings of the entry and its edits, its end the removal as well."""
    told = stream(updated(), updated(entry("e2")), EDITED, EntryErased("e9", "", ()))
    assert History(told).corrected_by(GONE) == (1, 3)
    assert History(stream(*(one.event for one in told), GONE)).corrected_by(BACK) == (1, 3, 5)
    assert History(told).corrected_by(EntryErased("e1", "", ())) == ()


def test_what_each_event_corrects_is_found_in_one_pass() -> None:
    """Folded along, a stream tells of each event asked for what it corrects of those before it."""
    told = stream(updated(), reviewed(1, "rejected"), EDITED, GONE, ClaimWithdrawn("S01", "a hoax"), BACK)
    expected = {at: History(told[: at - 1]).corrected_by(told[at - 1].event) for at in (2, 4, 6)}
    assert dict(corrected_along(told, {2, 4, 6})) == expected
    assert expected == {2: (1,), 4: (3,), 6: (3, 4)}


def needless(waiting: set[int], told: set[int], *events: Event) -> set[int]:
    return {*History(stream(*events)).needless(waiting, told)}


def test_what_is_taken_back_before_it_was_told_is_not_told() -> None:
    """A finding rejected or withdrawn with its claim goes, and so does what took it back."""
    for end in (reviewed(1, "rejected"), ClaimWithdrawn("S01", "a hoax")):
        assert needless({1, 2}, set(), updated(), end) == {1, 2}
        assert needless({2}, {1}, updated(), end) == set()


def test_what_still_stands_is_told_with_its_removal() -> None:
    """While its claim stands as an entry said that was taken away, with others or alone, both are told."""
    second = corroborated(entry("e2", source="Reuters"), news=False)
    assert needless({1, 2}, set(), updated(), GONE) == set()
    assert needless({1, 3}, set(), updated(), second, GONE) == set()
    assert needless({2}, {1}, updated(), GONE) == set()
    assert needless({1, 2, 3}, set(), updated(), EDITED, GONE) == set()
    assert needless({2, 3}, {1}, updated(), denied(), GONE) == set()
    assert needless({1, 2}, set(), discovered(), GONE) == set()


def test_what_was_taken_away_and_stands_no_more_is_not_told() -> None:
    """Once its claim holds other values, by another entry, nothing is told of an entry that was taken away."""
    moved = moving(entry("e2"), 250)
    assert needless({1, 2, 3}, set(), updated(), moved, GONE) == {1, 3}
    assert needless({1, 2, 3}, set(), corroborated(), moved, GONE) == {1, 3}
    assert needless({1, 2, 3, 4}, set(), updated(), EDITED, moved, GONE) == {1, 2, 4}
    assert needless({2, 3}, {1}, updated(), moved, GONE) == set()
    assert needless({1, 2, 3}, set(), discovered(), moving(entry("e2"), 250, claim="N-1"), GONE) == {1, 3}
    again = moving(entry("e3"), None)
    assert needless({2, 3, 4, 5}, set(), ClaimTracked(SENDS, "seed"), corroborated(), moved, again, GONE) == {2, 5}
    assert needless({2, 3, 4}, set(), ClaimTracked(SENDS, "seed"), corroborated(), again, GONE) == set()
    assert needless({1, 3}, set(), updated(), replace(moved, finding=updated(needs_review=True).finding), GONE) == set()


def test_what_stands_again_may_be_told_again() -> None:
    """What moved the claim on is rejected: what was dropped of an entry that is away, and its end, may wait again."""
    told = stream(updated(), moving(entry("e2"), 250), GONE, denied(), updated(entry("e4")))
    assert History(told).revived_by(reviewed(2, "rejected")) == (1, 3)
    assert History(told).revived_by(BACK) == (1, 4)
    assert History(told).revived_by(GONE) == ()


def test_of_several_last_words_one_is_told() -> None:
    """What was rejected and confirmed while it waited is told once; what was told and stands again, not at all."""
    to_and_fro = (updated(), reviewed(1, "rejected"), reviewed(1, "confirmed"))
    assert needless({1, 2, 3}, set(), *to_and_fro) == {1, 2}
    assert needless({2, 3}, {1}, *to_and_fro) == {2, 3}
    assert needless({3}, {1, 2}, *to_and_fro) == set()
    assert needless({2, 3}, {1}, updated(), GONE, BACK) == {2, 3}
    assert needless({2, 3, 4}, {1}, updated(), GONE, BACK, GONE) == {2, 3}
    assert needless({1, 2, 3}, set(), updated(), GONE, BACK) == {2, 3}


def test_what_is_put_back_later_is_told() -> None:
    """Dropped with its removal, a finding is told again once its entry is back; where it is not, the return is."""
    assert History(stream(updated(), denied(), reviewed(2, "rejected"), GONE)).revived_by(BACK) == (1,)
    assert needless({1, 3}, set(), updated(), GONE, BACK) == {3}
    assert needless({3}, set(), updated(), GONE, BACK) == set()
    assert needless({3, 4}, set(), updated(), GONE, BACK, GONE) == {3, 4}
    assert needless({2, 3}, set(), updated(), GONE, BACK) == {2, 3}
    assert needless({5}, {3}, updated(), GONE, BACK, GONE, BACK) == {5}


def moving(ref: EntryRef, instructors: float | None = 250, **changes: Any) -> FindingEvent:
    """Return an update after which a claim holds another number, or none."""
    counted = (Quantity(instructors, instructors, "", "instructors"),) if instructors else ()
    return ClaimUpdated(ref, replace(updated().finding, **changes), replace(SENDS, quantities=counted))


def test_who_asked_for_removals_alone_is_told_of_them() -> None:
    """A removal that waits for somebody who was not to be told of the entry itself is no correction, and stays."""
    assert needless({2}, set(), updated(), GONE) == set()


RELATIONS = st.sampled_from([Relation.UPDATES, Relation.DENIES, Relation.CORROBORATES])
ENTRIES = [entry("e1"), entry("e2")]
MAKERS: list[Callable[..., FindingEvent]] = [updated, denied, corroborated, moving]


@st.composite
def histories(draw: st.DrawFn) -> list[Event | None]:
    """Draw what happens in a story of few findings; None: what waits is told."""
    happened: list[Event | None] = []
    gone: set[str] = set()
    for _ in range(draw(st.integers(1, 14))):
        ref = draw(st.sampled_from(ENTRIES))
        events = [one for one in happened if one is not None]
        findings = [at for at, one in enumerate(events, 1) if finding_of(one)]
        kind = draw(st.sampled_from(["tell", "find", "find", "review", "review", "withdraw", "edit", "move"]))
        if kind == "tell":
            happened.append(None)
        elif kind == "find" or not findings:
            make = draw(st.sampled_from(MAKERS))
            happened += [BACK_OF[ref.id]] if ref.id in gone else []
            gone.discard(ref.id)
            happened.append(make(ref, needs_review=draw(st.booleans()), news=draw(st.booleans())))
        elif kind == "review":
            relation = draw(st.none() | RELATIONS)
            verdict = "relabelled" if relation else draw(st.sampled_from(["confirmed", "rejected"]))
            happened.append(reviewed(draw(st.sampled_from(findings)), verdict, relation))
        elif kind == "withdraw":
            happened.append(ClaimWithdrawn(draw(st.sampled_from(["S01", "S02"])), "a hoax"))
        elif kind == "edit":
            happened.append(replace(EDITED, entry=ref))
        else:
            happened.append(BACK_OF[ref.id] if ref.id in gone else replace(GONE, entry=ref))
            gone ^= {ref.id}
    return [*happened, None]


BACK_OF = {ref.id: replace(BACK, entry=ref) for ref in ENTRIES}


@given(histories())
def test_who_is_told_late_believes_what_is_so(happened: list[Event | None]) -> None:
    """Whenever a reader is told, they believe what one believes who is told everything at once, and nothing else."""
    log: list[Recorded] = []
    owed: set[int] = set()
    waits: set[int] = set()
    told: set[int] = set()
    dropped: set[int] = set()
    for one in happened:
        if one is not None:
            before = History(log)
            waits |= dropped.intersection(before.revived_by(one))
            news = before.development(one)
            if (news and kind_of(news)) or owed.intersection(before.corrected_by(one)):
                waits.add(len(log) + 1)
                owed.add(len(log) + 1)
            log += stream(*(held.event for held in log), one)[-1:]
            continue
        fresh = waits - History(log).needless(waits, told)
        for position in fresh:
            earlier = log[: position - 1]
            is_first = History(earlier).development(log[position - 1].event) is not None
            assert is_first or told.intersection(History(earlier).corrected_by(log[position - 1].event))
        told, waits, dropped = told | fresh, set(), (dropped | waits) - fresh
        assert believed(log, told) == believed(log, owed)


def believed(log: list[Recorded], told: set[int]) -> dict[int, object]:
    """Return what somebody takes for true who was told of some events.

    Findings by position, as the kind they are, each with whether its entry was taken away. What was taken away and
    stands no more is nothing that anybody need know.
    """
    held: dict[int, object] = {}
    gone: set[str] = set()
    for nth, one in enumerate(log, 1):
        if one.position not in told:
            continue
        match one.event:
            case FindingReviewed(position=of):
                held[of] = kind_after(log[:nth], of)
            case ClaimWithdrawn(claim=claim):
                held = {of: kind for of, kind in held.items() if claim_of(log[of - 1].event) != claim}
            case EntryRemoved(entry=ref):
                gone.add(ref.id)
            case EntryRestored(entry=ref):
                gone.discard(ref.id)
            case event if finding_of(event):
                held[one.position] = kind_said(event)
    away = {of: ref_of(log[of - 1].event) in gone for of, kind in held.items() if kind}
    return {of: (held[of], away[of]) for of in away if not away[of] or not has_moved_on(log, of)}


def has_moved_on(log: list[Recorded], of: int) -> bool:
    """Tell whether updates that stand gave the claim of a finding other values since."""
    updates = {
        one.position: one.event.current
        for one in log
        if isinstance(one.event, ClaimUpdated)
        and claim_of(one.event) == claim_of(log[of - 1].event)
        and kind_after(log, one.position) == "updated"
    }
    then = [value for at, value in updates.items() if at <= of][-1:]
    return any([value] != then for at, value in updates.items() if at > of)


def kind_after(log: list[Recorded], of: int) -> object:
    """Return what development a finding is after the last review of it, None for none."""
    finding = finding_of(log[of - 1].event)
    assert finding is not None
    relation, verdict = finding.relation, "rejected" if finding.needs_review else ""
    for one in log:
        if isinstance(one.event, FindingReviewed) and one.event.position == of:
            relation, verdict = one.event.relation or relation, one.event.verdict
        if isinstance(one.event, ClaimWithdrawn) and one.event.claim == finding.claim and one.position > of:
            return None
    return None if verdict == "rejected" else relation_word(relation)


def relation_word(relation: Relation) -> object:
    return {Relation.UPDATES: "updated", Relation.DENIES: "denied", Relation.CORROBORATES: "corroborated"}[relation]


def claim_of(event: Event) -> str | None:
    finding = finding_of(event)
    return finding.claim if finding else None


def ref_of(event: Event) -> str | None:
    ref = entry_of(event)
    return ref.id if ref else None


def test_what_became_of_an_entry_whose_finding_lapsed_untold_is_not_told() -> None:
    """An agreement that lapsed with what it agreed with, and the removal of its entry, are both nothing to a reader."""
    rival, more = entry("e2", source="DPA"), replace(SENDS, quantities=(Quantity(300, 300, "", "instructor"),))
    told = (
        ClaimTracked(SENDS, "seed"),
        ClaimUpdated(entry(), updated().finding, more),
        corroborated(rival, news=False),
        FindingReviewed(2, "rejected", None, "S01"),
        EntryRemoved(rival, "404", ("S01",)),
    )
    assert needless({3, 4, 5}, set(), *told) == {3, 4, 5}


def test_what_lapsed_untold_may_be_told_once_it_holds_again() -> None:
    """An agreement that was dropped with what it agreed with waits again when a person puts that right after all."""
    more = replace(SENDS, quantities=(Quantity(300, 300, "", "instructor"),))
    agreed = corroborated(entry("e2", source="DPA"), news=False)
    rejected = FindingReviewed(2, "rejected", None, "S01")
    told = (ClaimTracked(SENDS, "seed"), ClaimUpdated(entry(), updated().finding, more), agreed, rejected)
    assert History(stream(*told)).revived_by(FindingReviewed(2, "confirmed", None, "S01")) == (3,)
