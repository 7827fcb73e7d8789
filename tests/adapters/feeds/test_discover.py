"""The feeds that a web page offers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.adapters.feeds.apart import Apart
from tracker.adapters.feeds.discover import MOST, HtmlSiteReader
from tracker.adapters.feeds.form import form, letters
from tracker.ports.feeds import Fetched
from tracker.ports.finding import Offer

RSS = "application/rss+xml"


def page(text: str | bytes, url: str = "https://paper.example/section/page?x=1", **headers: str) -> Fetched:
    body = text if isinstance(text, bytes) else text.encode()
    return Fetched(url, 200, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def urls(text: str | bytes, **headers: str) -> list[str]:
    return [offer.url for offer in HtmlSiteReader().offers(page(text, **headers)) or ()]


def test_what_the_head_declares_comes_first_and_comments_last() -> None:
    """Declared feeds in the order of the page, then links that look like one, then those of comments."""
    text = f"""<!doctype html><html><head>
    <link rel=alternate type="{RSS}" title="Comments Feed" href="/comments/feed/">
    <link rel='ALTERNATE home' type='Application/RSS+xml; charset=utf-8' title="Main &raquo; Feed" href="/main.xml">
    <link rel=alternate type=application/atom+xml href="https://paper.example/atom">
    </head><body><a href="/world/feed">World</a></body></html>"""
    assert HtmlSiteReader().offers(page(text)) == (
        Offer("https://paper.example/main.xml", "Main » Feed", declared=True),
        Offer("https://paper.example/atom", None, declared=True),
        Offer("https://paper.example/world/feed", "World"),
        Offer("https://paper.example/comments/feed/", "Comments Feed", declared=True, comments=True),
    )


@pytest.mark.parametrize(
    "link",
    [
        '<link rel=alternate type="text/html" hreflang=de href="/feed">',
        '<link rel=alternate type="application/json" href="/wp-json/wp/v2/pages/2">',
        '<link rel=alternate type="application/json+oembed" href="/feed">',
        '<link rel=stylesheet type="text/css" href="/rss.css">',
        '<link rel=alternate type="application/rss+xml">',
        '<link rel=alternate type="application/rss+xml" href="javascript:feed()">',
        '<link rel=alternate type="application/rss+xml" href="https://[bad/feed">',
        '<a href="/feedback">',
        '<a href="/newsfeed/about">',
        '<a href="/rss-help.html">',
        '<a href="/atomic">',
        '<a href="mailto:rss@paper.example">',
        '<a name="feed">',
    ],
)
def test_what_is_no_feed_is_not_offered(link: str) -> None:
    """Translations, styles, a site's programming interface, help pages and broken addresses are none."""
    assert urls(f"<html><head>{link}</head>") == []


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/feed", "https://paper.example/feed"),
        ("feed/", "https://paper.example/section/feed/"),
        ("?format=atom", "https://paper.example/section/page?format=atom"),
        ("/?feed=rss2", "https://paper.example/?feed=rss2"),
        ("//feeds.example/world.rss", "https://feeds.example/world.rss"),
        ("/feeds/news.xml", "https://paper.example/feeds/news.xml"),
        ("feed://other.example/x.rss", "https://other.example/x.rss"),
        ("feed:http://other.example/rss", "http://other.example/rss"),
        ("/feed.json", "https://paper.example/feed.json"),
        ("/rss.php", "https://paper.example/rss.php"),
    ],
)
def test_links_that_look_like_a_feed_are_offered(href: str, url: str) -> None:
    """By their path or query, made absolute at the page."""
    assert urls(f'<html><body><a href="{href}">x</a>') == [url]


def test_base_repeats_and_bounds() -> None:
    """Addresses are those at the page's base, each once whatever its tracking says; no page offers without end."""
    link = f'<link rel=alternate type="{RSS}" href='
    assert urls(f'<html><base href="/b/">{link}"x.xml?utm_source=a">{link}"x.xml">{link}"X.xml">') == [
        "https://paper.example/b/x.xml?utm_source=a",
        "https://paper.example/b/X.xml",
    ]
    assert len(urls("<html>" + "".join(f'{link}"/{n}.xml">' for n in range(100)))) == MOST
    assert urls(f'<html>{link}"/section/page?x=1">') == [], "a page that calls itself a feed and is none"


def test_letters_of_a_page() -> None:
    """Titles are read in the encoding of the page, whatever nonsense its header says."""
    body = "<html><body><a href='/feed'>Новости</a>".encode("cp1251")
    (offer,) = HtmlSiteReader().offers(page(body, content_type="text/html; charset=windows-1251")) or ()
    assert offer.title == "Новости"
    assert urls(body, content_type="text/html; charset=nonsense") == ["https://paper.example/feed"]


def test_what_is_no_page_offers_nothing() -> None:
    """None tells it from a page without a feed."""
    reader = HtmlSiteReader()
    for body in (b"", b"plain words", b"<rss version='2.0'/>", b"%PDF-1.4", b'{"a": 1}'):
        assert reader.offers(page(body)) is None
    assert reader.offers(page("words", content_type="text/html")) == ()
    assert reader.offers(page("<html>" + "<div>" * 50_000)) == ()
    assert [one.url for one in reader.guesses("https://paper.example:8443/a/b?c")][:2] == [
        "https://paper.example:8443/feed",
        "https://paper.example:8443/rss",
    ]


def test_a_page_that_keeps_the_parser_busy_offers_nothing() -> None:
    """It is read in a process apart, which is ended; the next page is read as if nothing had been."""
    apart = Apart(1.0, 512 << 20)
    reader = HtmlSiteReader(apart)
    try:
        assert reader.offers(page("<html><a " + " ".join(f"a{n}=1" for n in range(200_000)) + " href=/feed>")) == ()
        (offer,) = reader.offers(page("<html><a href=/feed>")) or ()
        assert offer.url == "https://paper.example/feed"
    finally:
        apart.close()


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_no_page_raises(text: str | bytes) -> None:
    """Whatever a page holds, what it offers are web addresses."""
    body = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    for offer in HtmlSiteReader().offers(page(b"<html><link rel=alternate type=text/xml href=" + body)) or ():
        assert offer.url.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'<?xml version="1.0"?><!-- <x> --><rss version="2.0">', "RSS 2.0"),
        (b"<rss version='0.91'>", "RSS 0.91"),
        (b"<rss>", "RSS"),
        (b'<rdf:RDF xmlns:rdf="r" xmlns="http://purl.org/rss/1.0/">', "RSS 1.0"),
        (b'<rdf:RDF xmlns="http://channel.netscape.com/rdf/simple/0.9/">', "RSS 0.90"),
        (b"<rdf:RDF>", "RSS in RDF"),
        (b'\xef\xbb\xbf<feed xmlns="http://www.w3.org/2005/Atom">', "Atom 1.0"),
        (b'<a:feed version="0.3" xmlns:a="http://purl.org/atom/ns#">', "Atom 0.3"),
        ('<rss version="2.0">'.encode("utf-16"), "RSS 2.0"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "JSON Feed 1.1"),
        (b'{"items": []}', "JSON Feed"),
        (b"<channel>", "XML"),
        (b"", "XML"),
    ],
)
def test_formats_are_named(body: bytes, name: str) -> None:
    """Format and version as the document itself has them."""
    assert form(body) == name


def test_encodings_are_named() -> None:
    """The mark goes before the header, the header before the declaration; None when nothing says it."""
    declared = b"<?xml version='1.0' encoding='KOI8-R'?><rss/>"
    assert letters(page(declared)) == "koi8-r"
    assert letters(page(declared, content_type="text/xml; charset=Windows-1251")) == "windows-1251"
    assert letters(page(b"\xef\xbb\xbf" + declared)) == "utf-8"
    assert letters(page(b"<rss/>")) is None
