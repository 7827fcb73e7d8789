"""The Atom feed of a story, read back by a parser of feeds that is not ours."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import feedparser
from hypothesis import given as drawn
from lxml import etree

from tests.made import bridge, tunnel
from tests.made.exports import SITE, brief, given, hostile
from tests.made.golden import EVENTS, VIEWS
from tracker.application.export import material
from tracker.ports.log import EventLog
from tracker.projections.rows import stamp
from tracker.rendering.atom import feed
from tracker.rendering.formats import FORMS, Form, Material
from tracker.rendering.plain import line, source_name, web_address
from tracker.rendering.view import StatusView

VIEW = given(tunnel.events(), tunnel.STORY).view
GRAMMAR = etree.RelaxNG(etree.XML("""
<grammar ns="http://www.w3.org/2005/Atom" xmlns="http://relaxng.org/ns/structure/1.0"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start>
    <element name="feed">
      <ref name="id"/><ref name="title"/><element name="subtitle"><text/></element><ref name="updated"/>
      <zeroOrMore><ref name="link"/></zeroOrMore>
      <zeroOrMore><ref name="entry"/></zeroOrMore>
    </element>
  </start>
  <define name="entry">
    <element name="entry">
      <ref name="id"/><ref name="title"/><ref name="updated"/>
      <optional><element name="published"><data type="dateTime"/></element></optional>
      <element name="author"><element name="name"><text/></element></element>
      <element name="category"><attribute name="term"/></element>
      <zeroOrMore><ref name="link"/></zeroOrMore>
      <element name="content"><text/></element>
    </element>
  </define>
  <define name="id">
    <element name="id"><data type="string"><param name="pattern">tag:[!-~]+</param></data></element>
  </define>
  <define name="title"><element name="title"><text/></element></define>
  <define name="updated"><element name="updated"><data type="dateTime"/></element></define>
  <define name="link">
    <element name="link"><attribute name="rel"/><attribute name="href"><data type="anyURI"/></attribute></element>
  </define>
</grammar>
"""))  # fmt: skip
"""What RFC 4287 demands of the parts that we write, and nothing besides."""


def read(view: StatusView, *, site: str | None = None, older: int | None = None, **query: str) -> Any:
    """Return a feed as the parser takes it; its structure is checked on the way."""
    text = feed(view, site=site, query=query, older=older)
    GRAMMAR.assertValid(etree.fromstring(text.encode()))
    found = feedparser.parse(text.encode())
    assert not found.bozo, found.get("bozo_exception")
    return found


def links(of: Any) -> dict[str, str]:
    """Return the links of a feed or an entry by their relation."""
    return {link.rel: link.href for link in of.get("links", [])}


def test_each_development_is_an_entry_the_newest_first() -> None:
    """Title, source, kind and the three times of each development come out as they went in."""
    found = read(VIEW, site=SITE)
    assert found.version == "atom10"
    assert len(found.entries) == len(VIEW.developments) == 8
    for entry, told in zip(found.entries, reversed(VIEW.developments), strict=True):
        assert entry.id.endswith(f":tunnel/080000.000000/{told.position}")
        assert entry.updated == stamp(told.seen)
        assert entry.get("published") == (stamp(told.published) if told.published else None)
        assert [tag.term for tag in entry.tags] == [told.kind]
        assert links(entry).get("via") == told.url
        assert entry.content[0].type == "text/plain"
        assert f"position {told.position}" in entry.content[0].value
    assert [entry.authors[0].name for entry in found.entries] == [
        "Coast Wire", "City Herald", "judge 1", "Coast Wire", "Ada", "Harbour Post", "Coast Wire", "City Herald",
    ]  # fmt: skip


def test_a_feed_says_as_of_when_it_is() -> None:
    """Its subtitle has moment and position; it is updated when the newest event was seen."""
    found = read(VIEW).feed
    assert found.subtitle == "As of 2031-05-28 08:00 UTC; position 17"
    assert found.updated == "2031-05-28T08:00:00Z"


def test_links_lead_to_the_page_where_it_is_known_else_to_the_article() -> None:
    """An entry is read on the development's own page; without an address of the page, at its publisher's."""
    here, there = read(VIEW, site=SITE), read(VIEW)
    assert links(here.feed) == {"self": f"{SITE}/story/tunnel/export.atom", "alternate": f"{SITE}/story/tunnel"}
    assert links(here.entries[0])["alternate"] == f"{SITE}/story/tunnel/development/17"
    assert links(there.feed) == {"self": "/story/tunnel/export.atom"}
    assert links(there.entries[0])["alternate"] == links(there.entries[0])["via"]
    assert "alternate" not in links(there.entries[2])  # a withdrawal has no article


def test_ids_do_not_depend_on_where_the_page_is_or_what_came_later() -> None:
    """An entry has the same id, and the same words, whatever is learned after it and wherever the page moves to."""
    early = given(tunnel.events()[:14], tunnel.STORY).view
    before = {entry.id: (entry.title, entry.content) for entry in read(early).entries}
    after = {entry.id: (entry.title, entry.content) for entry in read(VIEW, site=SITE).entries}
    assert before.items() <= after.items()
    renamed = replace(VIEW, opened_at=VIEW.opened_at.replace(microsecond=1))
    assert not after.keys() & {entry.id for entry in read(renamed).entries}


def atom_of(before: int | None, most: int) -> Any:
    form = Form("atom", "", FORMS["atom"].write, most)
    log: EventLog = None  # type: ignore[assignment]  # which no feed reads
    given = material(log, VIEWS, bridge.STORY, form, describe=lambda _: {}, site=SITE, before=before)
    return feedparser.parse("".join(form.write(given)))


def test_older_developments_are_on_the_next_page() -> None:
    """Following `next` from page to page gives every development once, the newest first, and then no more pages."""
    seen: list[str] = []
    before: int | None = None
    for _ in range(len(EVENTS)):
        page = atom_of(before, 2)
        seen += [entry.id for entry in page.entries]
        where = links(page.feed).get("next")
        if where is None:
            break
        assert where.startswith(f"{SITE}/story/{bridge.STORY}/export.atom?before=")
        before = int(parse_qs(urlsplit(where).query)["before"][0])
        assert links(atom_of(before, 2).feed)["self"] == where
    everything = [entry.id for entry in atom_of(None, 100).entries]
    assert len(everything) > 4
    assert seen == everything
    assert "next" not in links(atom_of(None, 100).feed)


def test_a_page_of_the_past_stays_in_the_past() -> None:
    """The next page of a feed as of a moment is as of that moment, too."""
    found = read(VIEW, site=SITE, older=12, as_of="2031-05-28T08:00:00Z", before="16")
    assert parse_qs(urlsplit(links(found.feed)["next"]).query) == {"as_of": ["2031-05-28T08:00:00Z"], "before": ["12"]}


@brief
@drawn(hostile())
def test_whatever_strangers_say_is_words_in_a_valid_feed(told: Material) -> None:
    """Titles, sources and addresses of any characters give a document that holds to the grammar, and come back out."""
    text = feed(told.view, site=told.site, query={}, older=None)
    document = etree.fromstring(text.encode())
    GRAMMAR.assertValid(document)
    assert document.findtext("{*}title") == line(told.view.title)
    for entry, one in zip(document.iterfind("{*}entry"), reversed(told.view.developments), strict=True):
        assert entry.findtext("{*}author/{*}name") == source_name(one.source or "judge 1")
        assert line(one.reason) in (entry.findtext("{*}content") or "")
        via = [link.get("href") for link in entry.iterfind("{*}link[@rel='via']")]
        assert via == ([web_address(one.url)] if web_address(one.url) else [])
