"""robots.txt as hosts have it, and as some would like it to be read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.made.news_site import Site
from tracker.adapters.feeds.apart import Apart
from tracker.adapters.feeds.fetch import HttpFetcher
from tracker.adapters.feeds.robots import KEPT, KEPT_FAILURE, LONGEST_GAP, Robots, token
from tracker.adapters.http.client import GuardedClient
from tracker.errors import Denied, FetchError
from tracker.ports.feeds import FeedOptions

AGENT = "tracker/1.0 (+https://tracker.example)"


class Clock:
    """A clock that is set by hand."""

    now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    """Return the process in which files are read."""
    made = Apart(4, 1_000_000_000)
    yield made
    made.close()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def robots(apart: Apart, clock: Clock) -> Iterator[Robots]:
    client = GuardedClient(user_agent=AGENT, allow=frozenset(["loopback"]), timeout=5)
    yield Robots(HttpFetcher(client, str), apart, clock, AGENT)
    client.close()


def allowed(robots: Robots, url: str, options: FeedOptions | None = None) -> bool:
    try:
        robots.check(url, options or FeedOptions())
    except Denied:
        return False
    return True


def test_what_a_host_denies_is_denied(robots: Robots, site: Site) -> None:
    """Rules for our name count before those for all; the longest match wins, with wildcards as RFC 9309 has them."""
    site.says(
        "/robots.txt",
        "User-agent: *\nDisallow: /\n\n"
        "User-agent: Tracker\nDisallow: /private\nAllow: /private/news\nDisallow: /*?print$\n",
        content_type="text/plain",
    )
    assert allowed(robots, site.url("/a"))
    assert not allowed(robots, site.url("/private/a"))
    assert allowed(robots, site.url("/private/news/a"))
    assert not allowed(robots, site.url("/a?print"))
    assert allowed(robots, site.url("/a?printed"))
    assert not allowed(robots, site.url("/a"), FeedOptions(user_agent="desk/2"))
    assert [headers["user-agent"] for headers in site.asked("/robots.txt")] == [AGENT]


@pytest.mark.parametrize("status", [401, 403, 404, 410, 451])
def test_a_host_without_one_allows_everything(robots: Robots, site: Site, status: int) -> None:
    """A robots.txt that is refused or missing allows everything, and is not asked for again within a day."""
    site.says("/robots.txt", status=status)
    assert allowed(robots, site.url("/a"))
    assert allowed(robots, site.url("/b"))
    assert len(site.seen) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_host_that_cannot_say_is_left_alone(robots: Robots, site: Site, clock: Clock, status: int) -> None:
    """While the answer is an error, nothing is read and nothing asked; a little later it is asked again."""
    site.says("/robots.txt", status=status)
    for _ in range(2):
        with pytest.raises(FetchError, match=f"robots.txt: HTTP {status}"):
            robots.check(site.url("/a"))
    assert len(site.seen) == 1
    site.says("/robots.txt", "")
    clock.now += KEPT_FAILURE
    assert allowed(robots, site.url("/a"))


def test_a_host_that_does_not_answer_is_left_alone(robots: Robots, site: Site) -> None:
    """Where no robots.txt comes at all, no page is read either."""
    site.close()
    with pytest.raises(FetchError, match=r"robots\.txt: "):
        robots.check(site.url("/a"))


def test_rules_are_asked_for_once_a_day(robots: Robots, site: Site, clock: Clock) -> None:
    """What a host said counts for a day; then it is asked again."""
    site.says("/robots.txt", "User-agent: *\nDisallow: /")
    assert not allowed(robots, site.url("/a"))
    site.says("/robots.txt", "User-agent: *\nDisallow:")
    clock.now += KEPT - timedelta(seconds=1)
    assert not allowed(robots, site.url("/a"))
    clock.now += timedelta(seconds=1)
    assert allowed(robots, site.url("/a"))


def test_each_origin_has_its_own(robots: Robots, site: Site) -> None:
    """What one port of a host says is nothing to another."""
    other = Site()
    site.says("/robots.txt", "User-agent: *\nDisallow: /")
    other.says("/robots.txt", "User-agent: *\nAllow: /")
    assert not allowed(robots, site.url("/a"))
    assert allowed(robots, other.url("/a"))
    other.close()


@pytest.mark.parametrize(
    ("said", "gap"),
    [("7", 7.0), ("0.5", 0.5), ("86400", LONGEST_GAP), ("1e400", 0.0), ("-3", 0.0), ("nan", 0.0), ("soon", 0.0)],
)
def test_a_gap_is_kept_within_reason(robots: Robots, site: Site, said: str, gap: float) -> None:
    """Crawl-delay is kept up to a minute; what makes no sense is no delay."""
    site.says("/robots.txt", f"User-agent: *\nCrawl-delay: {said}\n")
    assert robots.gap(site.url("/a")) == 0.0
    assert allowed(robots, site.url("/a"))
    assert robots.gap(site.url("/b")) == gap


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xef\xbb\xbfUser-agent: *\nAllow: /",
        b"\x00\xff\xfe" * 1000,
        b"<html><body>not found</body></html>",
        b"User-agent: *\nDisallow: /" + b"*a" * 5_000 + b"\nAllow: /",
        b"Disallow: /\n" * 100,
        b"User-agent: *\n" + b"Allow: /x\n" * 60_000 + b"Disallow: /\n",
    ],
)
def test_any_bytes_are_read(robots: Robots, site: Site, body: bytes) -> None:
    """Whatever a robots.txt holds, it is read in time; beyond half a megabyte it is not read."""
    site.says("/robots.txt", body)
    assert allowed(robots, site.url("/" + "a" * 2_000))


def test_a_file_that_takes_gigabytes_ends_its_process_and_not_ours(robots: Robots, site: Site) -> None:
    """A file made to be multiplied when it is read is given up, and its host is left alone."""
    many = "".join(f"User-agent: a{number}\n" for number in range(18_000))
    site.says("/robots.txt", many + "".join(f"Disallow: /{number}\n" for number in range(17_000)))
    with pytest.raises(FetchError, match=r"robots\.txt: "):
        robots.check(site.url("/a"))


@pytest.mark.parametrize(
    ("agent", "name"),
    [(AGENT, "tracker"), ("tracker (+https://t.example)", "tracker"), ("Desk Bot/2", "Desk Bot"), ("(x)", "(x)")],
)
def test_the_name_in_a_user_agent(agent: str, name: str) -> None:
    """A program's name is what stands before its version or a remark."""
    assert token(agent) == name
