"""`tracker feed import` and `tracker feed export`."""

import io
import json
import sys
from pathlib import Path

import pytest

from tests.made import bridge
from tests.made.bridge import STORY
from tests.made.command_line import Tracker
from tests.made.stored import Stored
from tracker.adapters.feeds.opml import read_list, write_opml
from tracker.adapters.sql.feed_book import SqlFeedBook
from tracker.domain.feed_events import (
    FeedAdded,
)
from tracker.entrypoints.cli.main import run
from tracker.ports.finding import Listed

LIST = (
    Listed("https://a.example/feed", "Paper A", "News"),
    Listed("https://b.example/feed", None, "News/World"),
    Listed("https://c.example/feed", "Paper C"),
)


@pytest.fixture
def opml(tmp_path: Path) -> Path:
    path = tmp_path / "list.opml"
    path.write_bytes(write_opml(LIST, "Another reader"))
    return path


def test_a_list_is_taken_in_and_written_out(tracker: Tracker, opml: Path, tmp_path: Path, database: Stored) -> None:
    """Names, folders and addresses come out as they went in; nothing is fetched, and all is due."""
    assert tracker("feed", "import", str(opml)) == "added 3 feeds, already followed 0, refused 0\n"
    assert [type(one.event) for one in database.log.read(after=len(bridge.events()))] == [FeedAdded] * 3
    assert tracker("feed", "import", str(opml)) == "added 0 feeds, already followed 3, refused 0\n"
    assert tracker("feed", "import", str(opml), "--story", STORY) == "added 3 feeds, already followed 0, refused 0\n"
    tracker("feed", "export", str(tmp_path / "out.opml"))
    assert sorted(read_list((tmp_path / "out.opml").read_bytes()), key=repr) == sorted(LIST, key=repr)
    rows = json.loads(tracker("feed", "list", "--json"))["feeds"]
    folders = {(one["folder"], one["story"]) for one in rows if one["name"] == "Paper A"}
    assert folders == {("News", None), ("News", STORY)}


def test_a_story_writes_out_what_it_hears(tracker: Tracker, opml: Path) -> None:
    """Its own feeds and those of all stories, to standard output when no file is named."""
    tracker("feed", "import", str(opml))
    tracker("feed", "add", "--query", "ferry", "--story", STORY)
    assert len(read_list(tracker("feed", "export", "--story", STORY).encode())) == 4
    assert len(read_list(tracker("feed", "export", "-").encode())) == 4
    assert "no story nope" in tracker("feed", "export", "--story", "nope", code=3)


def test_an_address_that_cannot_be_followed_is_refused_and_the_rest_taken(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each in a line with its reason; http and https are one feed, as everywhere; the exit code says partly done."""
    text = b"https://a.example/feed\nhttp://a.example/feed\nftp://b.example/\nhttps://u:p@c.example/\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert run(["--database-url", tracker.url, "feed", "import", "-"]) == 4
    out, err = capsys.readouterr()
    assert out == "added 1 feed, already followed 1, refused 2\n"
    assert err.splitlines() == [
        "tracker: -: 'ftp://b.example/' is no http or https address",
        "tracker: -: the address of a feed holds no user name and no password: the log keeps it in plain words",
    ]


def test_addresses_in_a_list_are_spelled_as_for_adding(tracker: Tracker, tmp_path: Path) -> None:
    """Without a scheme https is meant, by feed:// http; nothing is fetched to find out."""
    lines = ["paper.example/feed", "feed://b.example/feed", "feed:https://c.example/feed", "HTTP://D.example:80/feed#x"]
    outlines = "".join(f"<outline xmlUrl='{one}'/>" for one in lines)
    (tmp_path / "list.opml").write_text(f"<opml><body>{outlines}</body></opml>")
    (tmp_path / "list.txt").write_text("\n".join(lines))
    assert tracker("feed", "import", str(tmp_path / "list.opml")) == "added 4 feeds, already followed 0, refused 0\n"
    assert tracker("feed", "import", str(tmp_path / "list.txt")) == "added 0 feeds, already followed 4, refused 0\n"
    assert {one["url"] for one in json.loads(tracker("feed", "list", "--json"))["feeds"]} == {
        "https://paper.example/feed", "http://b.example/feed", "https://c.example/feed", "http://d.example/feed",
    }  # fmt: skip


def test_a_long_list_names_only_the_first_that_are_refused(
    tracker: Tracker, tmp_path: Path, database: Stored, capsys: pytest.CaptureFixture[str]
) -> None:
    """A thousand feeds are taken in; of many faults some are shown and the rest counted."""
    lines = [f"https://{n}.example/feed" for n in range(1_000)] + [f"ftp://{n}.example" for n in range(30)]
    (tmp_path / "list.txt").write_text("\n".join(lines))
    assert run(["--database-url", tracker.url, "feed", "import", str(tmp_path / "list.txt")]) == 4
    out, err = capsys.readouterr()
    assert out == "added 1000 feeds, already followed 0, refused 30\n"
    assert err.splitlines()[-1] == "tracker: and 10 more"
    assert len(SqlFeedBook(database.engine).all()) == 1_000


def test_what_is_no_list_is_refused(tracker: Tracker, tmp_path: Path) -> None:
    """A missing file, a page and a folder exit with 2 in one line that names them; an empty list matches nothing."""
    (tmp_path / "page.html").write_text("<html><body>Hello</body></html>")
    (tmp_path / "empty").write_text("")
    for name in ("missing.opml", "page.html", "."):
        said = tracker("feed", "import", str(tmp_path / name), code=2)
        assert said.count("\n") == 1
        assert str(tmp_path / name) in said
    assert "there is no feed in it" in tracker("feed", "import", str(tmp_path / "empty"), code=3)
    assert "no story nope" in tracker("feed", "import", str(tmp_path / "empty"), "--story", "nope", code=3)
    assert "No such file" in tracker("feed", "export", str(tmp_path / "no" / "where"), code=2)
