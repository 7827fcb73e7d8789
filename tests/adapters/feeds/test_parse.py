"""Bytes to entries, format by format, and what is no feed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.adapters.feeds.dates import EARLIEST
from tracker.adapters.feeds.parse import FeedParser
from tracker.adapters.feeds.tags import has_tags
from tracker.errors import NotAFeed
from tracker.ports.feeds import Document, Fetched

Parse = Callable[..., Document]
Write = Callable[..., str]

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">
  <title>Example Wire</title><id>urn:x:feed</id><updated>2026-03-02T00:00:00Z</updated>
  <entry xml:lang="de"><id>urn:x:2</id><title type="html">Zwei &amp;lt; drei</title>
    <link rel="alternate" href="/b?utm_source=rss&amp;id=2#top"/><published>2026-03-02T10:00:00+01:00</published>
    <summary>kurz</summary>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Erster Absatz.</p><p>Zweiter <b>Ab</b>satz.</p>
      <script>alert(1)</script></div></content>
    <source><title>Agentur</title></source></entry>
  <entry><id>urn:x:1</id><title>One</title><link href="https://other.example/a"/>
    <updated>2026-03-01T10:00:00Z</updated></entry>
</feed>"""

JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Example JSON",
    "language": "fr-FR",
    "items": [
        {
            "id": 7,
            "url": "https://json.example/7",
            "title": "Sept",
            "summary": "court",
            "content_html": "<p>Un <b>deux</b></p><p>trois</p>",
            "date_published": "2026-03-02T10:00:00Z",
        },
        {"id": "six", "content_text": "only text & more", "date_modified": "2026-03-01T10:00:00Z", "language": "en"},
    ],
}


def test_an_rss_item_becomes_an_entry(parse: Parse, rss: Write) -> None:
    """Title, text, link, publisher, language and date of an RSS item arrive as plain values."""
    document = parse(
        rss(
            "<title>Bridge &amp;amp; road closed</title><link>https://News.example/a?utm_medium=rss&amp;x=1</link>"
            "<guid isPermaLink='false'>a-1</guid><pubDate>Sun, 01 Mar 2026 10:00:00 +0200</pubDate>"
            "<description>&lt;p&gt;The &lt;b&gt;bridge&lt;/b&gt;&amp;nbsp;is closed.&lt;/p&gt;</description>"
            "<content:encoded><![CDATA[<p>The bridge is closed.</p><p>Nobody knows for how long.</p>]]>"
            "</content:encoded>"
        )
    )
    assert (document.title, document.language, document.complaint) == ("Example News", "en", None)
    (entry,) = document.entries
    assert (entry.title, entry.summary) == ("Bridge & road closed", "The bridge is closed.")
    assert entry.text == "The bridge is closed.\nNobody knows for how long."
    assert (entry.url, entry.publisher, entry.language) == ("https://news.example/a?x=1", "Example News", "en")
    assert entry.published == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert (entry.seen, entry.feed) == (datetime(2026, 11, 22, 12, tzinfo=UTC), "feed-1")


def test_an_atom_entry_becomes_an_entry(parse: Parse) -> None:
    """Atom's own language, source, xhtml content and relative links are understood; entries come oldest first."""
    one, two = parse(ATOM).entries
    assert (one.title, one.url, one.publisher, one.language) == ("One", "https://other.example/a", "Example Wire", "en")
    assert one.published == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert (two.title, two.summary, two.text) == ("Zwei < drei", "kurz", "Erster Absatz.\nZweiter Absatz.")
    assert (two.url, two.publisher, two.language) == ("https://news.example/b?id=2", "Agentur", "de")


def test_a_json_feed_becomes_entries(parse: Parse) -> None:
    """JSON Feed is read whatever its content type, with numeric ids, both kinds of content and dates."""
    document = parse(json.dumps(JSON), {"content-type": "text/plain"})
    six, seven = document.entries
    assert (document.title, document.language) == ("Example JSON", "fr")
    assert (seven.title, seven.summary, seven.text) == ("Sept", "court", "Un deux\ntrois")
    assert (seven.language, six.language, six.text) == ("fr", "en", "only text & more")
    assert six.published == datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1", None])
def test_a_json_feed_is_known_by_its_shape(parse: Parse, version: str | None) -> None:
    """Both versions, and a document that only has items, are JSON Feeds; items of wrong types are dropped and named."""
    odd = {"version": version, "items": [None, 1, {"id": True, "title": 5, "url": [], "content_text": "words"}]}
    document = parse(json.dumps(odd))
    assert [entry.text for entry in document.entries] == ["words"]
    assert document.complaint == "2 items that are no objects"


def test_the_source_of_an_rss_item_is_its_publisher(parse: Parse, rss: Write) -> None:
    """An aggregator's <source> names who stands behind the words; else the name given to the feed, else its title."""
    items = ("<title>a</title><source url='https://r.example'>The Agency</source>", "<title>b</title>")
    assert {entry.publisher for entry in parse(rss(*items)).entries} == {"The Agency", "Example News"}
    assert {entry.publisher for entry in parse(rss(*items), name="My name").entries} == {"The Agency", "My name"}


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b"", "empty answer"),
        (b" \r\n\t ", "empty answer"),
        (b"\xef\xbb\xbf", "empty answer"),
        (b"<!DOCTYPE html><html><body>log in</body></html>", "an HTML page, not a feed"),
        (b"\n<HTML lang='en'><p>hi", "an HTML page, not a feed"),
        (b"<?xml version='1.0'?><opml version='2.0'><body/></opml>", "an XML document <opml>, not a feed"),
        (
            b"<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
            "a <r:RDF> document in which no feed can be read",
        ),
        (b"<urlset xmlns='http://x'/>", "an XML document <urlset>, not a feed"),
        (b'{"error": "no"}', "a JSON document, not a feed"),
        (b"[1, 2]", "a JSON document, not a feed"),
        (b'{"items": [', "broken JSON: Expecting value: line 1 column 12 (char 11)"),
        (b'{"a":' * 100_000, "broken JSON: nested too deep"),
        (b"Too many requests", "plain text, not a feed"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary data, not a feed"),
        (bytes(range(256)) * 9, "binary data, not a feed"),
        (b"/etc/passwd", "plain text, not a feed"),
        (b"<rss><channel>" + b"<item>" * 200_000, "a document nested more than 2000 levels deep"),
        (b"<rss><channel>" + b"<item/>" * 500_000, "a document of more than 400000 elements"),
        (b'{"items": [' + b"{}," * 500_000, "a document of more than 400000 elements"),
    ],
)
def test_what_is_no_feed_is_named(parse: Parse, body: bytes, line: str) -> None:
    """Everything that is no feed raises NotAFeed with a line that says what it is."""
    with pytest.raises(NotAFeed) as caught:
        parse(body)
    assert str(caught.value) == line


@pytest.mark.parametrize(
    "body",
    ["<rss version='2.0'><channel><title>t</title></channel></rss>", "<feed xmlns='http://www.w3.org/2005/Atom'/>",
     '{"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": []}'],
)  # fmt: skip
def test_a_feed_without_entries_is_a_feed(parse: Parse, body: str) -> None:
    """An empty feed is fine, and no complaint."""
    assert parse(body).entries == ()


START = b"<rss version='2.0'><channel><item>"
END = b"</item></channel></rss>"


@pytest.mark.parametrize(
    ("body", "titles", "complaint"),
    [
        (START + b"<title>a & b</title>" + END, ["a & b"], "not well-formed"),
        (START + b"<title>a</title></item><item><title>b</title>", ["b", "a"], "not well-formed"),
        (b"<?xml version='1.0' encoding='utf-8'?>" + START + b"<title>caf\xe9</title>" + END, ["café"], "not UTF-8"),
        (b"\n\n <?xml version='1.0'?>" + START + b"<title>a</title>" + END, ["a"], None),
        (START + b"<title>a\x00b</title>" + END, ["ab"], "not well-formed"),
        (START + b"<title>a &#x110000; &#9999999; &#x1F600;</title>" + END, ["a \ufffd \ufffd \U0001f600"], None),
    ],
)
def test_a_broken_feed_is_read_all_the_same(
    parse: Parse, body: bytes, titles: list[str], complaint: str | None
) -> None:
    """Stray ampersands, a torn end, wrong encodings and leading blanks cost no entry; the complaint says what."""
    document = parse(body)
    assert [entry.title for entry in document.entries] == titles
    assert complaint is None or complaint in (document.complaint or "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251", "koi8-r"])
def test_encodings_are_honoured(parse: Parse, encoding: str) -> None:
    """The declared encoding, or a byte order mark, is what the letters are read by."""
    declared = encoding.removesuffix("-sig")
    text = f"<?xml version='1.0' encoding='{declared}'?><rss version='2.0'><channel><item><title>Новости</title></item>"
    document = parse((text + "</channel></rss>").encode(encoding))
    assert [entry.title for entry in document.entries] == ["Новости"]


def test_entities_do_not_explode(parse: Parse) -> None:
    """A document whose entities would unfold to gigabytes ends quickly, and reads no local file."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    body = f'<!DOCTYPE rss [<!ENTITY l0 "ha"><!ENTITY f SYSTEM "file:///etc/passwd">{laughs}]>'
    document = parse(f"{body}<rss version='2.0'><channel><item><title>x &l11; &f;</title></item></channel></rss>")
    assert all(len(entry.title) < 1_100 and "root:" not in entry.title for entry in document.entries)


def test_texts_are_cut(parse: Parse, rss: Write) -> None:
    """Titles, summaries and texts have an upper length."""
    words = "word " * 20_000
    (entry,) = parse(
        rss(f"<title>{words}</title><description>{words}</description><content:encoded>{words}</content:encoded>")
    ).entries
    assert (len(entry.title), len(entry.summary), len(entry.text)) == (999, 4999, 49_999)


def test_of_too_many_entries_the_first_are_kept(parse: Parse, rss: Write) -> None:
    """Beyond five thousand entries those at the end, the oldest, are left out, and the complaint says so."""
    document = parse(rss(*(f"<guid isPermaLink='false'>{n}</guid><title>{n}</title>" for n in range(5_010))))
    assert [entry.title for entry in document.entries] == [str(n) for n in range(4_999, -1, -1)]
    assert document.complaint == "more than 5000 entries, the first ones kept"
    from_json = parse(json.dumps({"items": [{"id": n, "title": str(n)} for n in range(5_010)]}))
    assert (len(from_json.entries), from_json.complaint) == (5_000, document.complaint)


def test_entries_come_oldest_first(parse: Parse, rss: Write) -> None:
    """By date where there is one; an item without a date stays beside its neighbour."""
    dated = [f"<title>{day}</title><pubDate>{day} Mar 2026 10:00:00 GMT</pubDate>" for day in (5, 4, 2)]
    titles = [entry.title for entry in parse(rss(dated[0], "<title>x</title>", dated[1], dated[2])).entries]
    assert titles == ["2", "4", "x", "5"]
    upward = [entry.title for entry in parse(rss(dated[2], dated[1], "<title>x</title>", dated[0])).entries]
    assert upward == ["2", "4", "x", "5"]
    assert [entry.title for entry in parse(rss("<title>new</title>", "<title>old</title>")).entries] == ["old", "new"]


def test_a_date_that_cannot_be_is_dropped(parse: Parse, rss: Write) -> None:
    """A date far ahead is no date, and the entry speaks from when it was seen."""
    (entry,) = parse(rss("<title>a</title><pubDate>Thu, 01 Jan 2150 00:00:00 GMT</pubDate>")).entries
    assert entry.published is None
    assert entry.moment == entry.seen


def test_a_date_in_vain_is_suspect(parse: Parse, rss: Write) -> None:
    """An entry whose every date cannot be says so; one with a second date that can be, or with none, does not."""
    dates = ("<pubDate>Thu, 31 Feb 2026 10:00:00 GMT</pubDate>", "<updated>2026-03-05</updated>")
    items = (dates[0], dates[0] + dates[1], "")
    found = parse(rss(*(f"<title>{place}</title>{item}" for place, item in enumerate(items)))).entries
    assert {entry.title: entry.date_suspect for entry in found} == {"0": True, "1": False, "2": False}
    odd = {
        "items": [{"id": 1, "date_published": "soon"}, {"id": 2, "date_modified": "2026-03-05T10:00:00Z"}, {"id": 3}]
    }
    document = parse(json.dumps(odd))
    assert sorted((entry.date_suspect, entry.published is None) for entry in document.entries) == [
        (False, False),
        (False, True),
        (True, True),
    ]


def test_an_update_is_the_date_where_nothing_was_published(parse: Parse) -> None:
    """An Atom entry speaks from when it was published; from its update only if it names nothing else."""
    both = ATOM.replace(
        "<updated>2026-03-01T10:00:00Z</updated>", "<published>x</published><updated>2026-03-04</updated>"
    )
    assert parse(both).entries[-1].published == datetime(2026, 3, 4, tzinfo=UTC)
    assert parse(ATOM).entries[0].published == datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("channel", "seconds"),
    [
        ("<ttl>90</ttl>", 5400),
        ("<s:updatePeriod>daily</s:updatePeriod><s:updateFrequency>4</s:updateFrequency>", 21_600),
        ("<ttl>5</ttl><s:updatePeriod>hourly</s:updatePeriod>", 3600),
        ("<ttl>-1</ttl><skipDays><day>Sunday</day></skipDays><skipHours><hour>3</hour></skipHours>", None),
    ],
)
def test_a_feed_says_how_long_it_is_left_alone(parse: Parse, channel: str, seconds: float | None) -> None:
    """RSS <ttl> and the update period, the longer of the two; hours and days to skip say nothing."""
    body = (
        "<rss version='2.0' xmlns:s='http://purl.org/rss/1.0/modules/syndication/'><channel><title>t</title>"
        f"{channel}<item><title>x</title></item></channel></rss>"
    )
    assert parse(body).ttl == seconds
    assert parse(json.dumps(JSON)).ttl is None


def test_the_language_of_the_header_counts_where_the_document_names_none(parse: Parse, rss: Write) -> None:
    """Content-Language is the last resort."""
    header = {"content-language": "de-AT"}
    assert parse(rss("<title>a</title>", channel=""), header).language == "de"
    assert parse(rss("<title>a</title>"), header).language == "en"


PARSER = FeedParser()
TOMORROW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def read(body: bytes, headers: dict[str, str] | None = None) -> Document | None:
    """Parse as the worker does; None if it is no feed."""
    fetched = Fetched(url="https://news.example/feed", status=200, headers=headers or {}, body=body)
    try:
        return PARSER.parse(fetched, feed="f", name=None, seen=datetime(2026, 11, 22, 12, tzinfo=UTC))
    except NotAFeed:
        return None


def sound(document: Document | None) -> bool:
    """Tell whether the entries obey what the port promises."""
    entries = document.entries if document else ()
    return len({entry.id for entry in entries}) == len(entries) and all(
        not any(letter < " " and letter != "\n" for letter in entry.title + entry.summary + entry.text)
        and not any(map(has_tags, (entry.title, entry.summary, entry.text, entry.publisher or "")))
        and (entry.published is None or (entry.published.tzinfo is UTC and EARLIEST <= entry.published <= TOMORROW))
        and (entry.url is None or entry.url.startswith(("http://", "https://")))
        for entry in entries
    )


@settings(derandomize=True)
@given(
    st.binary(max_size=300), st.sampled_from(["", "application/rss+xml", "text/html; charset=utf-7", "x;charset=\x00"])
)
def test_no_bytes_can_do_harm(body: bytes, kind: str) -> None:
    """Whatever bytes and content type come, the answer is a document or NotAFeed."""
    assert sound(read(body, {"content-type": kind}))


PIECES = (
    "<item> </item> <entry> </entry> <title> </title> <link> </link> <link/> <guid> </guid> <id> </id> <description>"
    " </description> <content:encoded> </content:encoded> <pubDate> </pubDate> <updated> </updated> <source> </source>"
    " <![CDATA[ ]]> <!-- --> &amp; &#0; &#xD800; &x; <p> <script> </script> http://[ http://a:99999/ //x 2026-03-05"
    " 99 \x00 \ufffe x é <a:b> <?x ?> <!DOCTYPE <image> </image> </rss> <link=href='http://['/>"
)
TOKENS = st.sampled_from(PIECES.split(" "))


@settings(derandomize=True)
@given(
    st.lists(TOKENS | st.text(max_size=5), max_size=40),
    st.sampled_from(["rss", "feed xmlns='http://www.w3.org/2005/Atom'"]),
)
def test_no_mangled_feed_can_do_harm(tokens: list[str], root: str) -> None:
    """Pieces of feeds in any order give sound entries, and the same ids when they are read again."""
    body = f"<{root}><channel>{''.join(tokens)}".encode("utf-8", "surrogatepass")
    document = read(body)
    assert sound(document)
    assert document == read(body)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = ["id", "url", "external_url", "title", "summary", "content_html", "content_text", "date_published", "language"]


@settings(derandomize=True)
@given(st.lists(st.dictionaries(st.sampled_from(NAMES), JSON_VALUES) | JSON_VALUES, max_size=4), JSON_VALUES)
def test_no_json_can_do_harm(items: list[Any], title: Any) -> None:
    """Any JSON values in the places of a JSON Feed give sound entries."""
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": title, "items": items})
    assert sound(read(body.encode("utf-8", "surrogatepass")))


RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel rdf:about="https://r.example/">
 <title>R</title><link>https://r.example/</link><sy:updatePeriod>hourly</sy:updatePeriod></channel>
 <item rdf:about="https://r.example/1"><title>Caf\u00e9 &#8211; one</title><link>https://r.example/1</link>
 <dc:date>2026-03-05T10:00:00+01:00</dc:date><dc:creator>A</dc:creator></item></rdf:RDF>"""
PLAIN = """<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:georss="http://www.georss.org/georss"><channel><title>P</title><language>fr</language><ttl>60</ttl><item>
 <title><![CDATA[Un <b>deux</b>]]></title><link>https://p.example/1?a=1&amp;b=2</link><guid isPermaLink="false">1</guid>
 <pubDate>Thu, 05 Mar 2026 10:00:00 GMT</pubDate><description>&lt;p&gt;trois&lt;/p&gt;</description>
 <media:thumbnail url="x" width="1"/><georss:point>1 2</georss:point><category>c</category></item></channel></rss>"""
SOURCES = [text.encode() for text in (ATOM, json.dumps(JSON), RDF, PLAIN)]
CHANGES = st.tuples(
    st.integers(0, 2_000), st.integers(0, 30), TOKENS.map(str.encode) | st.binary(max_size=3) | st.sampled_from(SOURCES)
)


@settings(derandomize=True)
@given(st.sampled_from(SOURCES), st.lists(CHANGES, max_size=6), st.integers(0, 4_000))
def test_no_change_to_a_feed_can_do_harm(body: bytes, changes: list[tuple[int, int, bytes]], end: int) -> None:
    """A feed in which anything was put, taken out or changed, cut anywhere, gives sound entries or NotAFeed."""
    for place, length, new in changes:
        body = body[:place] + new + body[place + length :]
    assert sound(read(body[:end]))
