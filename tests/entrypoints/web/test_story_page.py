"""The list of stories, the page of a story, and search, asked as a browser asks."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.application.test_browse import STORY as LONG
from tests.application.test_browse import long_events
from tests.made import bridge
from tests.made.page import Page
from tests.made.page_desk import PageDesk, page_desk
from tests.made.streams import Recorder
from tracker.domain.claims import Claim
from tracker.domain.events import ClaimTracked, NewEvent, StoryClosed, StoryOpened, story_stream
from tracker.projections.rows import stamp

BRIDGE = f"/story/{bridge.STORY}"
EARLY = stamp(bridge.OPENED + timedelta(hours=10))


class Elements(HTMLParser):
    """The elements of a page with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, Any]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, Any]]:
        """Return the attributes of the elements of a name."""
        return [attributes for name, attributes in self.all if name == tag]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageDesk]:
    home = tmp_path_factory.mktemp("desk")
    with page_desk(f"sqlite:///{home / 'tracker.db'}", home) as made:
        yield made


@pytest.fixture(scope="module")
def long_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageDesk]:
    home = tmp_path_factory.mktemp("long")
    with page_desk(f"sqlite:///{home / 'tracker.db'}", home, long_events(120)) as made:
        yield made


def links(html: str) -> list[str]:
    """Return the addresses within the site that a page links to."""
    found = [one.get("href") or "" for one in Elements(html).named("a")]
    return [address for address in found if address.startswith("/")]


def events_of(html: str) -> list[int]:
    """Return the positions of the developments that a page shows, in order."""
    return [int(found) for found in re.findall(r'id="event-(\d+)"', html)]


def test_a_story_begins_with_what_is_disputed_and_says_who_says_so(desk: PageDesk) -> None:
    """Disputed claims come first with both sides, then the known, the unconfirmed and the withdrawn."""
    html = desk.reader().get(BRIDGE).text
    order = [html.index(f'id="group-{group}"') for group in ("disputed", "known", "open", "withdrawn")]
    assert order == sorted(order)
    words = " ".join(Page(html).words.split())
    assert "against denies it: a spokeswoman (Harbour Post)" in words
    assert "2 independent sources: Channel Nine, City Herald" in words
    assert "withdrawn: the harbour office took its announcement back" in words


def test_key_events_are_newest_first_each_with_all_that_is_known_of_it(desk: PageDesk) -> None:
    """Each has its kind, claim, old and new value, the sentence, who says so, and when it was published and seen."""
    html = desk.reader().get(BRIDGE).text
    positions = events_of(html)
    assert positions == sorted(positions, reverse=True)
    update = article(html, 11)
    words = " ".join(Page(update).words.split())
    for part in ("update", "S01", "11 people", "14 people", "“Fourteen people are now known to be hurt.”",
                 "City Herald, published 2031-03-03 16:50 UTC", "seen 17:00", "14 is more than the 11 known before",
                 "#11"):  # fmt: skip
        assert part in words
    assert f'<time datetime="{stamp(bridge.OPENED + timedelta(hours=9))}">' in update
    away = [one for one in Elements(update).named("a") if one["href"].startswith("https:")]
    assert [one["rel"] for one in away] == ["noreferrer nofollow"]


def test_every_link_leads_somewhere(desk: PageDesk) -> None:
    """Whatever the list, a story and a search link to within the site is there, now and in the past.

    Entries are left out: this story was told without any.
    """
    reader = desk.reader()
    pages = ["/", BRIDGE, f"{BRIDGE}?as_of={EARLY}", f"{BRIDGE}?kind=update&q=hurt", "/search?q=bridge"]
    found = {address.partition("#")[0] for page in pages for address in links(reader.get(page).text)}
    found = {address for address in found if "/entry/" not in address}
    assert {address: reader.get(address).status_code for address in found} == dict.fromkeys(found, 200)
    assert len(found) > 25


def test_links_stay_in_the_past_that_a_page_shows(desk: PageDesk) -> None:
    """As of a moment every link to the story leads to that moment, but for the one back to now, which is named so."""
    html = desk.reader().get(f"{BRIDGE}?as_of={EARLY}&valid_at={EARLY}").text
    words = " ".join(Page(html).words.split())
    assert (
        "As it stood on 2031-03-03 18:00 UTC: only what had been seen by then, and of that only what had been said"
        in words
    )
    ours = [address for address in links(html) if address.startswith(BRIDGE)]
    here = [address for address in ours if not parse_qs(urlsplit(address).query).keys() >= {"as_of", "valid_at"}]
    assert here == [BRIDGE]
    assert events_of(html) == [11, 8]


@pytest.mark.parametrize(
    ("query", "kinds", "said"),
    [
        ("kind=update", ["update"], "Only what is of the kind update."),
        ("claim=S02", ["denies"], "about S02"),
        ("source=Coast+Wire", ["revised", "confirms"], "from Coast Wire"),
        ("standing=disputed", ["denies"], "about claims that are disputed"),
        ("kind=revised", ["revised"], "Only what is of the kind edited."),
        ("standing=reported&kind=review", ["review"], "of the kind review about claims that are unconfirmed"),
        ("q=HOSPITAL+14", ["confirms"], "with the words HOSPITAL 14"),
        ("kind=update&claim=S02", [], "No development is like that."),
    ],
)
def test_a_filter_shows_what_is_wanted_and_says_what(desk: PageDesk, query: str, kinds: list[str], said: str) -> None:
    """Only what is wanted is listed, the page says what that is, and one link shows all again."""
    html = desk.reader().get(f"{BRIDGE}?{query}").text
    assert re.findall(r'<p class="about"><span class="kind kind-(\w+)"', html) == kinds
    assert said in " ".join(Page(html).words.split())
    assert f'<a href="{BRIDGE}#events">Show all</a>' in html


@pytest.mark.parametrize("query", ["kind=bogus", "standing=bogus"])
def test_a_filter_that_there_is_not_is_refused(desk: PageDesk, query: str) -> None:
    """An unknown kind or standing is not passed over in silence."""
    answer = desk.reader().get(f"{BRIDGE}?{query}")
    assert answer.status_code == 400
    assert f"no such {query.partition('=')[0]}: bogus" in answer.text


def test_one_word_for_one_thing(desk: PageDesk) -> None:
    """Badges and filters use the words of the headings, and no other word for the same standing or kind."""
    reader = desk.reader()
    html = reader.get(BRIDGE).text + reader.get("/search?q=bridge").text
    options = dict(re.findall(r'<option value="(\w+)"[^>]*>([^<]+)</option>', html))
    assert (options["reported"], options["corroborated"]) == ("unconfirmed", "known")
    badges = set(re.findall(r'class="standing standing-(\w+)">([^<]+)<', html))
    assert badges <= {("open", "unconfirmed"), ("known", "known"), ("disputed", "disputed"), ("withdrawn", "withdrawn")}
    kinds = set(re.findall(r'class="kind kind-(\w+)">([^<]+)<', html))
    assert all(word == {"new": "new claim"}.get(kind, options[kind]) for kind, word in kinds)


def test_a_key_event_shows_its_claim_as_it_stood_then(desk: PageDesk) -> None:
    """What confirmed eleven stands beside eleven, though the claim reads fourteen now."""
    html = desk.reader().get(BRIDGE).text
    early, late = (" ".join(Page(article(html, nth)).words.split()) for nth in (8, 11))
    assert bridge.HURT.text in early
    assert bridge.HURT_NOW.text not in early
    assert bridge.HURT_NOW.text in late


def test_dates_are_not_broken_at_the_end_of_a_line(desk: PageDesk) -> None:
    """In the notes on claims each date is of a class that is kept on one line."""
    reader = desk.reader()
    html = reader.get(BRIDGE).text
    assert 'seen <span class="date">2031-' in html
    (sheet,) = re.findall(r'href="(/static/[^"]+page\.css)"', html)
    assert re.search(r"\.date \{[^}]*white-space: nowrap", reader.get(sheet).text)


def test_a_form_with_empty_fields_leads_to_the_plain_address(desk: PageDesk) -> None:
    """Fields that say nothing vanish from the address, so that one view of a story has one address."""
    reader = desk.reader()
    answer = reader.get(f"{BRIDGE}?kind=&claim=S01&q=&source=")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{BRIDGE}?claim=S01")
    assert reader.get(f"{BRIDGE}?kind=").headers["location"] == BRIDGE


def test_the_slider_works_without_a_script(desk: PageDesk) -> None:
    """Each end and the middle of it lead to a page of that time; the newest end is now, the filters stay."""
    reader = desk.reader()
    (slider,) = [one for one in Elements(reader.get(BRIDGE).text).named("input") if one.get("type") == "range"]
    first, last, step = (int(slider[name]) for name in ("min", "max", "step"))
    assert int(slider["value"]) == last
    middle = first + (last - first) // 2 // step * step
    for minute in (1, first, middle):
        answer = reader.get(f"{BRIDGE}?minute={minute}&claim=S01")
        at = answer.headers["location"]
        assert answer.status_code == 303
        assert parse_qs(urlsplit(at).query)["claim"] == ["S01"]
        assert reader.get(at).status_code == 200
        assert f'value="{max(first, minute)}"' in reader.get(at).text
    assert reader.get(f"{BRIDGE}?minute={last}&as_of={EARLY}").headers["location"] == BRIDGE


@pytest.mark.parametrize("page", ["", "/claim/S01", "/development/14"])
@pytest.mark.parametrize("name", ["as_of", "valid_at"])
def test_what_has_not_come_is_now(desk: PageDesk, page: str, name: str) -> None:
    """A moment after now leads to the page of now with the rest of its address, one before stays."""
    reader, now = desk.reader(), desk.clock()
    later = stamp(now + timedelta(seconds=1))
    answer = reader.get(f"{BRIDGE}{page}?{name}={later}&kind=update")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{BRIDGE}{page}?kind=update")
    assert reader.get(f"{BRIDGE}{page}?{name}={now:%Y-%m-%d}").headers["location"] == f"{BRIDGE}{page}"
    assert reader.get(f"{BRIDGE}{page}?{name}={stamp(now)}").status_code == 200


def test_a_moment_is_asked_for_from_the_opening_on(sqlite_url: str, tmp_path: Path) -> None:
    """The field of the precise moment begins after the opening, also where that was within a minute."""
    log = Recorder()
    opened = bridge.OPENED + timedelta(seconds=54)
    log.record(story_stream("odd"), StoryOpened("odd", "Odd", "en", None, None, None), at=opened)
    log.record(story_stream("odd"), ClaimTracked(Claim("S01", "So."), "seed"), at=opened + timedelta(hours=1))
    with page_desk(sqlite_url, tmp_path, log.events) as desk:
        page = desk.reader().get(f"/story/odd?as_of={stamp(opened)}").text
        (field,) = [one for one in Elements(page).named("input") if one.get("type") == "datetime-local"]
        assert field["value"] == field["min"] == "2031-03-03T08:01"
        assert desk.reader().get(f"/story/odd?as_of={field['value']}").status_code == 200


@pytest.mark.parametrize("query", ["as_of=yesterday", "before=x", "minute=-1", "after=0"])
def test_an_address_that_makes_no_sense_is_answered_in_words(desk: PageDesk, query: str) -> None:
    """What is no time or number is a bad request with one sentence that says so."""
    answer = desk.reader().get(f"{BRIDGE}?{query}")
    assert answer.status_code == 400
    assert re.search(r"is no time|is a number", Page(answer.text).words)


def test_pages_of_key_events_meet_each_once_and_lead_back(long_desk: PageDesk) -> None:
    """Fifty at a time, Older leads through all of them, and Newer back to where the reader was."""
    reader, pages = long_desk.reader(), list[tuple[str, list[int]]]()
    address: str | None = f"/story/{LONG}"
    while address:
        html = reader.get(address).text
        pages.append((html, events_of(html)))
        address = linked(html, "next")
    assert [len(positions) for _, positions in pages] == [50, 50, 20]
    everything = [position for _, positions in pages for position in positions]
    assert everything == sorted(set(everything), reverse=True)
    newer = linked(pages[2][0], "prev")
    assert newer is not None
    assert events_of(reader.get(newer).text) == pages[1][1]
    newest = linked(pages[1][0], "prev")
    assert newest is not None
    assert events_of(reader.get(newest).text) == pages[0][1]


def linked(html: str, rel: str) -> str | None:
    """Return where a link of a kind leads."""
    return next((one["href"] for one in Elements(html).named("a") if one.get("rel") == rel), None)


def test_what_is_new_to_a_reader_is_marked_in_words(desk: PageDesk) -> None:
    """After the mark was set only what came since is marked; nobody in particular is shown the last day."""
    stranger, reader = desk.reader(), desk.reader()
    assert marked_new(stranger.get(BRIDGE).text) == [19, 18, 16]
    reader.sign_in()
    form = {"csrf": reader.csrf, "position": "16", "at": stamp(bridge.OPENED + timedelta(hours=61))}
    assert reader.post(f"{BRIDGE}/looked", form).status_code == 303
    html = reader.get(BRIDGE).text
    assert "Since you last looked" in html
    assert marked_new(html) == [19, 18]
    assert "2 new</a>" in reader.get("/").text
    assert marked_new(stranger.get(BRIDGE).text) == [19, 18, 16], "another reader's mark is none of theirs"


def marked_new(html: str) -> list[int]:
    """Return the positions of the developments that a page marks as new."""
    return [at for at in events_of(html) if '<span class="fresh">new</span>' in article(html, at)]


def article(html: str, position: int) -> str:
    """Return one development."""
    return html.partition(f' id="event-{position}"')[2].partition("</article>")[0]


def test_words_of_others_are_shown_and_never_obeyed(desk: PageDesk) -> None:
    """Markup and escape sequences in titles, in what is asked for and in addresses come out as words."""
    reader = desk.reader()
    html = reader.get(BRIDGE).text
    assert "no warning of &lt;cracks&gt;" in html
    assert "\x1b" not in html
    for path in (
        f"{BRIDGE}?q=<script>alert(1)</script>",
        "/search?q=<script>alert(1)</script>",
        f"{BRIDGE}?claim=\"'><b>",
    ):
        assert "<script>" not in reader.get(path).text
        assert "\"'><b>" not in reader.get(path).text


@pytest.mark.parametrize("path", ["/", BRIDGE, f"{BRIDGE}?as_of={EARLY}", "/search?q=bridge", "/search", "/nowhere"])
def test_no_page_holds_a_script_or_style_of_its_own(desk: PageDesk, path: str) -> None:
    """All scripts and styles are files of the site, as the content security policy wants them; nothing is elsewhere."""
    elements = Elements(desk.reader().get(path).text)
    assert all(one.get("src", "").startswith("/static/") for one in elements.named("script"))
    assert elements.named("style") == []
    assert not any(name == "style" or name.startswith("on") for _, attributes in elements.all for name in attributes)
    ids = [attributes["id"] for _, attributes in elements.all if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert len(elements.named("h1")) == 1


def test_search_marks_what_it_found(desk: PageDesk) -> None:
    """A search shows story, claims and developments that have the words, and marks these whatever their case."""
    html = desk.reader().get("/search?q=FOURTEEN").text
    assert "<mark>Fourteen</mark> people were hurt when the railing gave way." in html
    assert "“<mark>Fourteen</mark> people are now known to be hurt.”" in html
    assert "Found in 1 story." in html


def test_a_search_that_many_stories_answer_details_the_best_and_names_the_others(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Ten stories are shown with what was found in them, the others by name: the page stays one that can be read."""
    log = Recorder()
    for nth in range(12):
        log.record(story_stream(f"flood-{nth}"), StoryOpened(f"flood-{nth}", f"Flood {nth}", "en", None, None, None))
    with page_desk(sqlite_url, tmp_path, log.events) as desk:
        html = desk.reader().get("/search?q=flood").text
        assert "Found in 12 stories." in html
        assert "And in 2 stories more" in html
        assert len({address for address in links(html) if address.startswith("/story/flood-")}) == 12


def test_a_search_without_words_or_hits_says_what_to_do(desk: PageDesk) -> None:
    """Nothing asked for and nothing found are told apart, each with what to do next."""
    reader = desk.reader()
    assert "Type one or more words" in reader.get("/search?q=+").text
    assert "Try fewer words" in reader.get("/search?q=zeppelin").text


def test_closed_stories_stand_apart(sqlite_url: str, tmp_path: Path) -> None:
    """The list names followed stories and, apart from them, closed ones; without any it says how to open one."""
    with page_desk(sqlite_url, tmp_path) as desk:
        reader = desk.reader()
        assert 'id="followed"' in reader.get("/").text
        version = sum(one.stream == bridge.STREAM for one in bridge.events())
        desk.app.log.append(bridge.STREAM, version, [NewEvent("end", StoryClosed(bridge.STORY), "Ada", None, None)])
        html = reader.get("/").text
        assert 'id="followed"' not in html
        assert (
            f'<a data-open href="{BRIDGE}" dir="auto">Old harbour bridge closed</a>'
            in html[html.index('id="closed"') :]
        )
        assert '<span class="tag">closed</span>' in reader.get(BRIDGE).text


def test_an_unknown_story_is_answered_with_the_nearest(desk: PageDesk) -> None:
    """A wrong name is a page that is not there, and names the story that may be meant."""
    answer = desk.reader().get("/story/harbour-brigde")
    assert answer.status_code == 404
    assert bridge.STORY in Page(answer.text).words


def test_a_story_offers_itself_to_feed_readers_and_programs(desk: PageDesk) -> None:
    """The head names the Atom feed, and the page links to every export."""
    html = desk.reader().get(BRIDGE).text
    (feed,) = [one for one in Elements(html).named("link") if one["rel"] == "alternate"]
    assert (feed["type"], feed["href"]) == ("application/atom+xml", f"{BRIDGE}/export.atom")
    offered = {urlsplit(address).path.rpartition("/export.")[2] for address in links(html) if "/export." in address}
    assert offered == {"html", "md", "json", "csv", "jsonl", "atom", "ics", "timeline.json", "jsonld"}
