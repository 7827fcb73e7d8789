"""Every form of a report: the story of the bridge byte for byte, and laws over random stories."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made import bridge
from tests.made.golden import EVENTS, FOLDER, FORMS, LOOKED, STATUS, described
from tests.made.streams import Recorder, calm, logs
from tests.made.views import views_of
from tracker.application.compare import compare
from tracker.application.report import report, timeline
from tracker.domain.events import Recorded
from tracker.domain.feed_events import (
    FeedEvent,
    FeedFailing,
    FeedMoved,
    FeedSilent,
)
from tracker.rendering.event_text import event_line, why_text
from tracker.rendering.html import status_html
from tracker.rendering.json_report import dumps, status_json
from tracker.rendering.markdown import status_markdown
from tracker.rendering.phrases import PROOF, change
from tracker.rendering.phrases import kind as kind_of
from tracker.rendering.text import diff_text, overview_text, status_text, timeline_text
from tracker.rendering.view import Explanation, Group, Trouble

RAW = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What must never reach a terminal: control characters but the line break, turners of direction, lone surrogates."""


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_what_it_was(name: str) -> None:
    """A form of the report is, byte for byte, the file that was read and kept."""
    assert FORMS[name]().encode() == (FOLDER / name).read_bytes()


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (FeedFailing("f", 3, "HTTP 403 Forbidden", "wall", None), "behind a bot wall: HTTP 403 Forbidden"),
        (FeedSilent("f", bridge.OPENED, 3600.0), "has brought nothing since 2031-03-03 08:00 UTC"),
        (FeedMoved("f", "https://a.example", "https://b.example"), "https://a.example → https://b.example"),
    ],
)
def test_the_log_says_how_a_source_fares(event: FeedEvent, said: str) -> None:
    """What happened to a source stands in its line of the log in the words of every report."""
    log = Recorder()
    assert event_line(described(log.record("feed-f", event))).endswith(f"  feed-f  {said}")


@pytest.mark.parametrize(("kind", "said"), [("removed", "taken away"), ("restored", "put back")])
def test_an_entry_that_was_taken_away_is_told_by_its_title(kind: str, said: str) -> None:
    """A removal, and its end, read as an edit does: who did it, and to what."""
    told = replace(STATUS.developments[0], kind=kind, headline="Eleven hurt")
    assert f"{kind_of(told)}, {change(told)}" == f"{said}, by its publisher: Eleven hurt"


def test_of_many_feeds_in_trouble_a_status_names_three() -> None:
    """What is new must not be pushed off the screen; the others are counted, with where they are listed."""
    troubles = tuple(Trouble(f"Paper {nth}", "refuses to answer", f"f-{nth}", "failing") for nth in range(13))
    for many, last in ((13, "and 10 more: tracker feed list"), (3, "failing: Paper 2: refuses to answer")):
        view = replace(STATUS, freshness=replace(STATUS.freshness, failing=troubles[:many], silent=()))
        told = [one.strip() for one in status_text(view).splitlines() if "Paper" in one or "more: tracker feed" in one]
        assert told[0] == "failing: Paper 0: refuses to answer"
        assert told[-1] == last
        assert len(told) == (4 if many > 3 else 3)


def test_no_kept_form_is_left_over() -> None:
    """Each file in the folder belongs to a form."""
    assert {path.name for path in FOLDER.iterdir()} == set(FORMS)


def test_json_has_the_fields_that_were_agreed() -> None:
    """The JSON document has the agreed fields, at every level, whatever else it has; its times are RFC 3339 in UTC."""
    document = json.loads(status_json(LOOKED))
    assert set(document) >= {
        "schema_version", "story", "as_of", "valid_at", "position", "head", "since", "freshness", "counts", "claims",
        "developments", "sources",
    }  # fmt: skip
    assert document["schema_version"] == 1
    assert set(document["story"]) >= {"id", "title", "opened_at"}
    assert set(document["freshness"]) >= {"feeds", "failing", "last_poll", "silent", "unread", "troubles"}
    assert set(document["freshness"]["troubles"][0]) >= {"id", "name", "state", "error"}
    assert set(document["claims"][0]) >= {
        "id", "text", "current", "attributed_to", "status", "standing", "sources", "removed", "first_seen", "last_seen",
        "history",
    }  # fmt: skip
    assert set(document["claims"][0]["history"][0]) >= {
        "position", "type", "relation", "field", "old", "new", "seen", "published", "source", "url", "sentence",
        "reason",
    }  # fmt: skip
    assert set(document["developments"][0]) >= {
        "position", "kind", "claim", "headline", "old", "new", "seen", "published", "source", "url", "reason",
    }  # fmt: skip
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", document["as_of"])


def texts_of(events: tuple[Recorded, ...], width: int) -> list[str]:
    """Return every text that a terminal could get of a log."""
    views = views_of(events)
    reports = [report(views, None, story) for story in views.partitions("stories")]
    out = [overview_text(reports, width=width), *(event_line(described(recorded)) for recorded in events)]
    for view in reports:
        changes = timeline(views, view.id)
        out += [status_text(view, width=width), status_markdown(view), status_html(view), status_json(view)]
        differences = compare(views_of(()), views, view.id)
        out += [timeline_text(changes, view.head, width=width), diff_text(differences, view.head, width=width)]
        for told in changes:
            recorded = events[told.position - 1]
            out.append(why_text(Explanation(recorded, told, None), described(recorded), width=width))
    return out


@calm
@given(logs(), st.integers(-1, 200))
def test_no_form_fails_or_lets_control_characters_through(events: tuple[Recorded, ...], width: int) -> None:
    """Whatever a feed says, every form is written, and nothing in it can command a terminal."""
    for text in texts_of(events, width):
        assert RAW.search(text) is None
        text.encode()


@calm
@given(logs())
def test_only_our_own_colours_are_escape_sequences(events: tuple[Recorded, ...]) -> None:
    """Coloured text without our colours is the plain text."""
    views = views_of(events)
    for story in views.partitions("stories"):
        view = report(views, None, story)
        assert re.sub(r"\x1b\[\d+m", "", status_text(view, colour=True)) == status_text(view)


class Page(HTMLParser):
    """Checks that tags close in order and collects them, with every link."""

    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a tag."""
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last."""
        assert self.open.pop() == tag


@calm
@given(logs())
def test_html_holds_no_markup_but_ours(events: tuple[Recorded, ...]) -> None:
    """Words of feeds never become markup, every tag closes, and links lead only to the web."""
    views = views_of(events)
    for story in views.partitions("stories"):
        page = Page()
        page.feed(status_html(report(views, None, story)))
        page.close()
        assert page.open == []
        assert not page.tags & {"script", "img", "iframe", "object", "form", "base", "link"}
        assert all((link or "").startswith("https://") for link in page.links)


def test_json_escapes_what_could_command_a_terminal() -> None:
    """C1 controls, turners of direction and lone surrogates are escaped, other scripts are not."""
    assert dumps("\x9b \u202e \ud800 Київ", indent=None) == '"\\u009b \\u202e \\ud800 Київ"'
    assert json.loads(dumps("\x9b\u202eКиїв\x1b")) == "\x9b\u202eКиїв\x1b"


def test_a_long_story_is_cut_to_what_can_be_read() -> None:
    """A long story shows the latest of its news and key events and some sources, and says where the others are."""
    told = STATUS.developments * 9
    counts = {**STATUS.counts, "developments": len(told), "needs_review": 30}
    long = replace(STATUS, developments=told, news=told, pending=told, sources=STATUS.sources * 9, counts=counts)
    text = status_text(long)
    assert f"({len(told)}, the latest 20; all: tracker timeline {bridge.STORY})" in text
    assert f"{len(told) - 12} earlier: tracker timeline {bridge.STORY}" in text
    assert "and 26 more" in text
    assert "(30, the latest 10: the judge is not sure; tracker review list)" in text


def test_a_report_says_where_earlier_developments_are() -> None:
    """A report that lists the latest developments only says how many there are besides, in every form."""
    few = replace(STATUS, counts={**STATUS.counts, "developments": len(STATUS.developments) + 200})
    for text in (status_text(few), status_markdown(few), status_html(few)):
        assert f"200 earlier: tracker timeline {bridge.STORY}" in text


def test_of_many_claims_those_said_last_are_shown() -> None:
    """A group of many claims shows the fifty said last, in the order in which they were tracked, and says how many."""
    claim = replace(STATUS.filed(Group.KNOWN)[0], why=None)
    many = [
        replace(claim, id=f"C{nth:03}", last_seen=claim.last_seen - timedelta(hours=nth % 60)) for nth in range(120)
    ]
    view = replace(STATUS, claims=tuple(many), voices=(), counts={**STATUS.counts, "known": 120})
    shown = [one.id for one in view.latest(Group.KNOWN)]
    assert len(shown) == 50
    assert shown == sorted(shown)
    assert min(one.last_seen for one in many if one.id in shown) >= max(
        one.last_seen for one in many if one.id not in shown
    )
    for text in (status_text(view), status_markdown(view), status_html(view)):
        assert "120, those said last; all: tracker story claims harbour-bridge: independent" in " ".join(text.split())
        assert re.findall(r"C\d{3}", text) == shown


@pytest.mark.parametrize(
    "name", [name for name in FORMS if name.startswith(("status", "overview", "timeline", "diff"))]
)
def test_every_report_bears_the_head_of_the_log(name: str) -> None:
    """Each form of each report holds the hash of its newest event, unbroken where the page is wide enough for it."""
    newest = EVENTS[6] if "quiet" in name or name == "overview.json" else EVENTS[18]
    text = FORMS[name]()
    assert newest.hash in "".join(text.split())
    assert name.endswith(".json") or "".join(PROOF.split()) in "".join(text.split())
