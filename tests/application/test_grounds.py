"""What claims rest on: why they stand so, the sides of a dispute, who is quoted, and what became new in numbers."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made import bridge
from tests.made.streams import LONGEST, Recorder, calm, logs, moments
from tests.made.views import views_of
from tracker.application.news import Look
from tracker.application.report import report
from tracker.domain.claims import Relation
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    ClaimUpdated,
    ClaimWithdrawn,
    Event,
    FindingReviewed,
    Recorded,
    StoryOpened,
)
from tracker.rendering import phrases
from tracker.rendering.html import status_html
from tracker.rendering.markdown import status_markdown
from tracker.rendering.text import status_text
from tracker.rendering.view import LATEST, Group, StatusView, Tally, Voice

VIEW = report(views_of(bridge.events()), None, bridge.STORY)
LONG_AGO = Look(0, bridge.OPENED - timedelta(days=1))


def told(*events: Event, since: Look = LONG_AGO) -> StatusView:
    """Return the report on a story opened at position 1 with the hurt of the bridge at 2, after events."""
    log = Recorder()
    opening = (StoryOpened(bridge.STORY, "T", "en", None, None, None), ClaimTracked(bridge.HURT, "seed"))
    for event in (*opening, *events):
        log.record(bridge.STREAM, event)
    return report(views_of(log.events), None, bridge.STORY, since=since)


def denied(source: str, sentence: str, new: str | None, field: str | None = "quantity", nth: int = 1) -> ClaimDenied:
    """Return a denial that says another value."""
    old = "11 people" if field == "quantity" else None
    finding = bridge.finding(Relation.DENIES, bridge.HURT, sentence, "another", field=field, old=old, new=new)
    return ClaimDenied(bridge.entry(nth, source, "Hurt", bridge.OPENED), finding)


def corroborated(source: str, nth: int = 1) -> ClaimCorroborated:
    """Return a source that says the same."""
    finding = bridge.finding(Relation.CORROBORATES, bridge.HURT, "Eleven were hurt.", "same number")
    return ClaimCorroborated(bridge.entry(nth, source, "Hurt", bridge.OPENED), finding)


def updated(source: str, nth: int = 1) -> ClaimUpdated:
    """Return a source with a newer value."""
    finding = bridge.finding(Relation.UPDATES, bridge.HURT, "Fourteen.", "more", old="11 people", new="14 people")
    return ClaimUpdated(bridge.entry(nth, source, "Hurt", bridge.OPENED), finding, bridge.HURT_NOW)


def test_the_sides_of_a_dispute_say_who_says_which_value() -> None:
    """Who holds to the claim comes first; those who deny it are together where they say the same instead."""
    view = told(
        corroborated("Coast Wire", 1),
        denied("Harbour Post", "Five people were hurt, the hospital said.", "5 people", nth=2),
        denied("City Herald", "According to the hospital, 5 people were hurt.", "5 People", nth=3),
        denied("Channel Nine", "Nobody was hurt.", "it is not so", field="polarity", nth=4),
    )
    (claim,) = view.claims
    assert [phrases.side(side) for side in claim.sides] == [
        "11 people: the fire brigade (Coast Wire, the seed)",
        "5 people: the hospital (City Herald, Harbour Post)",
        "denies it: Channel Nine",
    ]
    assert [finding.position for side in claim.sides for finding in side.findings] == [4, 5, 6]
    for form in (status_text, status_markdown, status_html):
        assert "the hospital" in form(view)
    assert "denied by" not in status_text(view)


def test_a_claim_says_since_when_and_why_it_stands_so() -> None:
    """Known, disputed, withdrawn, or put down by a person: the event is named, and what it said of the reason."""
    assert [phrases.because(claim) for claim in VIEW.claims] == [
        "known since 2031-03-06 10:00 UTC: Channel Nine: same number: 14 people (#18)",
        "disputed since 2031-03-04 04:00 UTC: Harbour Post: the opposite is said: knew / nobody told (#12)",
        "unconfirmed since 2031-03-06 11:00 UTC: Ada: the finding at position 17 is rejected (#19)",
        "withdrawn since 2031-03-05 20:00 UTC: the harbour office took its announcement back (#16)",
        "new since 2031-03-04 14:00 UTC: Channel Nine is the first to say it (#13)",
    ]
    assert phrases.because(told().claims[0]) == ""


def test_a_reason_is_told_without_the_sentence_that_stands_beside_it() -> None:
    """The judge's reasons end in the sentence; whoever shows that shows it once."""
    change = replace(VIEW.developments[0], sentence="It's so.", reason="same number; 'It's so.'")
    assert phrases.reason(change) == "same number"
    assert phrases.reason(replace(change, sentence=None)) == "same number; 'It's so.'"


def test_who_said_what_names_speakers_and_deniers_once_each() -> None:
    """Whom claims are put down to comes with those claims, who denies one with that; most claims first."""
    view = told(denied("Harbour Post", "Nobody was hurt, the fire brigade said.", None, field=None))
    assert view.voices == (Voice("the fire brigade", ("S01",), ("S01",)),)
    assert [voice.name for voice in VIEW.voices] == [
        "a spokeswoman", "the council", "the fire brigade", "the harbour office", "the mayor",
    ]  # fmt: skip
    assert told(denied("Harbour Post", "He denied it.", None, field=None)).voices == (
        Voice("the fire brigade", ("S01",), ()),
    )


def test_speakers_are_shown_with_what_they_were_quoted_with() -> None:
    """Where others have moved a claim since, nobody is made to say what it reads now."""
    view = told(updated("Channel Nine"), denied("Harbour Post", "Five people were hurt.", "5 people", nth=2))
    (claim,) = view.claims
    assert phrases.said(claim) == f"{bridge.HURT.text} (since updated)"
    assert phrases.speaker(claim) == "the fire brigade, as it was at first; updated since"
    assert claim.sides[0].speakers == ()
    for form in (status_text, status_markdown, status_html):
        (row,) = (row for row in form(view).splitlines() if "the fire brigade: " in row)
        assert "Eleven people" in row
        assert "since updated" in row
    whole = told(corroborated("Channel Nine")).claims[0]
    assert (phrases.said(whole), phrases.speaker(whole)) == (bridge.HURT.text, "the fire brigade")


def test_beside_an_old_change_stands_the_claim_of_then() -> None:
    """What is told of a claim comes with how it read after that, whether or not that moved it, and not as it is now."""
    view = told(corroborated("A"), corroborated("A", 2), updated("B", 3))
    assert [one.claim_then for one in view.news] == [bridge.HURT.text] * 2 + [bridge.HURT_NOW.text]
    for form in (status_text, status_markdown, status_html):
        assert form(view).count("Eleven people were hurt") >= 3


def test_two_outlets_that_relay_one_agency_are_one_source() -> None:
    """A source names the outlets in which it was read, and its last entry, seen or published."""
    wire = next(source for source in VIEW.sources if source.name == "Coast Wire")
    assert phrases.outlets(wire) == "read in City Herald, Harbour Post"
    assert phrases.source(wire) == "3 entries, 2 developments, 1 silent edit noticed"
    assert phrases.latest(wire, 30) == "last published 2031-03-04 23:50 UTC: “Bridge may stay closed for…”"
    assert wire.latest is not None
    undated = replace(wire, latest=replace(wire.latest, title="", published=None))
    assert phrases.latest(undated) == "last seen 2031-03-05 00:00 UTC: “”"
    assert phrases.latest(replace(wire, latest=None)) == ""


CORRECTIONS = {"edited", "taken away", "put back", "withdrawn", "review"}
DENIAL = denied("A", "No.", None, None)


@pytest.mark.parametrize(
    ("events", "since", "tally", "words"),
    [
        ((), 2, Tally(), ""),
        ((corroborated("A"),), 2, Tally(confirmed=1), "1 claim confirmed"),
        ((updated("A"),), 2, Tally(updated=1), "1 claim updated"),
        ((DENIAL,), 2, Tally(contested=1), "1 claim newly contested"),
        ((DENIAL,), 3, Tally(), ""),
        ((DENIAL, denied("B", "No.", None, None)), 3, Tally(), ""),
        (
            (DENIAL, updated("B")),
            2,
            Tally(updated=1, resolved=1),
            "1 claim updated, 1 resolved",
        ),
        (
            (DENIAL, updated("B"), corroborated("C")),
            3,
            Tally(updated=1, confirmed=1, resolved=1),
            "1 claim updated, 1 confirmed, 1 resolved",
        ),
        ((ClaimWithdrawn("S01", "a hoax"),), 2, Tally(corrected=1), "1 correction"),
        (
            (DENIAL, FindingReviewed(3, "rejected", claim="S01")),
            3,
            Tally(resolved=1, corrected=1),
            "1 claim resolved; 1 correction",
        ),
        ((updated("A"), updated("A", 2)), 2, Tally(updated=1), "1 claim updated"),
    ],
)
def test_what_is_new_in_numbers(events: tuple[Event, ...], since: int, tally: Tally, words: str) -> None:
    """Claims are counted once each, however often they were told of, and disputes as they begin and end."""
    view = told(*events, since=Look(since, bridge.OPENED))
    assert view.tally == tally
    assert phrases.tally(view) == words


def test_what_is_made_a_denial_is_counted_and_listed() -> None:
    """A confirmation that a person makes a denial is one claim newly contested, and one denial in the list below."""
    made = FindingReviewed(3, "relabelled", Relation.DENIES, claim="S01")
    view = told(corroborated("A"), made, since=Look(3, bridge.OPENED))
    assert phrases.tally(view) == "1 claim newly contested; 1 correction"
    assert [(one.kind, one.position) for one in view.news] == [("denies", 3), ("review", 4)]


@calm
@given(logs(), st.integers(0, LONGEST), moments)
def test_numbers_speak_of_the_news(events: tuple[Recorded, ...], position: int, at: datetime) -> None:
    """Whatever happened: new claims and corrections are the news of these kinds, and no number is above all of them."""
    views = views_of(events)
    for story in views.partitions("stories"):
        view = report(views, None, story, since=Look(position, at))
        kinds = [one.kind for one in view.news]
        assert view.tally.new == kinds.count("new")
        assert view.tally.corrected == len([kind for kind in kinds if phrases.KINDS.get(kind, kind) in CORRECTIONS])
        assert view.tally.contested <= view.counts["disputed"]
        assert view.tally.contested <= len({one.claim for one in view.news if one.kind in {"denies", "review"}})
        assert view.tally.contested + view.tally.resolved <= view.counts["claims"]


@calm
@given(logs())
def test_every_dispute_has_two_sides(events: tuple[Recorded, ...]) -> None:
    """Each disputed claim lists who holds to it and every source that denies it; others list no side."""
    views = views_of(events)
    for story in views.partitions("stories"):
        for claim in report(views, None, story).claims:
            against = [source for side in claim.sides if side.denies for source in side.sources]
            assert sorted(against) == (sorted(claim.denied_by) if claim.group is Group.DISPUTED else [])
            assert all(side.sources == claim.sources for side in claim.sides if not side.denies)


def test_grounds_are_given_for_the_claims_and_sources_that_are_listed() -> None:
    """Of many claims and sources, those that a report lists say why and what came last; asked for whole, all do."""
    log = Recorder()
    log.record(bridge.STREAM, StoryOpened(bridge.STORY, "T", "en", None, None, None))
    for nth in range(LATEST + 10):
        claim = replace(bridge.HURT, id=f"C{nth:02}")
        finding = bridge.finding(Relation.NEW, claim, "So it is.", "new")
        entry = bridge.entry(nth, f"Outlet {nth}", "T", bridge.OPENED)
        log.record(bridge.STREAM, ClaimTracked(claim, "entry", entry, finding))
    few, whole = (report(views_of(log.events), None, bridge.STORY, whole=whole) for whole in (False, True))
    assert [claim.id for claim in few.claims if claim.why] == [claim.id for claim in few.latest(Group.OPEN)]
    assert len([source for source in few.sources if source.latest]) == LATEST
    assert all(claim.why for claim in whole.claims)
    assert all(source.latest for source in whole.sources)
    for form in (status_markdown, status_html):
        assert "and 10 more" in form(whole)
