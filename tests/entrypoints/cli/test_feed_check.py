"""`tracker feed check`: what is behind an address."""

import gzip
import json
from dataclasses import replace
from typing import Any

import pytest

from tests.entrypoints.cli.test_feed import declared
from tests.made.command_line import Tracker
from tests.made.site import RSS, Page, Site, rss
from tests.made.stored import Stored
from tracker.adapters.sql.feed_book import SqlFeedBook
from tracker.entrypoints.cli.main import run


def checked(tracker: Tracker, *arguments: str) -> dict[str, Any]:
    """Return what a check says of a feed that can be followed."""
    found: dict[str, Any] = json.loads(tracker("feed", "check", *arguments, "--json"))
    return found


def test_everything_that_there_is_to_say_of_a_feed(tracker: Tracker, site: Site, database: Stored) -> None:
    """The answer, its validators and what they are worth, the entries and their dates, the pace; nothing is written."""
    items = "".join(
        f"<item><guid>{n}</guid><title>t</title><pubDate>{date}</pubDate></item>"
        for n, date in enumerate(["01 Mar 2024 18:00:00 GMT", "02 Mar 2024 18:00:00 GMT", "31 Feb 1890 25:00", ""])
    )
    body = gzip.compress(
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>News</title>"
        f"<language>en-gb</language><ttl>60</ttl>{items}</channel></rss>".encode()
    )
    headers = {"ETag": '"v1"', "Last-Modified": "Sat, 02 Mar 2024 18:00:00 GMT", "Cache-Control": "max-age=300"}
    site.pages |= {
        "/feed": Page(body, f"{RSS}; charset=utf-8", headers=headers | {"Content-Encoding": "gzip"}),
        "/old": Page(status=301, headers={"Location": "/feed"}),
    }
    before = database.log.head()
    found = checked(tracker, f"{site.url}/old")
    assert (found["followable"], found["hops"], found["address"]) == (True, [301], f"{site.url}/feed")
    assert (found["status"], found["conditional"], found["etag"]) == (200, 304, '"v1"')
    assert (found["wire"], found["compression"], found["charset"]) == (len(body), "gzip", "utf-8")
    assert found["size"] > len(body)
    assert (found["format"], found["title"], found["language"]) == ("RSS 2.0", "News", "en")
    assert (found["entries"], found["criterion"], found["undated"], found["suspect"]) == (4, "id", 1, 1)
    assert (found["oldest"], found["newest"]) == ("2024-03-01T18:00:00Z", "2024-03-02T18:00:00Z")
    assert (found["ttl"], found["fresh_for"], found["gap"], found["interval"]) == (3600, 300, 86_400, 86_400)
    assert len(site.paths) == 4, "two requests, each redirected once"
    text = tracker("feed", "check", f"{site.url}/old")
    for words in (
        "can be followed", "(redirected for good: 301)", "as gzip), application/rss+xml, utf-8", "not modified",
        "RSS 2.0, “News”, en", "4 entries, told apart by id, 2024-03-01 to 2024-03-02, 1 without a date, 1 with a date",
        "brings something every day", "left alone for 1 h",
    ):  # fmt: skip
        assert words in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 100
    assert database.log.head() == before
    assert SqlFeedBook(database.engine).all() == ()


def test_a_feed_without_validators_is_asked_once(tracker: Tracker, site: Site) -> None:
    """There is nothing to ask with a second time; what the parser has to complain of is said."""
    site.pages["/feed"] = Page("<rss version='2.0'><channel><title>A & B</title><item><title>x</title></item>", RSS)
    text = " ".join(tracker("feed", "check", f"{site.url}/feed").split())
    assert "none: the whole document is sent each time" in text
    assert "complaint not well-formed" in text
    assert site.paths == ["/feed"]


def test_validators_that_are_worth_nothing(tracker: Tracker, site: Site) -> None:
    """A server that names an ETag and sends everything all the same is found out."""
    site.pages["/feed"] = replace(rss("News"), headers={"Last-Modified": "Sat, 02 Mar 2024 18:00:00 GMT"})
    assert "it says 200 and sends it all" in " ".join(tracker("feed", "check", f"{site.url}/feed").split())


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (Page("", status=404), "HTTP 404"),
        (Page("<html>Just words"), "an HTML page, not a feed"),
        (Page("<html>", status=403, headers={"cf-mitigated": "challenge"}), "a bot wall (Cloudflare)"),
        (Page("words", "text/plain"), "plain text, not a feed"),
    ],
)
def test_what_cannot_be_followed_exits_with_1_and_says_why(
    tracker: Tracker, site: Site, capsys: pytest.CaptureFixture[str], page: Page, reason: str
) -> None:
    """The reason is data: it stands where the rest would."""
    site.pages["/feed"] = page
    assert run(["--database-url", tracker.url, "feed", "check", f"{site.url}/feed"]) == 1
    out, err = capsys.readouterr()
    assert f"cannot be followed: {reason}" in out.replace(" HTTP 403 Forbidden,", "")
    assert err == ""


def test_a_page_says_which_feeds_it_offers(tracker: Tracker, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """They are named and not read."""
    site.pages["/"] = declared("/news.xml", "/sport.xml")
    assert run(["--database-url", tracker.url, "feed", "check", site.url, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [one["url"] for one in found["offers"]] == [f"{site.url}/news.xml", f"{site.url}/sport.xml"]
    assert site.paths == ["/"]


def test_a_feed_that_is_followed_is_asked_in_its_own_way(
    tracker: Tracker, site: Site, database: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its id or address, with its login; options that are given go first. Its state stays as it is."""
    site.pages["/feed"] = rss("News")
    monkeypatch.setenv("PAPER", "ada:secret")
    tracker("feed", "add", f"{site.url}/feed", "--login", "env:PAPER")
    book = SqlFeedBook(database.engine)
    (state,) = book.all()
    checked(tracker, state.id)
    checked(tracker, f"{site.url}/feed", "--user-agent", "desk")
    assert "authorization" in site.asked[1][1]
    assert "authorization" not in site.asked[2][1]
    assert site.asked[2][1]["user-agent"] == "desk"
    assert book.all() == (state,)


def test_the_page_of_the_newest_entry_is_looked_at_where_pages_are_read(tracker: Tracker, site: Site) -> None:
    """What there is to gain by it, or why nothing is: robots.txt is asked first, and kept to."""
    words = "The council has closed the old harbour bridge for repairs, the mayor said on Monday. " * 20
    item = f"<item><title>x</title><link>{site.url}/page</link><description>Closed.</description></item>"
    site.pages |= {
        "/feed": Page(f"<rss version='2.0'><channel><title>News</title>{item}</channel></rss>", RSS),
        "/page": Page(f"<html><body><article><h1>Bridge</h1><p>{words}</p></article></body></html>"),
    }
    said = checked(tracker, f"{site.url}/feed", "--article")["article"]
    assert said.startswith("the page of the newest entry has 1")
    assert said.endswith("characters of text, the feed 7")
    assert site.paths == ["/feed", "/robots.txt", "/page"]
    site.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /page", "text/plain")
    assert "asks programs not to read it" in tracker("feed", "check", f"{site.url}/feed", "--article")
    assert checked(tracker, f"{site.url}/feed")["article"] is None


def test_a_refusal_comes_with_what_follows_from_it(
    tracker: Tracker, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    """For how long the server wants to be left alone, when it would be asked again, and what may mend it."""
    site.pages |= {"/busy": Page("", status=429, headers={"Retry-After": "7200"}), "/closed": Page("", status=401)}
    assert run(["--database-url", tracker.url, "feed", "check", f"{site.url}/busy"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "wants to be left alone for 2 h, a worker would ask it again at 20" in said
    assert run(["--database-url", tracker.url, "feed", "check", f"{site.url}/busy", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["retry_after"], found["next_at"] is None) == (7200, False)
    assert run(["--database-url", tracker.url, "feed", "check", f"{site.url}/closed"]) == 1
    assert "HTTP 401 Unauthorized; it wants a login: give --login" in " ".join(capsys.readouterr().out.split())


def test_an_address_is_spelled_as_for_adding(tracker: Tracker, site: Site) -> None:
    """Without a scheme https is tried before http, and any spelling of what is followed means that."""
    site.pages["/feed"] = rss("News")
    bare = f"{site.url.removeprefix('http://')}/feed"
    assert checked(tracker, bare)["asked"] == f"{site.url}/feed"
    tracker("feed", "add", f"{site.url}/feed", "--user-agent", "desk")
    checked(tracker, f"HTTP{site.url.removeprefix('http')}/feed#top")
    assert site.asked[-1][1]["user-agent"] == "desk"
    assert "no feed f-nosuch" in tracker("feed", "check", "f-nosuch", code=3)


@pytest.mark.parametrize("url", ["nonsense", "ftp://news.example/", "https://news.example:0/"])
def test_what_is_no_address_is_a_usage_error(tracker: Tracker, url: str) -> None:
    """In one line, with 2."""
    assert tracker("feed", "check", url, code=2).count("\n") == 1
    assert "`tracker feed list` shows them" in tracker("feed", "check", "f-0123456789ab", code=3)
