"""What an alert says, in every form."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made import streams
from tests.made.alerts import (
    CLAIMS,
    NOON,
    STORY,
    TITLE,
    by_mail,
    by_webhook,
    corroborated,
    denied,
    discovered,
    entry,
    recorded,
    updated,
)
from tests.made.page import Page
from tracker.domain.events import (
    ClaimTracked,
    EntryRemoved,
    EntryRestored,
    EntryRevised,
    Event,
    StoryClosed,
    finding_of,
)
from tracker.rendering.alert import compose, trial
from tracker.rendering.alert_letter import Letter
from tracker.rendering.alert_view import headline
from tracker.rendering.plain import line

long_words = streams.words | st.text(max_size=40).map(lambda text: (text or "🛰") * 300)
findings = st.one_of(
    st.builds(
        updated, st.builds(entry, title=long_words, source=long_words, url=st.none() | long_words), sentence=long_words
    ),
    st.builds(denied, streams.entries, reason=long_words),
    st.builds(corroborated, streams.entries, sentence=long_words),
    st.builds(discovered, streams.entries, old=st.none() | long_words, new=st.none() | long_words),
    st.builds(EntryRevised, streams.entries, long_words, long_words),
    st.builds(EntryRemoved, streams.entries, long_words),
    st.builds(EntryRestored, streams.entries),
)


def written(*events: Event, title: str = TITLE, **options: Any) -> Letter:
    wish = options.pop("subscription", by_mail())
    return compose(recorded(*events, **options), story=STORY, story_title=title, claims=CLAIMS, subscription=wish)


def test_the_text_says_what_changed_who_says_so_and_how_to_end_it() -> None:
    """An update reads as: kind, claim, old and new value, sentence, reason, source with both times, link, witness."""
    assert written(updated()).text == (
        "Update: France to send 300 instructors\n"
        "Story: Western instructors in Ukraine\n"
        "\n"
        "Claim: France may send 100 instructors to Ukraine\n"
        "  quantity: 100 → 300\n"
        "  “Paris will send 300 instructors, the minister said.”\n"
        "  Why: another number of the same thing\n"
        "\n"
        "Source: AFP (in Le Quotidien), published 2024-06-01 11:30 UTC, seen 2024-06-01 12:00 UTC\n"
        "https://news.example/e1\n"
        "\n"
        "-- \n"
        "You get this because subscription s-reader follows the story instructors.\n"
        "To mute this story for three days: tracker mute story instructors --for 3d --subscription s-reader\n"
        "To end it: tracker subscription remove s-reader\n"
        "Recorded in the log at position 41: tracker why 41\n"
        f"Head of the log at position 41: {1:064x}\n"
        "(tracker verify --head HASH proves that nothing up to here was changed since)\n"
    )


def test_the_page_says_what_the_text_says() -> None:
    """Every line of the text is in the HTML; the address is where its link leads, which is called by the title."""
    letter = written(updated(), denied(), discovered())
    page = Page(letter.html)
    said = "".join(page.words.split())
    for row in letter.text.splitlines():
        words = row.strip(" “”-").removeprefix("Story: ")
        assert "".join(words.split()) in said or words in page.links
    assert page.links == ["https://news.example/e1"]
    assert ">France to send 300 instructors</a>" in letter.html
    assert not {"script", "img", "style", "link"} & {*page.tags}


def test_the_document_says_what_the_text_says() -> None:
    """The webhook's document has the dotted type, the moment in UTC, and each part under its name."""
    payload = written(updated()).payload
    assert payload == {
        "type": "development.updated",
        "timestamp": "2024-06-01T12:00:00Z",
        "data": {
            "story": {"id": STORY, "title": TITLE},
            "development": {
                "position": 41,
                "hash": f"{1:064x}",
                "kind": "updated",
                "field": "quantity",
                "old": "100",
                "new": "300",
                "headline": "Update: France to send 300 instructors",
                "sentence": "Paris will send 300 instructors, the minister said.",
                "reason": "another number of the same thing",
                "score": 0.93,
                "happening": "e1",
                "seen": "2024-06-01T12:00:00Z",
            },
            "claim": {"id": "S01", "text": CLAIMS["S01"]},
            "also": [],
            "omitted": 0,
            "sources": [
                {
                    "entry": "e1",
                    "source": "AFP",
                    "publisher": "Le Quotidien",
                    "title": "France to send 300 instructors",
                    "published": "2024-06-01T11:30:00Z",
                    "language": "en",
                    "url": "https://news.example/e1",
                }
            ],
            "url": "https://news.example/e1",
            "subscription": "s-reader",
            "log": {"position": 41, "head": f"{1:064x}"},
        },
    }


def test_the_head_is_that_of_the_delivery() -> None:
    """Whatever is told first, the head in every form is the hash of the event that the delivery is about."""
    letter = written(corroborated(), denied())
    assert letter.payload["data"]["development"]["position"] == 42
    assert letter.payload["data"]["log"] == {"position": 41, "head": f"{1:064x}"}
    for text in (letter.text, Page(letter.html).words):
        assert f"Head of the log at position 41: {1:064x}" in text
        assert "tracker verify --head HASH" in text


@pytest.mark.parametrize(
    ("event", "kind", "words"),
    [
        (discovered(), "development.new", "New"),
        (updated(), "development.updated", "Update"),
        (denied(), "development.denied", "Denial"),
        (corroborated(), "development.corroborated", "Confirmed"),
        (EntryRevised(entry(), "France sends 100 men", "France sends 300 men"), "development.revised", "Edited"),
        (EntryRemoved(entry(), "the page is gone (HTTP 410)"), "development.removed", "Taken away"),
        (EntryRestored(entry()), "development.restored", "Put back"),
    ],
)
def test_each_kind_has_its_type_and_its_word(event: Event, kind: str, words: str) -> None:
    """The seven kinds of development are told apart by the document's type and the subject's first word."""
    letter = written(event)
    assert letter.payload["type"] == kind
    assert letter.subject == f"[{TITLE}] {words}: France to send 300 instructors"


def test_a_confirmation_says_what_is_confirmed() -> None:
    """Where nothing changed nothing points from one value to another: the value that is confirmed is told alone."""
    letter = written(corroborated(field="quantity", old="About 400 residents", new="400 residents"))
    assert "\n  quantity confirmed: 400 residents\n" in letter.text
    assert "→" not in letter.text + letter.html
    assert "confirmed:" not in written(corroborated(field="polarity", old="it is so", new="it is so")).text
    assert "confirmed:" not in written(corroborated()).text


def test_an_edit_says_what_changed_and_a_removal_how_it_shows() -> None:
    """Of an edit the sentences before and after are told, of a removal the reason; nobody has judged either."""
    edit = written(EntryRevised(entry(), "France sends 100.", "France sends 300."))
    assert "text: France sends [100 → 300].\nWhy: its publisher edited it\n" in edit.text
    told = edit.payload["data"]["development"]
    assert (told["old"], told["new"], told["score"]) == ("France sends 100.", "France sends 300.", None)
    assert edit.payload["data"]["claim"] == {"id": None, "text": ""}
    gone = written(EntryRemoved(entry(), "the page is gone (HTTP 410)"))
    assert "\nWhy: the page is gone (HTTP 410)\n" in gone.text


def test_what_an_edit_brings_leads_before_the_edit() -> None:
    """An edit that changes a claim is one alert, headed by the change, with the edit beside it."""
    letter = written(EntryRevised(entry(), "a 100", "a 300"), corroborated(), updated(), EntryRemoved(entry(), "gone"))
    kinds = [one["development"]["kind"] for one in (letter.payload["data"], *letter.payload["data"]["also"])]
    assert kinds == ["removed", "updated", "revised", "corroborated"]


def test_one_entry_is_one_alert_that_leads_with_the_weightiest() -> None:
    """A denial comes before an update, a new claim and a confirmation, whatever their order in the log."""
    letter = written(corroborated(), discovered(), updated(), denied())
    data = letter.payload["data"]
    assert letter.payload["type"] == "development.denied"
    assert [data["development"]["kind"], *(one["development"]["kind"] for one in data["also"])] == [
        "denied", "updated", "new", "corroborated",
    ]  # fmt: skip
    assert [one["claim"] for one in data["also"]][1] == {"id": "N-1", "text": "Poland will train pilots"}
    assert letter.subject.startswith(f"[{TITLE}] Denial: ")
    assert "at position 41: tracker why 41 (also 42, 43, 44)\n" in letter.text


def test_what_does_not_fit_is_counted() -> None:
    """Of forty long developments as many as fit are in the document, which says how many are left out."""
    letter = written(*(updated(sentence="🛰 " * 300) for _ in range(40)))
    data = letter.payload["data"]
    assert 17_000 < len(json.dumps(letter.payload, ensure_ascii=False).encode()) < 20_000
    assert (len(data["also"]) > 0, len(data["also"]) + data["omitted"]) == (True, 39)


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    """An entry without time, publisher, link and title still makes an alert, headed by the sentence."""
    bare = entry(title=" ", url="javascript:alert(1)", publisher=None, source="", published=None)
    letter = written(updated(bare, field=None, old=None, reason="", sentence="It is so."))
    assert letter.subject == f"[{TITLE}] Update: It is so."
    assert "Source: unnamed, no time of publication given" in letter.text
    assert "  300\n" in letter.text
    assert (letter.payload["data"]["url"], Page(letter.html).links) == (None, [])
    assert "Source: Le Quotidien," in written(updated(entry(source=""))).text
    assert "Source: AFP," in written(updated(entry(publisher="AFP"))).text


def test_a_follower_of_every_story_is_told_so() -> None:
    """The footer of a subscription without a story says that it follows every story."""
    assert "follows every story." in written(updated(), subscription=by_webhook("https://hook.example/")).text


def test_an_alert_without_a_development_cannot_be_written() -> None:
    """Events that hold no development of an entry are refused."""
    for events in ((), (StoryClosed("x"),), (ClaimTracked(discovered().claim, "person", None, finding_of(updated())),)):
        with pytest.raises(ValueError, match="development"):
            written(*events)


@given(st.lists(findings, min_size=1, max_size=12), long_words)
def test_whatever_a_feed_says_the_message_stays_whole(events: list[Event], title: str) -> None:
    """For any words: subject one line of at most 120 characters, document under 20 kB, no foreign tag or control."""
    letter = written(*events, title=title)
    assert len(letter.subject) <= 120
    assert len(json.dumps(letter.payload, ensure_ascii=False).encode()) < 20_000
    assert len(letter.payload["data"]["also"]) + letter.payload["data"]["omitted"] == len(events) - 1
    assert {*Page(letter.html).tags} <= {*Page(written(updated(), denied()).html).tags}
    for text in (letter.subject, letter.text, letter.html):
        assert text.encode()
        assert not set(text) & set("\x00\x07\r\x1b\x7f\x9b\u202e\u2066\u2028")
    assert letter.subject == line(letter.subject)
    again = written(*events, title=title)
    assert (again, again.text, again.html) == (letter, letter.text, letter.html)


def test_a_headline_is_one_line() -> None:
    """A headline names the kind and the title, or else the sentence."""
    assert headline("denied", "", "Kyiv denies it.\n") == "Denial: Kyiv denies it."


def test_moments_are_told_in_utc() -> None:
    """A time with another offset is the same moment in the text and in the document."""
    east = datetime(2024, 6, 1, 15, 0, tzinfo=timezone(timedelta(hours=3)))
    here, there = written(updated(), seen=east), written(updated(), seen=east.astimezone(UTC))
    assert (here, here.text, here.html) == (there, there.text, there.html)


def test_the_test_message_says_that_it_is_one() -> None:
    """A trial names its subscription, what it follows and how to end it, under a type of its own."""
    letter = trial(by_mail(), NOON)
    assert letter.payload == {
        "type": "subscription.test",
        "timestamp": "2024-06-01T12:00:00Z",
        "data": {"subscription": "s-reader", "story": STORY},
    }
    assert "tracker subscription remove s-reader" in letter.text
    assert "follows the story instructors" in Page(letter.html).words
    assert "follows every story" in trial(by_mail(story=None), NOON).text
    assert "how the sources fare" in trial(replace(by_mail(), sources=True), NOON).text
