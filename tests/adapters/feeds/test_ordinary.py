"""Ordinary documents are read fast, and exactly as the slow way reads them."""

from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.ingest_feeds import Publisher
from tests.adapters.feeds.hostile_documents import CASES, item, rss
from tracker.adapters.feeds.item import Channel
from tracker.adapters.feeds.ordinary import LONGEST, read_ordinary
from tracker.adapters.feeds.read import read
from tracker.errors import NotAFeed
from tracker.ports.feeds import Fetched

SEEN = datetime(2026, 3, 2, 12, tzinfo=UTC)
TYPES = ("application/rss+xml", "application/xml; charset=UTF-8", "text/xml; charset=utf-8", "text/xml", "text/html")
NAMESPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:x="http://x.example/"'
)
WORDS = st.one_of(
    st.sampled_from((
        "", "Bridge shut", "R&D", "<b>bold</b> words", "1 < 2 > 0", "caf\xe9", "caf\xc3\xa9", "&amp; &nbsp;",
        "\n two\nlines ",
        "<p>one</p><p>two &#8211; <a href='/x'>three</a></p>", "<script>alert(1)</script>text", "&lt;b>twice&lt;/b>",
        "\x93quoted\x94", "123", "https://a.example/1", "https://a.example/?a=1&b=2&copy;=3", "http:////a.example/x",
        "tag:a.example,2026:1", "/relative/path", "Mon, 02 Mar 2026 10:00:00 +0100", "2026-03-02T09:00:00Z",
        "2026-13-45", "1772442000", "de-AT", "60", "hourly", "true",
    )),
    st.text("ab <>&;é\xc3\xa9\u2013\u200b'\"", max_size=12),
)  # fmt: skip
LANG = (' xml:lang="de"', "")


@st.composite
def elements(draw: st.DrawFn, kinds: tuple[str, ...]) -> str:
    """Return an element by a template of a tag; "{}" stands for its words, escaped or in CDATA."""
    kind, words = draw(st.sampled_from(kinds)), draw(WORDS)
    as_is = "]]>" not in words and draw(st.booleans())
    return kind.replace("{}", f"<![CDATA[{words}]]>" if as_is else escape(words))


def holder(kinds: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Return what stands in an item: some elements in any order, often each once."""
    some = st.lists(elements(kinds), max_size=6)
    once = some.map(lambda found: {one.partition(">")[0].split()[0]: one for one in found}.values())
    return st.one_of(once, once, once, some).map("".join)


RSS_ITEM = holder((
    "<title>{}</title>", "<title>{}</title>", "<link>{}</link>", "<link>https://a.example/{}</link>", "<link/>",
    "<guid>{}</guid>", '<guid isPermaLink="false">{}</guid>', '<guid isPermaLink="True">https://a.example/1</guid>',
    "<description>{}</description>", "<description>{}</description>", "<pubDate>{}</pubDate>",
    "<content:encoded>{}</content:encoded>", "<source url='https://b.example/'>{}</source>", "<category>{}</category>",
    "<dc:creator>{}</dc:creator>", "<enclosure url='https://a.example/1.mp3'/>", "<comments>{}</comments>",
    "<media:content url='https://a.example/1.jpg'><media:credit>{}</media:credit></media:content>",
    "<media:content><media:title>{}</media:title></media:content>", "<dc:date>{}</dc:date>", "<x:y>{}</x:y>",
    "<description>{}<b>bare</b></description>", "<title type='html'>{}</title>", "<author>{}</author>",
    "<!--{}-->".replace("{}", "aside"),
))  # fmt: skip
RSS_FEED = holder((
    "<title>{}</title>", "<language>{}</language>", "<ttl>{}</ttl>", "<sy:updatePeriod>{}</sy:updatePeriod>",
    "<description>{}</description>", "<link>{}</link>", "<image><title>{}</title><url>https://a.example/i.png</url></image>",
    "<atom:link rel='self' href='https://a.example/feed'/>", "<dc:language>{}</dc:language>", "<x:y>{}</x:y>",
))  # fmt: skip
ATOM_ENTRY = holder((
    "<title>{}</title>", "<title type='html'>{}</title>", "<title type='xhtml'><div>x</div></title>", "<id>{}</id>",
    "<link href='https://a.example/1'/>", "<link rel='alternate' type='text/plain' href='https://a.example/2'/>",
    "<link rel='self' href='https://a.example/3'/>", "<link type='application/xhtml+xml' href='https://a.example/4'/>",
    "<published>{}</published>", "<updated>{}</updated>", "<summary>{}</summary>", "<summary type='html'>{}</summary>",
    "<content>{}</content>", "<content type='html'>{}</content>", "<content type='image/svg+xml'>{}</content>",
    "<author><name>{}</name></author>", "<category term='x'/>", "<source><title>{}</title></source>",
    "<link href='/relative'/>", "<x:y>{}</x:y>",
))  # fmt: skip
ATOM_FEED = holder((
    "<title>{}</title>", "<title type='html'>{}</title>", "<id>{}</id>", "<updated>{}</updated>",
    "<author><name>{}</name></author>", "<link rel='self' href='https://a.example/feed'/>", "<subtitle>{}</subtitle>",
))  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """Return a document of RSS or Atom, most of them ordinary."""
    prolog = draw(st.sampled_from(('<?xml version="1.0" encoding="utf-8"?>\n', "", "<?xml version='1.0'?>")))
    lang = draw(st.sampled_from(LANG))
    if draw(st.booleans()):
        items = "".join(f"<item>{one}</item>" for one in draw(st.lists(RSS_ITEM, min_size=1, max_size=3)))
        text = f'<rss version="2.0" {NAMESPACES}{lang}><channel>{draw(RSS_FEED)}{items}</channel></rss>'
    else:
        items = "".join(f"<entry>{one}</entry>" for one in draw(st.lists(ATOM_ENTRY, min_size=1, max_size=3)))
        text = f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}{lang}>{draw(ATOM_FEED)}{items}</feed>'
    return (prolog + text).encode()


def fetched(body: bytes, kind: str = TYPES[0], language: str | None = None) -> Fetched:
    headers = {"content-type": kind} | ({"content-language": language} if language else {})
    return Fetched("https://a.example/feeds/all.xml", 200, headers, body)


def slowly(answer: Fetched) -> Channel | None:
    try:
        return read(answer, SEEN)
    except NotAFeed:
        return None


@settings(max_examples=400)
@given(documents(), st.sampled_from(TYPES), st.sampled_from((None, "fr-FR")))
def test_both_ways_read_the_same(body: bytes, kind: str, language: str | None) -> None:
    """Whatever the fast way takes on, it reads as the slow way does, to the letter."""
    answer = fetched(body, kind, language)
    quick = read_ordinary(answer, SEEN)
    assert quick is None or quick == slowly(answer)


@pytest.mark.parametrize("name", CASES)
def test_hostile_documents_end_alike(name: str) -> None:
    """A hostile or broken document is left to the slow way, or is harmless and read alike."""
    answer = fetched(CASES[name][0])
    quick = read_ordinary(answer, SEEN)
    assert quick is None or quick == slowly(answer)


@pytest.mark.parametrize("outlet", [0, 2], ids=["RSS", "Atom"])
def test_what_most_publishers_serve_is_ordinary(outlet: int) -> None:
    """RSS 2.0 with summaries and whole texts, and Atom 1.0, are taken on, and nothing of them is lost."""
    answer = fetched(Publisher().feed(outlet)["first"])
    quick = read_ordinary(answer, SEEN)
    assert quick is not None
    assert quick == slowly(answer)
    assert len(quick.items) == 30
    assert all(
        one.guid and one.link and one.title and one.summary and one.content and one.published for one in quick.items
    )


def test_long_documents_are_left_to_the_way_that_can_be_ended() -> None:
    """A document of more than a megabyte is not read here, one of a megabyte is."""
    document = rss(item("x"))
    padded = document.replace(b"<title>t", b"<title>t" + b" " * (LONGEST - len(document)))
    assert read_ordinary(fetched(padded), SEEN) is not None
    assert read_ordinary(fetched(padded + b"\n"), SEEN) is None
