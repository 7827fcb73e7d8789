"""The linked data of a story, read back as JSON, alone and out of a page that holds it."""

import json
from typing import Any

from hypothesis import given as drawn
from lxml import html

from tests.made import bridge, tunnel
from tests.made.exports import SITE, brief, given, hostile
from tracker.rendering.formats import Material
from tracker.rendering.json_ld import posting
from tracker.rendering.plain import line, web_address

WHOLE = given(tunnel.events(), tunnel.STORY, site=SITE)


def read(told: Material) -> dict[str, Any]:
    """Return the document."""
    document: dict[str, Any] = json.loads(posting(told.view, site=told.site))
    return document


def test_a_story_is_a_live_blog_of_its_developments() -> None:
    """Each development is an update, dated by its seeing, about its claim, with the article that it rests on."""
    document = read(WHOLE)
    assert (document["@context"], document["@type"]) == ("https://schema.org", "LiveBlogPosting")
    assert document["coverageStartTime"] == "2031-04-01T08:00:00Z"
    first = document["liveBlogUpdate"][0]
    assert first["@id"] == "tag:tracker.invalid,2031-04-01:tunnel/080000.000000/9"
    assert (first["@type"], first["datePublished"]) == ("BlogPosting", "2031-04-02T08:00:00Z")
    assert first["citation"]["url"] == "https://city-herald.example/1?a=1&b=2"
    assert first["url"] == f"{SITE}/story/tunnel/development/9"
    assert first["about"]["@id"] in {claim["@id"] for claim in document["mentions"]}


def test_a_claim_says_where_it_appeared() -> None:
    """The articles that say a claim are its appearances, the first one first; none was rejected, none denies it."""
    claims = {claim["@id"].rpartition("/")[2]: claim for claim in read(WHOLE)["mentions"]}
    appearances = [article["url"] for article in claims["T01"]["appearance"]]
    saying = [told.url for told in WHOLE.view.claims[0].history if told.kind in {"confirms", "update"}]
    assert len(saying) == 6
    assert appearances == [url for url in saying if url != "https://channel-nine.example/4?a=1&b=2"]
    assert claims["T01"]["firstAppearance"]["url"] == appearances[0]
    assert "claimInterpreter" not in claims["T01"]  # it was put down to somebody with other words
    assert "appearance" not in claims["T04"]
    denied = {
        claim["@id"].rpartition("/")[2]: claim for claim in read(given(bridge.events(), bridge.STORY))["mentions"]
    }
    assert "appearance" not in denied["S02"]
    assert denied["S03"]["claimInterpreter"]["name"] == "the council"


def test_linked_data_says_as_of_when_it_is() -> None:
    """The description is the as-of line."""
    assert read(WHOLE)["description"] == "As of 2031-05-28 08:00 UTC; position 17"
    assert read(WHOLE)["dateModified"] == "2031-05-28T08:00:00Z"


@brief
@drawn(hostile())
def test_whatever_strangers_say_stays_in_the_script_element_of_a_page(told: Material) -> None:
    """A page that holds the document has no element besides, and the words in it are those that went in."""
    text = posting(told.view, site=told.site)
    page = html.fromstring(f'<html><body><script type="application/ld+json">{text}</script></body></html>')
    assert [element.tag for element in page.iter()] == ["html", "body", "script"]
    document = json.loads(page.findtext(".//script") or "")
    assert document == read(told)
    assert document["headline"] == line(told.view.title)
    assert [claim["text"] for claim in document["mentions"]] == [line(claim.current) for claim in told.view.claims]
    for update, one in zip(document["liveBlogUpdate"], told.view.developments, strict=True):
        assert update.get("citation", {}).get("url") == web_address(one.url)
