"""`tracker feed add`, `list` and `remove`."""

import json
import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.made.alerts import NOON
from tests.made.bridge import STORY
from tests.made.command_line import Tracker
from tests.made.site import RSS, Page, Site, rss
from tests.made.stored import Stored
from tracker.adapters.sql.feed_book import SqlFeedBook
from tracker.domain.feed_events import (
    FeedAdded,
)
from tracker.entrypoints.cli.main import run
from tracker.rendering.feeds import FeedLine, feed_lines, feed_table


def feeds(tracker: Tracker) -> dict[str, dict[str, Any]]:
    """Return the feeds that are followed, by address."""
    return {one["url"]: one for one in json.loads(tracker("feed", "list", "--json"))["feeds"]}


def declared(*paths: str) -> Page:
    """Return a page whose head declares feeds."""
    return Page("<!doctype html><html>" + "".join(f'<link rel=alternate type="{RSS}" href="{path}">' for path in paths))


def linking(*paths: str) -> Page:
    """Return a page that links to what may be feeds."""
    return Page("<!doctype html><html>" + "".join(f'<a href="{path}">x</a>' for path in paths))


def test_a_feed_is_added_under_its_own_title(tracker: Tracker, site: Site, database: Stored) -> None:
    """One request; the event of it holds address, name and story, and nothing of how it is asked."""
    site.pages["/feed"] = rss("Harbour Post")
    url = f"{site.url}/feed"
    said = tracker("feed", "add", url, "--story", STORY, "--user-agent", "desk", "--article")
    assert said == f"added {feeds(tracker)[url]['id']}  {url}\n"
    assert site.paths == ["/feed"]
    assert site.asked[0][1]["user-agent"] == "desk"
    row = feeds(tracker)[url]
    assert (row["name"], row["story"], row["article"], row["user_agent"]) == ("Harbour Post", STORY, True, "desk")
    (event,) = (one.event for one in database.log.read(stream=f"feed-{row['id']}"))
    assert event == FeedAdded(row["id"], url, "Harbour Post", STORY)


def test_the_first_declared_feed_of_a_site_is_the_one(tracker: Tracker, site: Site) -> None:
    """That of comments is never meant, one that cannot be read is passed over, and the others are named."""
    site.pages |= {"/": declared("/comments/feed", "/broken", "/news.xml", "/sport.xml"), "/news.xml": rss("News")}
    said = tracker("feed", "add", site.url)
    assert said.split()[2] == f"{site.url}/news.xml"
    assert site.paths == ["/", "/broken", "/news.xml"]
    assert tracker("feed", "add", f"{site.url}/", "--dry-run") == f"would add  {site.url}/news.xml  # News\n"
    assert tracker("feed", "add", f"{site.url}/", "--dry-run", "--all") == f"would add  {site.url}/news.xml  # News\n"
    site.pages |= {"/sport.xml": rss("Sport")}
    assert tracker("feed", "add", f"{site.url}/", "--all").count("added") == 1, "the other one is there already"
    assert {one["name"] for one in feeds(tracker).values()} == {"News", "Sport"}


def test_other_feeds_are_named_with_the_command_that_adds_them(
    tracker: Tracker, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    """Data is what was added; what else is there goes to stderr."""
    site.pages |= {"/": declared("/news.xml", "/a&b.xml"), "/news.xml": rss("News")}
    assert run(["--database-url", tracker.url, "feed", "add", f"{site.url}/", "--story", STORY]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("added ")
    assert err == f"Offered there as well:\n  tracker feed add '{site.url}/a&b.xml' --story {STORY}\n"


def test_a_link_is_followed_where_nothing_is_declared(tracker: Tracker, site: Site) -> None:
    """One that turns out to be a feed is added; of several none is guessed, and the exit code says so."""
    site.pages |= {"/one": linking("/feed/", "/rss"), "/rss": rss("One")}
    assert f"{site.url}/rss" in tracker("feed", "add", f"{site.url}/one")
    site.pages |= {"/feed/": rss("Two")}
    said = tracker("feed", "add", f"{site.url}/one", code=2)
    assert said == f"tracker: {site.url}/one offers 2 feeds; add one of them, or all with --all\n"
    assert len(feeds(tracker)) == 1
    tracker("feed", "add", f"{site.url}/one", "--all")
    assert len(feeds(tracker)) == 2


def test_usual_places_are_tried_last_and_few(tracker: Tracker, site: Site) -> None:
    """A page that offers nothing has its feed where sites keep one, or none is added."""
    site.pages |= {"/bare": Page("<html>words"), "/index.xml": rss("Bare")}
    assert f"{site.url}/index.xml" in tracker("feed", "add", f"{site.url}/bare")
    del site.pages["/index.xml"]
    site.asked.clear()
    assert "offers none" in tracker("feed", "add", f"{site.url}/bare", code=3)
    assert len(site.asked) == 8


def test_a_host_that_asks_for_less_is_asked_no_more(tracker: Tracker, site: Site) -> None:
    """Too many requests, said once, ends the search."""
    site.pages |= {"/": Page("<html>words"), "/feed": Page("slow down", status=429)}
    tracker("feed", "add", site.url, code=3)
    assert site.paths == ["/", "/feed"]


def test_what_offers_no_feed_that_can_be_read_is_said(tracker: Tracker, site: Site) -> None:
    """The reason, and that the address itself can be added for later."""
    site.pages |= {"/": declared("/news.xml"), "/news.xml": Page("", status=500), "/words": Page("words", "text/plain")}
    said = tracker("feed", "add", site.url, code=3)
    assert f"it offers {site.url}/news.xml (HTTP 500" in said
    assert "add that address" in said
    assert "plain text, not a feed" in tracker("feed", "add", f"{site.url}/words", code=3)
    assert "nothing is at" in tracker("feed", "add", f"{site.url}/gone", code=3)
    assert feeds(tracker) == {}


@pytest.mark.parametrize("status", [500, 503, 403, 401, None])
def test_what_cannot_be_read_now_is_added_all_the_same(
    tracker: Tracker, site: Site, capsys: pytest.CaptureFixture[str], status: int | None
) -> None:
    """A desk prepares its list before the network, or the login, is there."""
    url = f"{site.url}/later"
    if status is None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            url = f"http://127.0.0.1:{free.getsockname()[1]}/later"
    else:
        site.pages["/later"] = Page("", status=status)
    assert run(["--database-url", tracker.url, "feed", "add", url]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("added ")
    assert err.startswith("tracker: not read now (")
    assert err.count("\n") == 1
    assert ("--login" in err) == (status == 401)
    assert url in feeds(tracker)


def test_an_address_without_a_scheme(tracker: Tracker, site: Site) -> None:
    """Https is tried first, then http; a pseudo-scheme of browsers is left off."""
    site.pages["/feed"] = rss("Bare")
    bare = site.url.removeprefix("http://")
    assert f"{site.url}/feed" in tracker("feed", "add", f"{bare}/feed")
    assert "already followed" in tracker("feed", "add", f"feed:{site.url}/feed")
    for odd in ("nonsense", "file:///etc/passwd", "ftp://example.org/feed", "https://a b/", "mailto:x@example.org"):
        assert tracker("feed", "add", odd, code=2).count("\n") == 1


def test_adding_again_changes_how_it_is_asked_and_nothing_else(
    tracker: Tracker, site: Site, database: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without options nothing changes; with some they take the place of those before, and it is asked soon."""
    site.pages["/feed"] = rss("News")
    url = f"{site.url}/feed"
    tracker("feed", "add", url, "--article")
    book = SqlFeedBook(database.engine)
    (state,) = book.all()
    head = database.log.head()
    assert tracker("feed", "add", url) == f"already followed {state.id}  {url}\n"
    assert book.all() == (state,)
    monkeypatch.setenv("PAPER", "ada:secret")
    again = ("--login", "env:PAPER", "--header", "X-Desk=7", "--name", "The News")
    assert tracker("feed", "add", url, *again) == f"already followed; settings changed {state.id}  {url}\n"
    row = feeds(tracker)[url]
    assert (row["login"], row["headers"], row["article"], row["name"]) == ("env:PAPER", ["X-Desk"], False, "The News")
    assert database.log.head() == head
    assert site.paths == ["/feed", "/feed"], "the new way is tried"


def test_another_way_that_fails_is_told_at_once(
    tracker: Tracker, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    """A warning as for a new feed: the way is kept, since a secret may be there for the worker alone."""
    site.pages["/feed"] = rss("News")
    url = f"{site.url}/feed"
    tracker("feed", "add", url)
    for dry in (["--dry-run"], []):
        assert run(["--database-url", tracker.url, "feed", "add", url, "--header", "X-Key=env:NOPE", *dry]) == 0
        out, err = capsys.readouterr()
        assert out.startswith("already followed; settings changed" if not dry else "already followed f-")
        assert err.startswith("tracker: not read now (secret env:NOPE: the variable NOPE is not set)")
    site.pages["/feed"] = Page("", status=401)
    assert run(["--database-url", tracker.url, "feed", "add", url, "--user-agent", "desk"]) == 0
    assert "give --login" in capsys.readouterr().err


def test_an_address_that_is_followed_for_others_too_is_said_to_be(
    tracker: Tracker, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is another source all the same, which may be asked in another way."""
    site.pages["/feed"] = rss("News")
    url = f"{site.url}/feed"
    tracker("feed", "add", url, "--story", STORY)
    (first,) = json.loads(tracker("feed", "list", "--json"))["feeds"]
    assert run(["--database-url", tracker.url, "feed", "add", f"{url}#x", "--user-agent", "desk"]) == 0
    said = f"tracker: this address is also followed for story {STORY}, as {first['id']}\n"
    assert capsys.readouterr().err == said
    assert run(["--database-url", tracker.url, "feed", "add", url]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("http://169.254.169.254/", "169.254.169.254:80"),
        ("10.0.0.1/feed", "10.0.0.1:443"),
        ("http://127.0.0.1:8000/feed", "127.0.0.1:8000"),
        ("http://[fd00::1]/feed", "[fd00::1]:80"),
    ],
)
def test_an_address_in_digits_that_may_not_be_asked_is_refused(tracker: Tracker, url: str, place: str) -> None:
    """The worker would try for ever; the line ends with what to write so that it may."""
    said = tracker("feed", "add", url, code=2)
    assert f'allow_private = ["{place}"] under [worker], or TRACKER_WORKER_ALLOW_PRIVATE={place}\n' in said
    assert feeds(tracker) == {}


def test_secrets_are_references_and_go_to_the_named_host_alone(
    tracker: Tracker, site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A value is refused and not repeated; what a page offers elsewhere is neither asked with it nor added with it."""
    monkeypatch.setenv("PAPER", "ada:secret")
    (tmp_path / "cookie").write_text("session=1\n")
    url = f"{site.url}/feed"
    for option, value in (("--login", "ada:secret"), ("--cookie", "secret=1"), ("--header", "Cookie=secret=1")):
        said = tracker("feed", "add", url, option, value, code=2)
        assert "env:NAME or file:PATH" in said
        assert "secret=1" not in said
        assert "ada:" not in said
    site.pages |= {"/": declared(f"{site.elsewhere}/feed"), "/feed": rss("News")}
    own = ("--login", "env:PAPER", "--cookie", f"file:{tmp_path / 'cookie'}", "--header", "X-Key=7")
    assert "another host" in tracker("feed", "add", f"{site.url}/", *own, code=2)
    (first, page), (second, feed) = site.asked
    assert (first, page["authorization"], page["cookie"], page["x-key"]) == (
        "/",
        "Basic YWRhOnNlY3JldA==",
        "session=1",
        "7",
    )
    assert second == "/feed"
    assert {"authorization", "cookie", "x-key"}.isdisjoint(feed)
    assert feeds(tracker) == {}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--header", "X"), "NAME=VALUE"),
        (("--header", "X Y=1"), "no header can have the name"),
        (("--header", "Host=x"), "not a source's to set"),
        (("--header", "X=a\nb"), "printable ASCII"),
        (("--user-agent", "ä"), "printable ASCII"),
        (("--proxy", "socks5://p:1"), "no http or https address of a proxy"),
        (("--proxy", "http://u:p@p:1"), "holds no password"),
        (("--all", "--name", "x"), "--name is for one feed"),
        (("--query", "x"), "give the address"),
        (("--story", "nope"), "no story nope"),
    ],
)
def test_what_cannot_be_meant_is_refused(tracker: Tracker, options: tuple[str, ...], words: str) -> None:
    """In one line, before anything is fetched or written."""
    said = tracker("feed", "add", "https://news.example/feed", *options, code=3 if "nope" in options else 2)
    assert words in said
    assert said.count("\n") == 1
    assert feeds(tracker) == {}


def test_a_search_is_followed_without_a_request(tracker: Tracker) -> None:
    """The words of the story or those that are given, shown; in the service and language that are meant."""
    shown = tracker("feed", "add", "--query", "--story", STORY, "--dry-run")
    assert "searching Google News for:  harbour bridge (" in shown
    assert "would add  https://news.google.com/rss/search?q=harbour%20bridge%20(" in shown
    assert feeds(tracker) == {}
    tracker("feed", "add", "--query", "ferry (late OR cancelled)", "--from", "gdelt", "--story", STORY)
    (row,) = feeds(tracker).values()
    assert row["name"] == "GDELT: Old harbour bridge closed"
    assert "?query=ferry%20(late%20OR%20cancelled)%20sourcelang:english&mode=artlist&" in row["url"]
    assert "or those of a story" in tracker("feed", "add", "--query", code=2)
    assert "not closed" in tracker("feed", "add", "--query", "(a", code=2)


def test_removed_by_any_address_it_had(tracker: Tracker, site: Site, database: Stored) -> None:
    """A feed that moved is known under the old address, too: for adding and for removing."""
    site.pages["/feed"] = rss("News")
    url = f"{site.url}/feed"
    tracker("feed", "add", url)
    book = SqlFeedBook(database.engine)
    (state,) = book.all()
    book.save(replace(state, url=f"{site.url}/moved"))
    for address in (url, f"{site.url}/moved"):
        assert "already followed" in tracker("feed", "add", address)
    assert tracker("feed", "remove", url) == f"removed {state.id}  {site.url}/moved\n"
    assert "no feed" in tracker("feed", "remove", url, code=3)


LINE = FeedLine(
    id="f-0123456789ab", url="https://paper.example/feed", name="Paper", story=None, folder=None, read_at=None,
    next_at=NOON, interval=None, gap=None, condition="ok", failures=0, trouble="", criterion="id", article=False,
    moved_to=None, moves=0,
)  # fmt: skip
LONG = FeedLine(
    id="f-0123456789ab", url=f"https://paper.example/{'x' * 120}", name="A paper \x1b[31m" + "with a name " * 12,
    story="bridge", folder="News/World", read_at=NOON, next_at=NOON, interval=5_400.0, gap=10_800.0,
    condition="failing", failures=3, trouble="cannot be reached: " + "no route " * 20, criterion="link", article=True,
    moved_to="https://new.example/", moves=2,
)  # fmt: skip


def test_the_list_for_a_terminal_fits_it() -> None:
    """Only an address that is longer than the line is longer than the line; nothing of a stranger colours it."""
    text = feed_table([LINE, LONG], width=100, colour=False)
    assert max(len(one) for one in text.splitlines() if "xxxx" not in one) <= 100
    assert "\x1b" not in text
    for words in (
        "f-0123456789ab Paper [all stories]", "read never, due 2024-06-01 12:00 UTC", "not read yet",
        "[bridge, News/World]", "every 1.5 h", "failing (3): cannot be reached", "moving to https://new.example/",
        "told apart by link", "brings something every 3 hours", "pages of its entries",
    ):  # fmt: skip
        assert words in " ".join(text.split())
    assert feed_table([], width=100, colour=False) == ""


def test_the_list_for_a_pipe_is_a_line_each() -> None:
    """So that grep finds a feed with all there is to say of it."""
    first, second = feed_lines([LINE, LONG]).splitlines()
    assert first == (
        "f-0123456789ab  Paper  https://paper.example/feed  [all stories]  read never, due 2024-06-01 12:00 UTC"
        "  not read yet"
    )
    assert "failing (3)" in second
    assert "\x1b" not in second


def test_a_source_that_has_long_been_idle_is_listed_as_such() -> None:
    """That it used to bring something each hour does not stand beside that it is asked once a day."""
    idle = replace(LONG, gap=3600.0, interval=86_400.0, last_new_at=NOON - timedelta(days=30))
    assert "  used to bring something every hour, the last 2024-05-02 12:00 UTC" in feed_lines([idle])
    busy = replace(idle, last_new_at=NOON - timedelta(hours=4))
    assert "  brings something every hour" in feed_lines([busy])


def test_the_list_as_a_command(tracker: Tracker, database: Stored) -> None:
    """What is due is due when its host may be asked again; JSON names where secrets are, and no list is a hint."""
    assert tracker("feed", "list") == ""
    tracker("feed", "add", "--query", "ferry", "--user-agent", "desk")
    book = SqlFeedBook(database.engine)
    (state,) = book.all()
    rests = state.due_at.replace(year=2090)
    book.free_hosts({state.host: rests})
    assert f"due 2090-{rests:%m-%d %H:%M} UTC" in tracker("feed", "list")
    row = feeds(tracker)[state.url]
    assert row["host_rests_until"].startswith("2090-")
    assert not row["due_at"].startswith("2090-")
    assert (row["condition"], row["gone"], row["failures"]) == ("ok", False, 0)


def test_a_file_of_a_secret_is_kept_with_its_whole_path(
    tracker: Tracker, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker finds it from whichever folder it is started."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "login").write_text("ada:secret")
    site.pages["/feed"] = rss("News")
    tracker("feed", "add", f"{site.url}/feed", "--login", "file:login", "--header", "X-Key=file:login")
    monkeypatch.chdir("/")
    tracker("poll")
    assert site.asked[-1][1]["x-key"] == "ada:secret"
    assert feeds(tracker)[f"{site.url}/feed"]["login"] == f"file:{tmp_path / 'login'}"
