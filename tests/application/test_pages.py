"""Pages of entries: read once, looked at again, and never news where they are none."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.made.news_site import PARAGRAPHS, Site, article, etag_of
from tracker.adapters.feeds.apart import Apart
from tracker.adapters.feeds.page import MEMORY, SECONDS
from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.adapters.models.pair import PairModel
from tracker.application.check import check_feed
from tracker.application.cycle import due, gather, work
from tracker.application.newsroom import Newsroom
from tracker.application.pages import BATCH, due_hosts, read_host, read_pages
from tracker.application.replay import SimulatedClock
from tracker.bootstrap import App
from tracker.config import Database, Settings, Worker
from tracker.domain.claims import Claim
from tracker.domain.entry import Entry
from tracker.domain.events import ClaimTracked, EntryRevised, NewEvent, StoryOpened, story_stream
from tracker.judging.judge import Judge
from tracker.ports.archive import Judgement
from tracker.ports.erasure import Order
from tracker.ports.feeds import FeedOptions, FeedState, Visit
from tracker.ports.jobs import Job
from tracker.ports.pages import Page, PageRead

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEED = "feed-1"
ASKING = FeedOptions(article=True)


@dataclass(frozen=True)
class Slow:
    """What takes long to begin with, and is shared."""

    judge: Judge
    apart: Apart


@pytest.fixture(scope="module")
def slow() -> Iterator[Slow]:
    apart = Apart(SECONDS, MEMORY)
    yield Slow(Judge(MiniLmEncoder(), PairModel()), apart)
    apart.close()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@contextmanager
def opened(url: str, slow: Slow) -> Iterator[App]:
    worker = Worker(allow_private=("loopback",), host_gap=0)
    app = App(Settings(database=Database(url=url), worker=worker), SimulatedClock(NOON))
    app.__dict__ |= {"judge": slow.judge, "apart": slow.apart}
    yield app
    del app.__dict__["apart"]
    app.close()


@pytest.fixture
def app(sqlite_url: str, slow: Slow) -> Iterator[App]:
    with opened(sqlite_url, slow) as made:
        yield made


def follow(app: App, site: Site, options: FeedOptions = ASKING, feed: str = FEED) -> None:
    app.feeds.save(FeedState(feed, site.url("/feed"), None, None, NOON, NOON, options=options))


def entry(site: Site, name: str, text: str = "") -> Entry:
    title, summary = f"Bridge {name} closed", "The bridge is closed."
    return Entry(name, title, summary, NOON, url=site.url(f"/{name}"), published=NOON, feed=FEED, text=text)


def bring(app: App, entries: Sequence[Entry], feed: str = FEED, *, baseline: bool = False) -> None:
    app.archive.keep(feed, entries, baseline=[baseline] * len(entries), seen=app.clock())


def later(app: App, **time: float) -> None:
    clock = app.clock
    assert isinstance(clock, SimulatedClock)
    clock.advance(clock() + timedelta(**time))


def outcomes(room: Newsroom) -> list[str]:
    return [looked.outcome for looked in read_pages(room)]


def page_of(app: App, name: str) -> Page:
    page = app.pages.get(name)
    assert page is not None
    return page


def rely(app: App, *names: str) -> None:
    """Let a story that is followed hold entries to be relevant."""
    if not list(app.log.read(stream=story_stream("s"))):
        opening = StoryOpened("s", "Bridge", "en", None, None, None)
        app.log.append(story_stream("s"), 0, [NewEvent("opening", opening, "test")])
    for name in names:
        for version in app.archive.versions(name):
            app.archive.judged(Judgement("s", name, version.version, True, 1.0, "because", "judge", NOON))


def test_the_page_of_a_new_entry_is_read(app: App, site: Site) -> None:
    """The text comes as a version of the entry, which keeps its id, title and summary and has what the page says."""
    room = app.newsroom()
    follow(app, site)
    site.says("/one", article(), etag='"1"')
    bring(app, [entry(site, "one")])
    assert outcomes(room) == ["new"]
    before, after = app.archive.versions("one")
    assert (after.title, after.summary, after.url) == (before.title, before.summary, before.url)
    assert after.text.split("\n")[1:] == list(PARAGRAPHS)
    page = page_of(app, "one")
    assert (page.state, page.etag, page.length, page.read_at) == ("read", '"1"', len(after.text), NOON)
    assert outcomes(room) == []


def test_feeds_that_do_not_ask_for_it_cost_nothing(app: App, site: Site) -> None:
    """Without the option no page is requested; once it is taken back, nothing that is listed is either."""
    room = app.newsroom()
    follow(app, site, FeedOptions())
    bring(app, [entry(site, "one")])
    assert outcomes(room) == []
    follow(app, site)
    assert due_hosts(room) == ("127.0.0.1",)
    follow(app, site, FeedOptions())
    assert outcomes(room) == ["dropped"]
    assert site.seen == []


def test_a_page_is_looked_at_again_while_a_story_relies_on_it(app: App, site: Site) -> None:
    """It is asked with its validators, a change is a version more, and the older it is the seldomer it is asked."""
    room = app.newsroom()
    follow(app, site)
    site.says("/one", article(), etag='"1"')
    site.says("/two", article())
    bring(app, [entry(site, "one"), entry(site, "two")])
    assert outcomes(room) == ["new", "new"]
    rely(app, "one")
    later(app, minutes=14)
    assert outcomes(room) == []
    later(app, minutes=1)
    assert outcomes(room) == ["unchanged"]
    changed = article(*PARAGRAPHS, "The mayor has resigned.")
    site.says("/one", changed, etag=etag_of(changed))
    later(app, minutes=15)
    assert outcomes(room) == ["new"]
    assert app.archive.versions("one")[-1].text.endswith("The mayor has resigned.")
    later(app, days=8)
    assert outcomes(room) == ["unchanged"]
    assert page_of(app, "one").due_at == app.clock() + timedelta(days=1)
    later(app, days=30)
    assert outcomes(room) == ["unchanged"]
    assert page_of(app, "one").due_at is None
    assert len(site.asked("/two")) == 1


def test_a_torso_is_no_version(app: App, site: Site) -> None:
    """What lost three fifths of its text is a wall and no news, and recovers by itself."""
    room = app.newsroom()
    follow(app, site)
    site.says("/one", article())
    bring(app, [entry(site, "one")])
    outcomes(room)
    rely(app, "one")
    site.says("/one", article(PARAGRAPHS[0]))
    later(app, minutes=15)
    assert outcomes(room) == ["wall"]
    page = page_of(app, "one")
    assert (page.state, page.failures) == ("wall", 1)
    assert page.last_error == "only 118 of 421 characters are left of it"
    assert len(app.archive.versions("one")) == 2
    site.says("/one", article(*PARAGRAPHS[:3]))
    later(app, minutes=30)
    assert outcomes(room) == ["new"]
    assert (page_of(app, "one").state, page_of(app, "one").failures) == ("read", 0)


def test_a_torso_of_what_the_feed_says_is_no_version_either(app: App, site: Site) -> None:
    """A page that says much less than its own feed is a wall at the first reading already."""
    room = app.newsroom()
    follow(app, site)
    site.says("/one", article(PARAGRAPHS[0]))
    bring(app, [entry(site, "one", text=" ".join(PARAGRAPHS * 2))])
    assert outcomes(room) == ["wall"]
    assert len(app.archive.versions("one")) == 1


def test_what_was_taken_back_is_news(app: App, site: Site) -> None:
    """Where little is left because the article was retracted, that is a version."""
    room = app.newsroom()
    follow(app, site)
    site.says("/one", article())
    bring(app, [entry(site, "one")])
    outcomes(room)
    rely(app, "one")
    site.says("/one", article("This article has been withdrawn because its figures could not be confirmed."))
    later(app, minutes=15)
    assert outcomes(room) == ["new"]


def test_a_page_that_is_gone_is_told_and_may_come_back(app: App, site: Site) -> None:
    """A page that is missing twice in a row is gone; once it is there again it is read as if it were new."""
    room = app.newsroom()
    follow(app, site)
    site.says("/one", article(), etag='"1"')
    bring(app, [entry(site, "one")])
    outcomes(room)
    rely(app, "one")
    site.says("/one", status=404)
    later(app, minutes=15)
    assert outcomes(room) == ["failed"]
    assert app.archive.removal("one") is None
    later(app, minutes=30)
    assert outcomes(room) == ["gone"]
    removal = app.archive.removal("one")
    assert removal is not None
    assert (removal.at, "404" in removal.reason) == (app.clock(), True)
    assert [one.entry for one in app.archive.withdrawn("s")] == ["one"]
    site.says("/one", article(), etag='"1"')
    later(app, hours=4)
    assert outcomes(room) == ["new"]
    assert app.archive.removal("one") is None


def test_gone_is_said_at_once_and_never_of_what_was_not_there(app: App, site: Site) -> None:
    """HTTP 410 needs no second look; a page that was never read is only not there yet."""
    room = app.newsroom()
    follow(app, site)
    site.says("/one", article())
    site.says("/two", status=410)
    bring(app, [entry(site, "one"), entry(site, "two")])
    assert sorted(outcomes(room)) == ["failed", "new"]
    rely(app, "one", "two")
    site.says("/one", status=410)
    later(app, hours=1)
    assert sorted(outcomes(room)) == ["failed", "gone"]
    assert app.archive.removal("one") is not None
    assert app.archive.removal("two") is None
    site.says("/two", article())
    later(app, hours=1)
    assert "new" in outcomes(room)


def test_an_address_that_moved_on_is_asked_for_anew(app: App, site: Site) -> None:
    """Where a redirect led there is nothing any more: the feed's own address is asked again before anything is gone."""
    room = app.newsroom()
    follow(app, site)
    site.leads("/one", site.url("/slug"))
    site.says("/slug", article())
    bring(app, [entry(site, "one")])
    outcomes(room)
    assert page_of(app, "one").url == site.url("/slug")
    rely(app, "one")
    site.says("/slug", status=410)
    site.leads("/one", site.url("/slug-2"))
    site.says("/slug-2", article(*PARAGRAPHS, "More."))
    later(app, minutes=15)
    assert outcomes(room) == ["failed"]
    later(app, minutes=30)
    assert outcomes(room) == ["new"]
    assert app.archive.removal("one") is None


def test_a_page_that_leads_to_another_host_waits_for_it(app: App, site: Site) -> None:
    """The host that asks for less is the one that rests; who leads there is put off, which is no failure."""
    room, other = app.newsroom(), Site("127.0.0.2")
    follow(app, site)
    other.says("/one", status=429, retry_after="7200")
    other.says("/two", article())
    for name in ("one", "two"):
        site.leads(f"/{name}", other.url(f"/{name}"))
    bring(app, [entry(site, "one")])
    assert outcomes(room) == ["failed"]
    assert room.feeds.resting(["127.0.0.1", "127.0.0.2"], NOON) == {"127.0.0.2": NOON + timedelta(hours=2)}
    bring(app, [entry(site, "two")])
    assert outcomes(room) == ["waiting"]
    assert other.asked("/two") == []
    two = page_of(app, "two")
    assert two.failures == 0
    assert two.due_at is not None
    other.says("/one", article())
    later(app, seconds=(two.due_at - NOON).total_seconds())
    assert outcomes(room) == ["new", "new"]
    assert len(other.asked("/two")) == 1
    other.close()


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [(500, {}, "failed"), (403, {}, "wall"), (402, {}, "wall"), (403, {"cf-mitigated": "challenge"}, "wall")],
)
def test_errors_are_tried_again_later(app: App, site: Site, status: int, headers: dict[str, str], outcome: str) -> None:
    """A page that cannot be read is asked for again with a pause that doubles, and its reason is kept."""
    room = app.newsroom()
    follow(app, site)
    site.says("/one", status=status, **headers)
    bring(app, [entry(site, "one")])
    assert outcomes(room) == [outcome]
    assert page_of(app, "one").due_at == NOON + timedelta(minutes=30)
    assert str(status) in (page_of(app, "one").last_error or "")
    later(app, minutes=30)
    assert outcomes(room) == [outcome]
    assert page_of(app, "one").due_at == app.clock() + timedelta(hours=1)
    later(app, hours=1)
    site.says("/one", article())
    assert outcomes(room) == ["new"]


def test_a_host_that_asks_for_less_is_left_alone(app: App, site: Site) -> None:
    """After 429 no page of the host is asked for until the time that it named, though others of it are due."""
    room = app.newsroom()
    follow(app, site)
    site.says("/one", status=429, retry_after="7200")
    site.says("/two", article())
    bring(app, [entry(site, "one"), entry(site, "two")])
    assert outcomes(room) == ["failed"]
    later(app, seconds=7199)
    assert outcomes(room) == []
    later(app, seconds=1)
    site.says("/one", article())
    assert outcomes(room) == ["new", "new"]


def test_what_robots_txt_denies_is_given_up(app: App, site: Site) -> None:
    """A page that programs are not to read is not asked for; the reason is kept."""
    room = app.newsroom()
    follow(app, site)
    site.says("/robots.txt", "User-agent: *\nDisallow: /")
    site.says("/one", article())
    bring(app, [entry(site, "one")])
    assert outcomes(room) == ["denied"]
    assert page_of(app, "one").last_error == "robots.txt asks programs not to read it"
    later(app, days=1, seconds=1)
    assert outcomes(room) == []
    assert site.asked("/one") == []


def test_a_gap_that_a_host_asks_for_is_kept(app: App, site: Site) -> None:
    """With a long Crawl-delay one page is read, and the next one not before its time."""
    room = app.newsroom()
    follow(app, site)
    site.says("/robots.txt", "User-agent: *\nCrawl-delay: 40")
    for name in ("one", "two"):
        site.says(f"/{name}", article())
    bring(app, [entry(site, "one"), entry(site, "two")])
    assert outcomes(room) == ["new"]
    later(app, seconds=39)
    assert outcomes(room) == []
    later(app, seconds=1)
    assert outcomes(room) == ["new"]


def test_an_entry_of_the_first_import_stays_silent(app: App, site: Site) -> None:
    """The text of what was there before anybody asked is known and no news; what changes in it later is."""
    room = app.newsroom()
    follow(app, site)
    site.says("/one", article())
    bring(app, [entry(site, "one")], baseline=True)
    assert outcomes(room) == ["new"]
    rely(app)
    assert [(item.entry.text != "", item.baseline) for item in app.archive.pending("s", 9)][-1] == (True, True)
    rely(app, "one")
    site.says("/one", article(*PARAGRAPHS, "The mayor has resigned."))
    later(app, minutes=15)
    assert outcomes(room) == ["new"]
    (changed,) = app.archive.pending("s", 9)
    assert not changed.baseline


def test_two_workers_read_each_page_once(database_url: str, slow: Slow, site: Site) -> None:
    """Many at once read every page once, and never ask one host for two things at a time."""
    with opened(database_url, slow) as app:
        _read_at_once(app, site)


def _read_at_once(app: App, site: Site) -> None:
    other = Site("127.0.0.2")
    sites = (site, other)
    follow(app, site)
    names = [f"page-{number}" for number in range(6)]
    for one in sites:
        for name in names:
            one.says(f"/{name}", article())
    bring(app, [entry(site, name) for name in names])
    bring(app, [replace(entry(other, name), id=f"other-{name}", title=f"Another {name}") for name in names])
    rooms = [app.newsroom() for _ in range(4)]
    with ThreadPoolExecutor(len(rooms)) as pool:
        rounds = [found for _ in range(4) for found in pool.map(lambda room: tuple(read_pages(room)), rooms)]
    looked = [one for found in rounds for one in found]
    assert sorted(one.page.entry for one in looked) == sorted([*names, *(f"other-{name}" for name in names)])
    assert {one.outcome for one in looked} == {"new"}
    assert all(len(one.asked(f"/{name}")) == 1 for one in sites for name in names)
    assert [one.most_at_once for one in sites] == [1, 1]
    other.close()


def test_a_host_with_many_pages_gives_way(app: App, site: Site) -> None:
    """In one round a host is asked for some pages; the rest is for the next, after its feeds had their turn."""
    room = app.newsroom()
    follow(app, site)
    bring(app, [entry(site, f"page-{number}") for number in range(BATCH + 3)])
    assert len(outcomes(room)) == BATCH
    assert len(outcomes(room)) == 3


def test_a_host_that_somebody_asks_is_not_asked(app: App, site: Site) -> None:
    """While a worker has claimed a host, for a feed or for a page, no other reads pages of it."""
    room = app.newsroom()
    follow(app, site)
    bring(app, [entry(site, "one")])
    assert room.feeds.claim_hosts(["127.0.0.1"], NOON, NOON + timedelta(minutes=1))
    assert outcomes(room) == []
    later(app, minutes=1)
    assert outcomes(room) == ["failed"]


def test_a_fault_over_one_page_stops_no_other(app: App, site: Site) -> None:
    """Whatever goes wrong over one page is its own failure."""
    room = app.newsroom()

    class Stumbling:
        def read(self, page: Page, options: FeedOptions = ASKING, visit: Visit | None = None) -> PageRead:
            if page.entry == "one":
                raise ZeroDivisionError("page")
            return room.page_reader.read(page, options, visit)

        def gap(self, page: Page, options: FeedOptions = ASKING) -> float:
            return room.page_reader.gap(page, options)

    follow(app, site)
    site.says("/two", article())
    bring(app, [entry(site, "one"), entry(site, "two")])
    looked = {one.page.entry: one for one in read_pages(replace(room, page_reader=Stumbling()))}
    assert looked["two"].outcome == "new"
    assert looked["one"].error == "cannot be taken: ZeroDivisionError('page')"


def test_an_erased_entry_is_not_read(app: App, site: Site) -> None:
    """What is erased is fetched no more, and a text that comes in at that moment is not kept."""
    room = app.newsroom()
    follow(app, site)
    site.says("/one", article())
    bring(app, [entry(site, "one")])
    assert due_hosts(room)
    app.eraser.erase(Order("one", "why", "person", []), [])
    assert read_host(room, "127.0.0.1") == ()
    assert outcomes(room) == []
    assert site.seen == []


def test_secrets_of_a_source_stay_with_its_host(app: App, site: Site, tmp_path: Path) -> None:
    """A cookie goes along to pages of the feed's own host, and to no other."""
    room = app.newsroom()
    other = Site("127.0.0.2")
    secret = tmp_path / "cookie"
    secret.write_text("session=1")
    follow(app, site, FeedOptions(article=True, cookie=f"file:{secret}", user_agent="desk/2"))
    for one in (site, other):
        one.says("/one", article())
    bring(app, [entry(site, "one"), replace(entry(other, "one"), id="two", title="Another")])
    assert outcomes(room) == ["new", "new"]
    assert site.asked("/one")[0]["cookie"] == "session=1"
    assert "cookie" not in other.asked("/one")[0]
    assert other.asked("/one")[0]["user-agent"] == "desk/2"
    feed_of(other, "one")
    site.answers["/feed"] = other.answers["/feed"]
    state = app.feeds.state(FEED)
    assert state is not None
    assert "421 characters" in (check_feed(app.scout, [state], app.pace).article or "")
    assert "cookie" not in other.asked("/one")[1]
    other.close()


def test_who_is_stopping_leaves_the_rest(app: App, site: Site) -> None:
    """A worker that is asked to stop reads no further page, and what was cut off is due as before."""
    follow(app, site)
    site.says("/one", article())
    bring(app, [entry(site, "one")])
    assert outcomes(app.newsroom(lambda: True)) == []
    answers = iter([False, True])
    room = app.newsroom(lambda: next(answers, True))
    app.http.abort()
    assert outcomes(room) == ["failed"]
    assert page_of(app, "one").failures == 0


# ---- In the cycle ----------------------------------------------------------------------------------------------------

CLAIM = "The harbour bridge will be closed for six weeks."


def open_bridge(app: App) -> None:
    opening = StoryOpened("s", "Harbour bridge closed", "en", None, None, None)
    tracked = ClaimTracked(Claim("C1", CLAIM), "seed")
    new = [NewEvent("opening", opening, "test"), NewEvent("claim", tracked, "test")]
    app.log.append(story_stream("s"), 0, new)


def feed_of(site: Site, *names: str) -> None:
    items = "".join(
        f"<item><guid>{site.url(f'/{name}')}</guid><link>{site.url(f'/{name}')}</link>"
        f"<title>Harbour bridge closed after cracks were found</title><description>Read more.</description>"
        "<pubDate>Sun, 22 Nov 2026 12:00:00 GMT</pubDate></item>"
        for name in names
    )
    site.says("/feed", f"<rss version='2.0'><channel><title>Example</title>{items}</channel></rss>")


def test_an_entry_is_judged_at_once_and_again_with_its_text(app: App, site: Site) -> None:
    """A round polls, judges the headline, reads the page and judges what it says; that is no edit by the publisher."""
    room = app.newsroom()
    open_bridge(app)
    follow(app, site)
    feed_of(site, "one")
    site.says("/one", article(title="Harbour bridge closed after cracks were found"))
    gathered = gather(room)
    assert [looked.outcome for looked in gathered.looked] == ["new"]
    assert [bool(judged.verdict.entry.text) for judged in gathered.judged] == [False, True]
    told = [type(recorded.event) for recorded in app.log.read(stream=story_stream("s"))]
    assert len(told) > len((StoryOpened, ClaimTracked))
    assert EntryRevised not in told
    again = gather(room)
    assert (again.polled, again.looked, again.judged) == ((), (), ())


def test_pages_are_jobs_of_their_hosts(app: App, site: Site) -> None:
    """A tick hands out a job for each host whose pages are due; what it brings is for the judges of the stories."""
    room = app.newsroom()
    open_bridge(app)
    follow(app, site)
    feed_of(site, "one")
    site.says("/one", article())
    (poll, *_) = due(room)
    assert Job("judge", "s") in work(room, {}, poll).jobs
    page = Job("page", "127.0.0.1")
    assert page in set(due(room))
    done = work(room, {}, page)
    assert [looked.outcome for looked in done.gathered.looked] == ["new"]
    assert list(done.jobs) == [Job("judge", "s")]
    assert len(work(room, {}, Job("judge", "s")).gathered.judged) == 2
    assert work(room, {}, page).jobs == []
    assert page not in set(due(room))


def test_a_host_with_more_pages_is_handed_out_again(app: App, site: Site) -> None:
    """What one job leaves of a host is the next job's."""
    room = app.newsroom()
    follow(app, site)
    bring(app, [entry(site, f"page-{number}") for number in range(BATCH + 1)])
    assert Job("page", "127.0.0.1") in set(due(room))
    first = work(room, {}, Job("page", "127.0.0.1"))
    assert list(first.jobs) == [Job("page", "127.0.0.1")]
    assert len(work(room, {}, Job("page", "127.0.0.1")).gathered.looked) == 1
