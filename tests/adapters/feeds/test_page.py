"""Articles off real pages of a real server, and all that is none."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.made.news_site import PARAGRAPHS, Site, article, etag_of
from tracker.adapters.feeds.apart import Apart
from tracker.adapters.feeds.fetch import HttpFetcher
from tracker.adapters.feeds.page import ACCEPT, WebPages
from tracker.adapters.feeds.robots import Robots
from tracker.adapters.http.client import GuardedClient
from tracker.errors import Denied, FetchError, NoArticle
from tracker.ports.feeds import FeedOptions
from tracker.ports.pages import Page, PageRead

AGENT = "tracker/1.0"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    """Return the process in which pages are taken apart."""
    made = Apart(20, 2_000_000_000)
    yield made
    made.close()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def pages(apart: Apart) -> Iterator[WebPages]:
    client = GuardedClient(user_agent=AGENT, allow=frozenset(["loopback"]), timeout=5)
    fetcher = HttpFetcher(client, str, ACCEPT)
    yield WebPages(fetcher, Robots(fetcher, apart, lambda: NOON, AGENT), apart)
    client.close()


def page(url: str, read: PageRead | None = None) -> Page:
    """Return a page that was not read yet, or as it was left by a reading."""
    if read is None:
        return Page("e", "f", url, NOON, NOON)
    return Page(
        "e", "f", url, NOON, NOON, "read",
        etag=read.etag, last_modified=read.last_modified, body_hash=read.body_hash,
    )  # fmt: skip


def test_the_article_of_a_page_is_read(pages: WebPages, site: Site) -> None:
    """The paragraphs come without the furniture, a line each, with what tells the next reading whether it changed."""
    url = site.says("/bridge", article(), etag='"1"', last_modified="Sun, 22 Nov 2026 10:00:00 GMT")
    read = pages.read(page(url))
    assert read.text is not None
    assert read.text.split("\n") == ["Bridge closed", *PARAGRAPHS]
    assert (read.url, read.language, read.etag) == (url, "en", '"1"')
    assert read.last_modified == "Sun, 22 Nov 2026 10:00:00 GMT"
    (asked,) = site.asked("/bridge")
    assert (asked["accept"], asked["user-agent"]) == (ACCEPT, AGENT)


def test_a_page_that_did_not_change_is_not_read_again(pages: WebPages, site: Site) -> None:
    """Validators are sent back, and a server without them is known by the bytes; either way there is no text."""
    url = site.says("/bridge", article(), etag='"1"')
    first = pages.read(page(url))
    again = pages.read(page(url, first))
    assert (again.text, again.etag, again.body_hash) == (None, '"1"', first.body_hash)
    assert site.asked("/bridge")[-1]["if-none-match"] == '"1"'
    site.says("/bridge", article())
    assert pages.read(page(url, first)) == PageRead(url, body_hash=first.body_hash)
    changed = article(*PARAGRAPHS, "It may take longer.")
    site.says("/bridge", changed, etag=etag_of(changed))
    later = pages.read(page(url, first))
    assert later.text is not None
    assert later.text.endswith("It may take longer.")


@pytest.mark.parametrize(
    ("encoding", "header", "meta"),
    [
        ("utf-8", "text/html", ""),
        ("cp1252", "text/html; charset=ISO-8859-1", ""),
        ("cp1252", "text/html", '<meta charset="windows-1252">'),
        ("koi8-r", "text/html", '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">'),
        ("utf-16", "text/html; charset=utf-8", ""),
        ("gb18030", "text/html; charset=gb2312", ""),
        ("utf-8", "text/html; charset=iso-8859-1", '<meta charset="latin1">'),
        ("utf-8", "text/html; charset=unicode_escape", '<meta charset="punycode">'),
    ],
)
def test_letters_are_what_the_page_says(pages: WebPages, site: Site, encoding: str, header: str, meta: str) -> None:
    """Whatever letters a page is written in, and whichever place names them, the words come out."""
    words = {"koi8-r": "Мост закрыт на шесть недель.", "gb18030": "大桥将关闭六个星期。"}.get(
        encoding, "Der Fluß: “sechs” Wochen."
    )
    body = article(*PARAGRAPHS, words * 3, head=meta).encode(encoding)
    read = pages.read(page(site.says("/a", body, content_type=header)))
    assert read.text is not None
    assert words in read.text


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("/", "home page"),
        ("/en/", "home page"),
        ("/index.html", "home page"),
        ("/login?next=/bridge", "'login'"),
        ("/account/subscribe", "'account'"),
        ("/consent", "'consent'"),
        ("/404", "'404'"),
    ],
)
def test_a_redirect_elsewhere_is_no_article(pages: WebPages, site: Site, to: str, said: str) -> None:
    """Who is led to the home page, to a door or to an error has not read the article, whatever stands there."""
    url = site.leads("/bridge", to)
    site.says(to, article())
    with pytest.raises(NoArticle, match=said):
        pages.read(page(url))


def test_a_redirect_to_the_article_is_followed(pages: WebPages, site: Site) -> None:
    """Another path or another host is no fault; where it led is told, and that host's robots.txt counts."""
    other = Site("127.0.0.2")
    other.says("/news/bridge", article())
    url = site.leads("/?p=17", site.url("/out"))
    site.leads("/out", other.url("/news/bridge"))
    assert pages.read(page(url)).url == other.url("/news/bridge")
    other.close()
    third = Site("127.0.0.3")
    third.says("/robots.txt", "User-agent: *\nDisallow: /news")
    third.says("/news/bridge", article())
    with pytest.raises(Denied):
        pages.read(page(site.leads("/out", third.url("/news/bridge"))))
    third.close()


def test_what_robots_txt_denies_is_not_asked_for(pages: WebPages, site: Site) -> None:
    """A page that programs are not to read is never requested; nor is one whose host cannot say so."""
    url = site.says("/bridge", article())
    site.says("/robots.txt", "User-agent: tracker\nDisallow: /\nCrawl-delay: 3")
    with pytest.raises(Denied):
        pages.read(page(url))
    assert pages.gap(page(url)) == 3.0
    other = Site("127.0.0.2")
    other.says("/robots.txt", status=500)
    with pytest.raises(FetchError, match="HTTP 500"):
        pages.read(page(other.says("/bridge", article())))
    assert not site.asked("/bridge") + other.asked("/bridge")
    other.close()


@pytest.mark.parametrize("status", [403, 404, 410, 500])
def test_an_error_is_no_article(pages: WebPages, site: Site, status: int) -> None:
    """An answer of an error is told with its status, whatever its body says."""
    with pytest.raises(FetchError) as caught:
        pages.read(page(site.says("/bridge", article(), status=status)))
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b"%PDF-1.7 " + bytes(999), "application/pdf", "it is application/pdf"),
        (b'{"a": 1}', "application/json", "it is application/json"),
        (b"plain words " * 99, "text/plain; charset=utf-8", "it is text/plain"),
        (b"<?xml version='1.0'?><rss><channel/></rss>", "application/xml", "it is application/xml"),
        (b"", "text/html", "no article was found"),
        (b"\x00\xff" * 999, "text/html", "no article was found"),
        (b"<html><body><p>Too short.</p></body></html>", "text/html", "no article was found"),
        (article("a" * 99, title="Just a moment...").encode(), "text/html", "its title is 'Just a moment...'"),
        (article(title="Subscribe to continue reading").encode(), "text/html", "its title is"),
        (article(title="Page not found").encode(), "text/html", "its title is"),
        (article("Please enable JavaScript to read on. " * 3).encode(), "text/html", "'enable JavaScript'"),
        (b"<html>" + b"<p>" * 2_000_000, "text/html", "longer than"),
        (b"<html><body>" + b"<div>" * 200_000 + b"words " * 99, "text/html", "article|its text"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_named(pages: WebPages, site: Site, body: bytes, kind: str, said: str) -> None:
    """Documents of other kinds, walls, error pages and pages without end give a reason, and no text."""
    with pytest.raises(NoArticle, match=said):
        pages.read(page(site.says("/bridge", body, content_type=kind)))


@pytest.mark.parametrize(
    "title", ["Login credentials of millions leaked", "Forbidden City reopens", "Not found guilty"]
)
def test_headlines_that_begin_like_walls_are_none(pages: WebPages, site: Site, title: str) -> None:
    """An article is not taken for a wall because of a word in its headline."""
    assert pages.read(page(site.says("/a", article(title=title)))).text


def test_a_page_longer_than_an_answer_may_be(pages: WebPages, site: Site) -> None:
    """A page over the limit of the client is cut off there, as any answer is."""
    with pytest.raises(FetchError):
        pages.read(page(site.says("/huge", b"<html>" + b"x" * 11_000_000)))


def test_a_page_that_never_ends_is_given_up(site: Site) -> None:
    """A page on which the extraction is at work too long ends its process, and the next page is read as ever."""
    apart = Apart(3, 2_000_000_000)
    client = GuardedClient(user_agent=AGENT, allow=frozenset(["loopback"]), timeout=5)
    fetcher = HttpFetcher(client, str, ACCEPT)
    pages = WebPages(fetcher, Robots(fetcher, apart, lambda: NOON, AGENT), apart)
    # The square of their number is what these take.
    endless = "<html><body><article><p>" + "".join(f"<span>{number}</span> " for number in range(60_000))
    with pytest.raises(NoArticle, match="its text could not be found"):
        pages.read(page(site.says("/endless", endless)))
    assert pages.read(page(site.says("/bridge", article()))).text
    apart.close()
    client.close()


def test_a_source_is_asked_in_its_own_way(pages: WebPages, site: Site) -> None:
    """What a source has set goes along to its pages, and of that the robots.txt gets no more than the name."""
    url = site.says("/bridge", article())
    pages.read(page(url), FeedOptions(user_agent="desk/2", cookie="session=1"))
    (asked,), (robots,) = site.asked("/bridge"), site.asked("/robots.txt")
    assert (asked["user-agent"], asked["cookie"]) == ("desk/2", "session=1")
    assert robots["user-agent"] == "desk/2"
    assert "cookie" not in robots
