"""What an alert on a source says, in every form."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made import streams
from tests.made.alerts import NOON, by_mail
from tests.made.page import Page
from tracker.domain.events import Recorded
from tracker.domain.feed_events import (
    FeedAdded,
    FeedEvent,
    FeedFailing,
    FeedGone,
    FeedMoved,
    FeedRecovered,
    FeedSilent,
)
from tracker.domain.source import Source, source_of
from tracker.rendering.alert_letter import Letter
from tracker.rendering.alert_source import compose_source
from tracker.rendering.plain import line

ADDED = FeedAdded("f-1", "https://news.example/feed", "The Paper", "instructors")
FAILING = FeedFailing("f-1", 3, "HTTP 403 Forbidden", "wall", NOON - timedelta(hours=2))
SILENT = FeedSilent("f-1", NOON - timedelta(days=9), 10_800.0)
MOVED = FeedMoved("f-1", "https://news.example/feed", "https://news.example/rss")
HASH = f"{7:064x}"


def recorded(event: FeedEvent, position: int, hours: float = 0) -> Recorded:
    at = NOON + timedelta(hours=hours)
    return Recorded(position, "feed-f-1", position, f"id-{position}", event, "worker", None, None, at, HASH)


def written(event: FeedEvent, *before: FeedEvent, added: FeedAdded = ADDED) -> Letter:
    """Return the alert on an event that is recorded at position 41, an hour after the one before."""
    past = source_of(recorded(one, nth, nth) for nth, one in enumerate((added, *before), 1))
    return compose_source(past, recorded(event, 41, 2 + len(before)), by_mail())


def test_a_mail_says_what_is_wrong_what_happens_meanwhile_and_what_can_be_done() -> None:
    """A failing source reads as: its name, the trouble in words, what tracker does, what helps, address, witness."""
    letter = written(FAILING)
    assert letter.subject == "[instructors] Source failing: The Paper"
    assert letter.text == (
        "Source failing: The Paper\n"
        "\n"
        "Behind a bot wall: HTTP 403 Forbidden. Failed 3 times in a row; last read well 2024-06-01 10:00 UTC.\n"
        "\n"
        "Meanwhile: tracker goes on trying, with longer and longer pauses. As far as this source goes, nothing new may "
        "mean that nothing was read; the other sources are read as before.\n"
        "\n"
        "What you can do: ask the site for access for programs, and give tracker what it gives you; or follow another "
        "source.\n"
        "\n"
        "How it looks to tracker: tracker feed check f-1\n"
        "\n"
        "Source of instructors: The Paper\n"
        "https://news.example/feed\n"
        "\n"
        "-- \n"
        "You get this because subscription s-reader asks how the sources of the story instructors fare.\n"
        "To end it: tracker subscription remove s-reader\n"
        "Recorded in the log at position 41: tracker why 41\n"
        f"Head of the log at position 41: {HASH}\n"
        "(tracker verify --head HASH proves that nothing up to here was changed since)\n"
    )


FAILED = {"trouble": "wall", "error": "HTTP 403 Forbidden", "failures": 3, "last_ok_at": "2024-06-01T10:00:00Z"}


@pytest.mark.parametrize(
    ("letter", "kind", "since", "details", "words"),
    [
        (written(FAILING), "failing", "14", FAILED, "Source failing"),
        (written(FeedFailing("f-1", 3, "x")), "failing", "14", {"last_ok_at": None}, "no good answer before"),
        (written(FeedGone("f-1")), "gone", "14", {}, "tracker feed remove f-1"),
        (written(SILENT), "silent", "2024-05-23T12:00:00Z", {"gap": 10_800.0}, "it used to bring something every 3 h"),
        (written(MOVED), "moved", "14", {"old": MOVED.old, "new": MOVED.new}, "led from https://news.example/feed to"),
        (
            written(FeedRecovered("f-1"), FAILING),
            "recovered",
            "14",
            {},
            "It answers again; trouble was noticed 2024-06",
        ),
        (written(FeedRecovered("f-1"), SILENT), "recovered", "14", {}, "It brings entries again"),
        (written(FeedRecovered("f-1")), "recovered", "14", {}, "It answers again."),
    ],
)
def test_each_kind_has_its_type_and_its_words(
    letter: Letter, kind: str, since: str, details: dict[str, Any], words: str
) -> None:
    """The webhook's document names the kind, the source, since when, and what belongs to that kind."""
    data = letter.payload["data"]
    assert letter.payload["type"] == f"source.{kind}"
    url = MOVED.new if kind == "moved" else ADDED.url
    assert data["source"] == {"id": "f-1", "name": "The Paper", "url": url, "story": "instructors"}
    assert data["since"] in (since, f"2024-06-01T{since}:00:00Z")
    assert details.items() <= data.items()
    assert (data["check"], data["subscription"]) == ("tracker feed check f-1", "s-reader")
    assert data["log"] == {"position": 41, "head": HASH}
    assert words in letter.text
    assert data["what"] in letter.text


def test_the_second_trouble_of_a_day_says_that_it_is_the_last_word() -> None:
    """Whoever is told no more of a flapping source for a day is told so."""
    hushed = "you are told nothing more of that"
    assert hushed not in written(FAILING).text
    assert hushed in written(FAILING, FAILING, FeedRecovered("f-1")).text
    assert hushed in written(SILENT, FAILING, FeedRecovered("f-1")).text


def test_a_source_without_name_or_story_is_told_by_its_address() -> None:
    """Where there is no name the address stands for it, and a source of every story says so."""
    letter = written(FeedGone("f-1"), added=FeedAdded("f-1", ADDED.url, None, None))
    assert letter.subject == "[tracker] Source gone: https://news.example/feed"
    assert "Source of every story" in letter.text
    assert letter.payload["data"]["source"]["story"] is None
    assert "Source gone: f-1" in compose_source(Source(), recorded(FeedGone("f-1"), 1), by_mail(story=None)).text


long_words = streams.words | st.text(max_size=20).map(lambda text: (text or "<b>") * 900)
whatever = st.one_of(
    st.builds(FeedFailing, st.just("f-1"), st.integers(1, 9), long_words),
    st.builds(FeedMoved, st.just("f-1"), long_words, long_words),
    st.just(SILENT),
)
sources = st.builds(FeedAdded, st.just("f-1"), long_words, st.none() | long_words, st.just("instructors"))


@given(whatever, sources)
def test_whatever_a_source_says_the_message_stays_whole(event: FeedEvent, added: FeedAdded) -> None:
    """Subject and lines are printable, the page holds no foreign markup, the document is small and is JSON."""
    letter = written(event, added=added)
    assert letter.subject == line(letter.subject)
    assert all(row.isprintable() for row in letter.text.splitlines())
    page = Page(letter.html)
    assert not {"script", "img", "b"} & {*page.tags}
    assert all(link and link.startswith(("http://", "https://")) for link in page.links)
    said = "".join(page.words.split())
    assert all("".join(row.split()) in said for row in letter.text.splitlines() if row != "-- ")
    assert len(json.dumps(letter.payload, ensure_ascii=False).encode()) < 20_000
