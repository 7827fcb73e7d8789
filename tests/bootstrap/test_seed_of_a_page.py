"""Seeds off the web: a stranger's page is read where it can do no harm."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.made.news_site import PARAGRAPHS, Site, article
from tracker.adapters.feeds.apart import Apart
from tracker.application.replay import SimulatedClock
from tracker.bootstrap import App
from tracker.config import Database, Settings, Worker
from tracker.errors import Died, FetchError, SeedError


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
