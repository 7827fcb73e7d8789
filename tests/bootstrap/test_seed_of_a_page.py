"""Seeds off the web: a stranger's page is read where it can do no harm."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.made.news_site import PARAGRAPHS, Site, article
from tracker.adapters.feeds.apart import Apart
from tracker.application.claim_history import ClaimHistory, claim_history
from tracker.application.project import catch_up
from tracker.application.replay import SimulatedClock
from tracker.application.stories import open_story
from tracker.bootstrap import App
from tracker.config import Database, Settings, Worker
from tracker.domain.claims import Relation
from tracker.domain.entry import Entry, refer
from tracker.domain.events import ClaimCorroborated, Finding, NewEvent, story_stream
from tracker.errors import Died, FetchError, SeedError
from tracker.judging.sources import source_of
from tracker.projections import ALL
from tracker.rendering.phrases import whence


@pytest.fixture
def app(sqlite_url: str) -> Iterator[App]:
    settings = Settings(database=Database(url=sqlite_url), worker=Worker(allow_private=("loopback",)))
    made = App(settings, SimulatedClock(datetime(2026, 11, 22, tzinfo=UTC)))
    yield made
    made.close()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


def test_the_article_of_a_page_is_a_seed(app: App, site: Site) -> None:
    """What a page says is tracked as what a file says is."""
    seed = app.read_seed(site.says("/bridge", article()))
    assert (seed.id, seed.title, seed.language) == ("bridge-closed", "Bridge closed", "en")
    assert any(claim.text == PARAGRAPHS[1] for claim in seed.claims)


GAZETTE = (
    '<meta property="og:site_name" content="The Valley Gazette">'
    '<meta property="article:published_time" content="2026-11-20T14:35:00+02:00">'
)


def said_again(app: App, url: str, *outlets: str) -> ClaimHistory:
    """Open the story of a page, let outlets say its first claim again, and return how the claim is shown."""
    story = open_story(app.log, app.read_seed(url), "test")
    claim, stream = next(iter(story.claims)), story_stream(story.id)
    same = Finding(claim, Relation.CORROBORATES, None, None, None, 0.9, "So it is.", "same", news=False, happening="e")
    for nth, outlet in enumerate(outlets):
        entry = Entry(f"e-{nth}", "Bridge closed", "So it is.", app.clock(), publisher=outlet)
        event = ClaimCorroborated(refer(entry, source_of(entry)), same)
        app.log.append(stream, story.version + nth, (NewEvent(entry.id, event, "judge"),))
    catch_up(app.log, app.views, ALL)
    return claim_history(app.views, story.id, claim)


@pytest.mark.parametrize(
    ("outlets", "standing", "sources"),
    [
        (("Valley Gazette",), "reported", ("Valley Gazette",)),
        (("Valley Gazette", "County Times"), "corroborated", ("County Times", "Valley Gazette")),
    ],
)
def test_an_outlet_is_one_source_with_its_article(
    app: App, site: Site, outlets: tuple[str, ...], standing: str, sources: tuple[str, ...]
) -> None:
    """The article of a story and an item of its outlet's feed are one source; another outlet is the second."""
    told = said_again(app, site.says("/bridge", article(head=GAZETTE)), *outlets)
    assert (told.claim.standing, told.claim.sources) == (standing, sources)


def test_the_beginning_of_a_claim_names_the_outlet_of_its_article(app: App, site: Site) -> None:
    """A claim of an article began with its outlet, at the article's own time; one that says neither, with a person."""
    (begun,) = said_again(app, site.says("/bridge", article(head=GAZETTE))).beginning
    assert whence(begun) == "Valley Gazette, published 2026-11-20 12:35 UTC"
    (begun,) = said_again(app, site.says("/weir", article(title="Weir closed"))).beginning
    assert whence(begun).startswith("test, published ")


def test_an_agency_stands_behind_the_article_that_relays_it(app: App, site: Site) -> None:
    """An article with an agency's dateline is the agency's, as an item of a feed would be; without a name nobody's."""
    relayed = article("HARBOUR (Reuters) - The bridge is shut.", *PARAGRAPHS, head=GAZETTE)
    assert app.read_seed(site.says("/relayed", relayed)).source == "Reuters"
    assert app.read_seed(site.says("/unsaid", article())).source is None


def test_the_same_article_opens_the_story_that_an_earlier_version_opened(app: App, site: Site) -> None:
    """A story that was opened before its article's outlet was known is opened again by that article, and stays."""
    seed = app.read_seed(site.says("/bridge", article(head=GAZETTE)))
    before = open_story(app.log, replace(seed, source=None, published=None), "test")
    assert open_story(app.log, seed, "test") == before


def test_a_page_that_never_ends_is_no_seed(app: App, site: Site) -> None:
    """A page at which the extraction would sit for hours is given up, in one line."""
    app.__dict__["apart"] = Apart(2, 2_000_000_000)
    endless = "<html><body><article><p>" + "".join(f"<span>{number}</span> " for number in range(60_000))
    with pytest.raises(SeedError, match="its text could not be found: not done after 2 s"):
        app.read_seed(site.says("/endless", endless))


def test_a_page_without_an_article_is_no_seed(app: App, site: Site) -> None:
    """What stands in a process of its own is told as if it stood in ours."""
    with pytest.raises(SeedError, match="no article found in it"):
        app.read_seed(site.says("/empty", "<html><body></body></html>"))


def test_who_stops_asks_nothing_more(app: App, site: Site) -> None:
    """After an abort neither the web is asked nor a page read, at once."""
    url = site.says("/bridge", article())
    app.read_seed(url)
    app.abort()
    with pytest.raises(FetchError, match="stopping"):
        app.read_seed(url)
    with pytest.raises(Died):
        app.apart.call(len, "page")
