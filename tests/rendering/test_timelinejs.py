"""The document for TimelineJS, read back as JSON, its words as the HTML for which they are taken."""

import json
from typing import Any

from hypothesis import given as drawn

from tests.made import tunnel
from tests.made.exports import SITE, brief, given, hostile
from tests.made.page import Page
from tracker.domain.announced import Fate
from tracker.rendering.formats import Material
from tracker.rendering.plain import line, web_address
from tracker.rendering.timelinejs import timeline

WHOLE = given(tunnel.events(), tunnel.STORY, site=SITE)


def read(told: Material) -> dict[str, Any]:
    """Return the document."""
    document: dict[str, Any] = json.loads(timeline(told.view, told.announced, site=told.site))
    return document


def test_developments_stand_where_they_were_seen() -> None:
    """Each is an event at the moment of its seeing, in the row of its claim, with its article and its page."""
    first = read(WHOLE)["events"][0]
    assert first["unique_id"] == "development-9"
    assert first["start_date"] == {"year": 2031, "month": 4, "day": 2, "hour": 8, "minute": 0, "second": 0}
    assert first["group"] == "T01"
    assert first["media"] == {
        "url": "https://city-herald.example/1?a=1&b=2",
        "link": f"{SITE}/story/tunnel/development/9",
        "credit": "City Herald",
    }
    assert read(given(tunnel.events(), tunnel.STORY))["events"][0]["media"]["link"] == first["media"]["url"]


def test_announced_dates_are_events_in_the_words_in_which_they_were_said() -> None:
    """A date that holds is shown as its source put it, a period with its end; one that fell is not."""
    dates = {one["unique_id"]: one for one in read(WHOLE)["events"] if one["unique_id"].startswith("announced")}
    assert dates.keys() == {"announced-T01-1", "announced-T04-1"}
    vague = dates["announced-T04-1"]
    assert vague["display_date"] == "in 2032 at the earliest"
    assert (vague["start_date"], vague["end_date"]["month"]) == ({"year": 2032, "month": 1, "day": 1}, 12)
    assert "end_date" not in dates["announced-T01-1"]
    assert vague["media"]["url"] == f"{SITE}/story/tunnel/claim/T04"


def test_a_timeline_says_as_of_when_it_is() -> None:
    """The title slide bears the as-of line, and the document has it as fields."""
    document = read(WHOLE)
    assert document["title"]["text"]["text"] == "<p>As of 2031-05-28 08:00 UTC; position 17</p>"
    assert (document["as_of"], document["position"]) == ("2031-05-28T08:00:00Z", 17)


@brief
@drawn(hostile())
def test_whatever_strangers_say_is_words_and_no_markup(told: Material) -> None:
    """Every text, taken for HTML as TimelineJS takes it, has no tags but our paragraphs, and the words that went in."""
    document = read(told)
    pages = [Page(slide["text"]["headline"]) for slide in (document["title"], *document["events"])]
    assert [page.tags for page in pages] == [[]] * len(pages)
    assert pages[0].words == line(told.view.title)
    assert {tag for slide in document["events"] for tag in Page(slide["text"]["text"]).tags} <= {"p"}
    for slide, one in zip(document["events"], told.view.developments, strict=False):
        assert slide.get("media", {}).get("url") == web_address(one.url)
        assert Page(slide.get("group", "")).words == line(one.claim)
    ahead = [one for one in told.announced if one.fate is not Fate.OFF]
    assert len(document["events"]) == len(told.view.developments) + len(ahead)
