"""Every kind of message: the made-up story of the flood byte for byte, and laws over whatever feeds may say."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made import streams
from tests.made.alerts import (
    CLAIMS,
    NOON,
    by_mail,
    by_webhook,
    corroborated,
    denied,
    discovered,
    entry,
    recorded,
    taken_back,
    updated,
)
from tests.made.messages import (
    FOLDER,
    LETTERS,
    MADE,
    PERIOD,
    READER,
    STORY,
    TITLE,
    bulletin,
    forms,
    share,
)
from tests.made.page import Page
from tracker.domain.claims import Claim, Relation, Standing
from tracker.domain.events import (
    ClaimWithdrawn,
    EntryRemoved,
    EntryRestored,
    EntryRevised,
    Event,
    FindingReviewed,
)
from tracker.domain.subscription_events import Timing
from tracker.domain.tracked import TrackedClaim
from tracker.rendering.alert_bulletin import Issue, Note
from tracker.rendering.alert_correction import compose_correction
from tracker.rendering.alert_correction_words import Correction
from tracker.rendering.alert_html import with_way_out as html_with_way_out
from tracker.rendering.alert_letter import Letter
from tracker.rendering.alert_rows import Share
from tracker.rendering.alert_text import with_way_out as text_with_way_out
from tracker.rendering.plain import line
from tracker.rendering.view import Head

HEAD = Head(99, "f" * 64)
ISSUE = Issue("digest", MADE, PERIOD)
RAW = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What must never reach a reader: control characters but the line break, turners of direction, lone surrogates."""

long_words = streams.words | st.text(max_size=40).map(lambda text: (text or "🛰") * 300)
refs = st.builds(entry, st.sampled_from(["e1", "e2", "e3"]), title=long_words, source=long_words, url=long_words)
happenings = st.one_of(
    st.builds(updated, refs, sentence=long_words, reason=long_words),
    st.builds(denied, refs, reason=long_words),
    st.builds(corroborated, refs, sentence=long_words),
    st.builds(discovered, refs, old=st.none() | long_words, new=st.none() | long_words),
    st.builds(EntryRevised, refs, long_words, long_words),
    st.builds(EntryRemoved, refs, long_words),
    st.builds(EntryRestored, refs),
)
reviews = st.builds(
    FindingReviewed, st.just(41), st.sampled_from(["rejected", "confirmed", "relabelled"]),
    st.none() | st.sampled_from([*Relation]), st.just("S01"),
)  # fmt: skip
fixes = st.one_of(
    reviews,
    st.builds(ClaimWithdrawn, st.just("S01"), long_words),
    st.builds(taken_back, refs, reason=long_words),
    st.builds(EntryRevised, refs, long_words, long_words),
    st.builds(EntryRemoved, refs, long_words, st.just(("S01",))),
    st.builds(EntryRestored, refs, st.just(("S01",))),
)
standings = st.sampled_from([*Standing])


@st.composite
def claims(draw: st.DrawFn) -> TrackedClaim:
    """Draw a claim as it stands."""
    claim = Claim("S01", draw(long_words))
    names = frozenset(draw(st.lists(long_words, max_size=6)))
    return TrackedClaim(claim, claim, draw(standings), names, names, NOON, NOON, "seed")


@st.composite
def corrections(draw: st.DrawFn) -> Correction:
    """Draw a correction of up to six things that somebody was told."""
    said = recorded(*draw(st.lists(happenings, max_size=6)))
    fix = replace(recorded(draw(fixes))[0], actor=draw(long_words))
    held = {"S01": draw(claims())} if draw(st.booleans()) else {}
    return Correction(fix, tuple((one, f"d-{one.position:032x}") for one in said), held)


@pytest.mark.parametrize("name", LETTERS)
def test_each_message_is_what_it_was(name: str) -> None:
    """Subject, text, HTML and document of each kind are, byte for byte, the files that were read and kept."""
    for ending, text in forms(LETTERS[name]()).items():
        assert text.encode() == (FOLDER / f"{name}.{ending}").read_bytes(), ending


@pytest.mark.parametrize("name", LETTERS)
def test_the_page_says_what_the_text_says(name: str) -> None:
    """Every line of a message's text is in its HTML, as words or as the address of a link, and it fetches nothing."""
    letter = LETTERS[name]()
    page = Page(letter.html)
    said = "".join(page.words.split()).casefold()
    for row in letter.text.splitlines():
        words = "".join(row.strip(" *=-").removeprefix("Story: ").split())
        assert words.casefold() in said or words in page.links
    assert not {"script", "img", "style", "link", "iframe"} & {*page.tags}
    assert all(link and link.startswith("https://") for link in page.links)


def whole(letter: Letter) -> None:
    """Assert that no words of others broke out of any form."""
    assert letter.subject == line(letter.subject)
    assert len(letter.subject) <= 120
    assert len(json.dumps(letter.payload, ensure_ascii=False).encode()) < 20_000
    for text in (letter.subject, letter.text, letter.html):
        assert not RAW.search(text)
    page = Page(letter.html)
    assert {*page.tags} <= TAGS
    assert all(link and link.startswith(("https://", "http://")) for link in page.links)


TAGS = {tag for make in LETTERS.values() for tag in Page(make().html).tags}


@given(
    st.lists(happenings, max_size=12), st.lists(corrections(), max_size=3), st.lists(claims(), max_size=3), long_words
)
def test_whatever_feeds_say_a_digest_stays_whole(
    told: list[Event], made: list[Correction], over: list[TrackedClaim], title: str
) -> None:
    """For any words: one line of subject, document under 20 kB that counts what it left out, no foreign tag."""
    mine = Share(STORY, title, CLAIMS, tuple(recorded(*told)), tuple(made), frozenset({"S02"}), tuple(over))
    notes = [Note("source.failing", title, 7)]
    letter = bulletin(ISSUE, mine, notes=notes)
    whole(letter)
    data = letter.payload["data"]
    assert sum(data["counts"].values()) == len(data["items"]) + data["omitted"]
    again = bulletin(ISSUE, mine, notes=notes)
    assert (again, again.text, again.html) == (letter, letter.text, letter.html)


@settings(max_examples=40)
@given(st.lists(corrections(), min_size=1, max_size=3), st.lists(happenings, max_size=4), long_words)
def test_whatever_feeds_say_a_correction_stays_whole(made: list[Correction], beside: list[Event], title: str) -> None:
    """For any words: one line of subject, document under 20 kB, no foreign tag, and the same again for the same."""
    further = [[one] for one in recorded(*beside)]

    def written() -> Letter:
        return compose_correction(
            made, further, story=STORY, story_title=title, claims=CLAIMS, prefix=title, subscription=READER
        )

    letter, again = written(), written()
    whole(letter)
    data = letter.payload["data"]
    assert len(data["also"]) + data["omitted"] == len(made) - 1 + len(beside)
    assert (again, again.text, again.html) == (letter, letter.text, letter.html)


def many(count: int, *, story: str = STORY) -> Share:
    """Return a story with so many developments, each of an entry of its own."""
    told = [updated(entry(f"e{nth}"), happening=f"e{nth}", sentence="It is so. " * 20) for nth in range(count)]
    return Share(story, TITLE, CLAIMS, tuple(recorded(*told)))


def test_a_long_digest_tells_forty_things_and_where_the_others_are() -> None:
    """Of 152 developments the mail tells 40, counts all, and names the command that shows them; it is under 100 kB."""
    letter = bulletin(ISSUE, many(152))
    assert letter.text.count("\n* ") == 40
    assert "NEW: 152" in letter.text
    assert "And 112 more: tracker timeline orla-flood" in letter.text
    assert len(letter.html.encode()) < 100_000
    data = letter.payload["data"]
    assert (data["counts"]["new"], len(data["items"]) + data["omitted"]) == (152, 152)
    assert data["omitted"] > 0


def test_corrections_are_told_before_there_is_no_room() -> None:
    """Among a hundred updates a correction, a new dispute and an end of one are told in full."""
    few = share(6, 10, resolved=True)
    crowd = replace(few, developments=(*many(100).developments, *few.developments))
    text = bulletin(ISSUE, crowd).text
    for heading in ("NEW: 100", "CORRECTED: 1", "NEWLY DISPUTED: 1", "RESOLVED: 1"):
        assert heading in text
    assert text.count("\n* ") == 39  # and the end of a dispute, which is of no entry


def test_stories_without_room_are_counted() -> None:
    """Of sixty stories as many are told as there is room for; how many things there are on the others is said."""
    letter = bulletin(ISSUE, *(many(1, story=f"story-{nth}") for nth in range(60)))
    assert letter.subject == "[tracker] 60 new in 60 stories, 22 June"
    assert "And 20 more in 20 other stories: tracker status" in letter.text


def test_confirmations_of_one_happening_are_one_line() -> None:
    """Five sources that say the same of a happening are one thing, with the others counted and named."""
    told = [corroborated(entry(f"e{nth}", source=f"Outlet {nth}")) for nth in range(6)]
    other = corroborated(entry("e9"), happening="e9")
    letter = bulletin(ISSUE, Share(STORY, TITLE, CLAIMS, tuple(recorded(*told, other))))
    assert "NEW: 2" in letter.text
    assert "Also: 5 more reports of this, from Outlet 1, Outlet 2, Outlet 3, Outlet 4, 1 more" in letter.text
    assert [one["also"] for one in letter.payload["data"]["items"]] == [5, 0]


def test_developments_of_one_entry_are_told_together() -> None:
    """An entry is headed once in a section, whatever came between."""
    told = [updated(), updated(entry("e2"), happening="e2"), corroborated(sentence="Yes.", happening="x")]
    text = bulletin(ISSUE, Share(STORY, TITLE, CLAIMS, tuple(recorded(*told)))).text
    assert text.count("\n* ") == 2
    assert text.index("Yes.") < text.rindex("\n* ")


@pytest.mark.parametrize(
    ("timing", "period", "kind", "dated"),
    [
        (Timing("hourly", zone="Europe/Berlin"), timedelta(hours=1), "hourly", "22 June 08:00"),
        (Timing("daily"), timedelta(days=1), "daily", "22 June"),
        (Timing("weekly"), timedelta(days=7), "weekly", "week to 22 June"),
        (Timing(), timedelta(hours=1), "hourly", "22 June 06:00"),
        (Timing(), timedelta(hours=23), "daily", "22 June"),
        (Timing(), timedelta(days=7), "weekly", "week to 22 June"),
    ],
)
def test_a_digest_is_dated_by_its_period(timing: Timing, period: timedelta, kind: str, dated: str) -> None:
    """Hour, day or week stand in the subject, in the reader's zone; what is no wish any more is told by its length."""
    issue = Issue("digest", MADE, (PERIOD[1] - period, PERIOD[1]))
    letter = bulletin(issue, many(1), wish=replace(READER, timing=timing))
    assert letter.subject == f"[{TITLE}] 1 new, {dated}"
    assert letter.payload["type"] == f"digest.{kind}"
    assert letter.text.splitlines()[3].startswith(f"{kind.capitalize()} digest: ")


def test_a_digest_is_late_after_a_quarter_of_an_hour() -> None:
    """A digest made a little after its hour says nothing of it, one made later says since when it was due."""
    for minutes, late in ((15, False), (16, True)):
        letter = bulletin(Issue("digest", PERIOD[1] + timedelta(minutes=minutes), PERIOD), many(1))
        assert ("This digest is late: it was due 2031-06-22 08:00 CEST (06:00 UTC)" in letter.text) is late
        assert letter.payload["data"]["period"]["late"] is late


def test_a_group_is_called_by_its_weightiest() -> None:
    """A group is named by the weightiest thing in it, a digest of notes alone by their number; no story has no mute."""
    told = [corroborated(), denied(entry("e2"))]
    group = Issue("group", MADE)
    letter = bulletin(group, Share(STORY, TITLE, CLAIMS, tuple(recorded(*told))))
    assert letter.subject == f"[{TITLE}] Denial: France to send 300 instructors, and 1 more"
    assert bulletin(group, many(1)).subject == f"[{TITLE}] Update: France to send 300 instructors"
    notes = [Note("source.silent", f"Source silent: {nth}", nth) for nth in range(25)]
    only = bulletin(group, notes=notes)
    assert only.subject == "[tracker] 25 notes"
    assert "And 5 more: tracker feed list" in only.text
    assert "tracker mute" not in only.text
    assert bulletin(ISSUE, notes=notes[:1]).subject == "[tracker] 1 note, 22 June"


def test_a_catch_up_without_quiet_hours_says_nothing_of_them() -> None:
    """Whoever gave up quiet hours meanwhile is not told of hours that there are no more."""
    text = bulletin(Issue("catch-up", MADE), many(1), wish=READER).text
    assert text.startswith("While it was quiet: 1 new\n")
    assert "quiet hours" not in text


def test_a_link_that_ends_the_subscription_stands_at_the_foot() -> None:
    """With a public address the link that unsubscribes, whole and escaped, stands beside the command that does."""
    letter, url = LETTERS["alert"](), "https://alerts.example/unsubscribe/s-ada/a?b=1&c=2"
    end = "To end it: tracker subscription remove s-ada\n"
    assert text_with_way_out(letter.text, url) == letter.text.replace(end, f"{end}Or here: {url}\n")
    page = Page(html_with_way_out(letter.html, url))
    assert page.links[-1] == url
    assert "To end it: tracker subscription remove s-ada, or here: Unsubscribe" in page.words
    assert html_with_way_out("<p>x</p></div></body></html>\n", url).endswith(
        "Unsubscribe</a></p></div></body></html>\n"
    )


def told_again(fix: Event, *said: Event, held: TrackedClaim | None = None) -> Letter:
    """Return the correction of what was said."""
    one = Correction(
        replace(recorded(fix)[0], actor="Ada"),
        tuple((each, "d-1") for each in recorded(*said)),
        {held.original.id: held} if held else {},
    )
    return compose_correction(
        [one], [], story=STORY, story_title=TITLE, claims=CLAIMS, prefix=TITLE, subscription=by_mail()
    )


SENDS = Claim("S01", CLAIMS["S01"])
HELD = TrackedClaim(SENDS, SENDS, Standing.DISPUTED, frozenset({"AFP"}), frozenset({"TASS"}), NOON, NOON, "seed")


def test_a_number_in_words_begins_small_inside_a_subject() -> None:
    """What was told is written as in mid-sentence; a name keeps its capital, and documents say what they said."""
    for was, inside in (("Fourteen people", "fourteen people"), ("More than 5", "more than 5"), ("Lund", "Lund")):
        held = replace(HELD, current=SENDS)
        letter = told_again(FindingReviewed(41, "rejected"), updated(old="Eleven people", new=was), held=held)
        assert letter.subject.endswith(f"] Correction: Eleven people, not {inside}")
        assert "Holds now: Eleven people\n" in letter.text
        assert letter.payload["data"]["correction"]["headline"] == f"Correction: Eleven people, not {was}"


def test_a_value_that_did_not_change_is_no_change() -> None:
    """A denial in the claim's own words shows no change, and says that it is the opposite."""
    same, reason = "bridge will stay", "polarity turned: bridge will stay -> bridge will stay"
    letter = bulletin(
        Issue("group", MADE),
        Share(STORY, TITLE, CLAIMS, tuple(recorded(denied(field="polarity", old=same, new=same, reason=reason)))),
    )
    assert same not in letter.text
    assert "Why: it says the opposite\n" in letter.text
    assert letter.payload["data"]["items"][0]["development"]["old"] == same


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        (
            told_again(FindingReviewed(41, "relabelled", Relation.DENIES), updated(), held=HELD),
            ("Correction: a denial, not an update: ", "It is now taken for: a denial", "said by AFP; denied by TASS"),
        ),
        (
            told_again(FindingReviewed(41, "confirmed"), denied()),
            ("Correction: holds after all: ", "You were told: a denial", "Ada confirmed the finding at position 41"),
        ),
        (
            told_again(FindingReviewed(41, "rejected"), discovered()),
            ("Correction: taken back: ", "Holds now: nothing of it"),
        ),
        (
            told_again(EntryRestored(entry()), updated(), EntryRemoved(entry(), "gone")),
            (
                "Correction: put back by its publisher: ",
                "and 1 more of what you were told before",
                "You were told on 2",
            ),
        ),
        (
            told_again(ClaimWithdrawn("S01", " "), held=replace(HELD, standing=Standing.WITHDRAWN)),
            ("Correction: no longer followed: France may send 100", "Why: no reason was given"),
        ),
        (told_again(FindingReviewed(41, "rejected")), ("Correction: taken back: an entry", "Why: Ada rejected")),
        (
            told_again(FindingReviewed(41, "rejected"), updated(), held=replace(HELD, sources=frozenset("AB"))),
            ("Correction: 100, not 300", "Holds now: 100\n"),
        ),
    ],
)
def test_a_correction_says_what_was_told_what_holds_and_why(letter: Letter, words: tuple[str, ...]) -> None:
    """Each kind of correction says in words what became of what was told, and by whom."""
    for one in words:
        assert one in letter.text
    assert letter.payload["type"] == "development.corrected"


def test_what_came_with_a_correction_is_told_with_it() -> None:
    """An edit that corrects one thing and changes another is one message that says both."""
    events = recorded(EntryRevised(entry(), "a 100", "a 300"), updated(), EntryRevised(entry(), "b", "c"))
    said = (recorded(denied())[0], "d-1")
    fix = [Correction(events[0], (said,), {}), Correction(events[2], (said,), {})]
    letter = compose_correction(
        fix, [[events[1]]], story=STORY, story_title="", claims=CLAIMS, prefix=TITLE, subscription=by_mail()
    )
    assert "TOLD WITH IT\n\n* Update: France to send 300" in letter.text
    assert "tracker why 41 (also 42, 43)" in letter.text
    assert [next(iter(one)) for one in letter.payload["data"]["also"]] == ["correction", "development"]


def test_a_person_without_a_name_is_a_person() -> None:
    """The usual name of who sits at the command line is not told as if it were somebody's."""
    one = Correction(replace(recorded(FindingReviewed(41, "rejected"))[0], actor="person"), (), {})
    letter = compose_correction(
        [one], [], story=STORY, story_title=TITLE, claims=CLAIMS, prefix=TITLE, subscription=READER
    )
    assert "Why: a person rejected the finding at position 41" in letter.text


def test_every_story_is_told_without_a_way_to_mute_them_all() -> None:
    """A message on several stories, to whoever follows all of them, says so and offers no mute of one."""
    letter = bulletin(ISSUE, many(1), many(1, story="other"), wish=by_webhook("https://hook.example/"))
    assert "follows every story." in letter.text
    assert "tracker mute" not in letter.text


def test_nothing_is_cut_out_of_a_quote() -> None:
    """A reason that ends in the sentence it rests on, whole or cut short, is told without it; others are left alone."""
    for reason, told in (
        ("more; 'It is so.'", "Why: more\n"),
        ("more; 'It is…", "Why: more\n"),
        ("more; 'But not…", "Why: more; 'But not…\n"),
    ):
        letter = bulletin(
            Issue("group", MADE),
            Share(STORY, TITLE, CLAIMS, tuple(recorded(updated(sentence="It is so.", reason=reason)))),
        )
        assert told in letter.text
