"""A server that means harm, or is merely broken: every exchange ends in time, in one clear line or in what was sent."""

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.hostile.answers import CASES, LIMIT, READ, SLOW
from tests.hostile.server import FEED, Server, drips, redirects, reply, says, serving, stays
from tracker.adapters.feeds.fetch import HttpFetcher
from tracker.adapters.feeds.parse import FeedParser
from tracker.adapters.http.client import GuardedClient
from tracker.config import secret
from tracker.errors import FeedError, FetchError
from tracker.ports.feeds import FeedOptions, Fetched

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MakeFetcher = Callable[..., HttpFetcher]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def fetcher(server: Server) -> Iterator[MakeFetcher]:
    """Make fetchers that may talk to that server alone, and to those named."""
    made: list[GuardedClient] = []

    def make(*allowed: Server, timeout: float = 20.0) -> HttpFetcher:
        allow = frozenset(f"{one.address}:{one.port}" for one in (server, *allowed))
        made.append(GuardedClient(user_agent="tracker-test/1", allow=allow, timeout=timeout, max_bytes=LIMIT))
        return HttpFetcher(made[-1], secret)

    yield make
    for client in made:
        client.close()


def outcome(fetcher: HttpFetcher, url: str, **how: Any) -> str:
    """Return how reading a source ends: the number of its entries, or the line of the error."""
    try:
        return f"{entries(fetcher.fetch(url, **how))} entries"
    except FeedError as error:
        return str(error)


def entries(fetched: Fetched) -> int:
    return len(FeedParser().parse(fetched, feed="feed-1", name=None, seen=NOON).entries)


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_answer_ends_in_its_line(server: Server, fetcher: MakeFetcher, name: str) -> None:
    """Whatever a server does, reading it ends as it should, and the same fetcher reads the next source."""
    behaviour, expected = CASES[name]
    reader = fetcher(timeout=0.4) if name in SLOW else fetcher()
    line = outcome(reader, server.does("/hostile", behaviour))
    assert line.isprintable()
    if expected.endswith("…"):
        line = line[: len(expected) - 1] + "…"
    assert line == expected
    assert outcome(fetcher(), server.does("/good", says(reply()))) == READ


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("silence", "unreachable"),
        ("body drips", "unreachable"),
        ("hangs up at once", "unreachable"),
        ("resets in the body", "unreachable"),
        ("gzip bomb", "broken"),
        ("gzip cut short", "broken"),
        ("length too long", "broken"),
        ("two lengths", "broken"),
        ("headers without end", "broken"),
        ("HTTP/0.9", "broken"),
        ("to metadata", "broken"),
        ("to a file", "broken"),
        ("204", "refused"),
        ("302 to nowhere", "refused"),
        ("error cut short", "refused"),
    ],
)
def test_no_answer_is_told_from_a_bad_one(server: Server, fetcher: MakeFetcher, name: str, trouble: str) -> None:
    """Only a host that does not answer is called unreachable: many of those may mean that the fault is at our end."""
    url = server.does("/hostile", CASES[name][0])
    with pytest.raises(FetchError) as caught:
        fetcher(timeout=0.4 if name in SLOW else 20.0).fetch(url)
    assert caught.value.trouble == trouble


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("99999999999999", 86_400.0),
        ("9" * 60_000, 86_400.0),
        ("-1", None),
        ("1e9", None),
        ("5, 9", None),
        ("\x80\xff", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0),
        ("Mon, 01 Jan 0001 00:00:00 +2359", None),
        ("Mon, 01 Jan 2024 00:00:00 +99999999", None),
    ],
)
def test_a_hostile_wait_is_at_most_a_day(server: Server, fetcher: MakeFetcher, said: str, wait: float | None) -> None:
    """A Retry-After of ages, of no sense or in the past hurts neither this run nor the next."""
    head = (f"Retry-After: {said}".encode("latin-1"), "Date: Sun, 01 Mar 2026 12:00:00 GMT")
    url = server.does("/busy", says(reply(b"", *head, status="429 Too Many Requests")))
    with pytest.raises(FetchError) as caught:
        fetcher().fetch(url)
    assert (caught.value.trouble, caught.value.retry_after) == ("rate limited", wait)


def test_a_hostile_freshness_is_at_most_a_day(server: Server, fetcher: MakeFetcher) -> None:
    """A max-age of a million years is a day."""
    url = server.does("/fresh", says(reply(FEED, "Cache-Control: max-age=" + "9" * 60_000)))
    assert fetcher().fetch(url).fresh_for == 86_400.0


@pytest.mark.parametrize("hops", [5, 6])
def test_five_redirects_are_followed(server: Server, fetcher: MakeFetcher, hops: int) -> None:
    """The fifth redirect is followed, the sixth is not."""
    for hop in range(hops):
        server.does(f"/hop{hop}", redirects(f"/hop{hop + 1}"))
    server.does(f"/hop{hops}", says(reply()))
    expected = READ if hops == 5 else "more than 5 redirects"
    assert outcome(fetcher(), f"{server.base}/hop0") == expected


@pytest.mark.parametrize("target", ["/ping", "", "#top", "?", "//{host}/ping", "ping"])
def test_a_circle_of_redirects_ends(server: Server, fetcher: MakeFetcher, target: str) -> None:
    """A circle of two pages, or of one that refers to itself in whatever way, is left after five redirects."""
    server.does("/pong", redirects("/ping"))
    server.does("/ping?", redirects(""))
    url = server.does("/ping", redirects(target.format(host=f"{server.address}:{server.port}") if target else "/pong"))
    assert outcome(fetcher(), url) == "more than 5 redirects"


@pytest.mark.parametrize("target", ["good", "/a/good", "../a/good", "//{host}/a/good", "HTTP://{host}/a/good"])
def test_a_redirect_may_be_written_in_many_ways(server: Server, fetcher: MakeFetcher, target: str) -> None:
    """Relative, without a scheme, in capitals: what means the feed leads to it."""
    server.does("/a/good", says(reply()))
    url = server.does("/a/moved", redirects(target.format(host=f"{server.address}:{server.port}"), "308 P"))
    fetched = fetcher().fetch(url)
    assert (entries(fetched), fetched.url, fetched.hops) == (2, f"{server.base}/a/good", (308,))


def test_slow_redirects_share_one_deadline(server: Server, fetcher: MakeFetcher) -> None:
    """Redirects that each come just in time do not add up."""

    def slowly(sock: socket.socket, over: Any) -> None:
        over.wait(0.15)
        redirects("/slow")(sock, over)

    assert outcome(fetcher(timeout=0.4), server.does("/slow", slowly)) == "no complete answer within 0.4 s"


def test_a_redirect_to_a_neighbour_is_refused(server: Server, fetcher: MakeFetcher) -> None:
    """A server that may be private cannot send us to another address of its network, which hears nothing of it."""
    with serving("127.0.0.3") as neighbour:
        target = neighbour.does("/admin", says(reply()))
        line = outcome(fetcher(), server.does("/r", redirects(target)))
        assert line.startswith(f"127.0.0.3:{neighbour.port} is not a public address (127.0.0.3)")
        assert neighbour.requests == []


def test_no_secret_crosses_origins(server: Server, fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """A redirect elsewhere, there and back too, or with a password of its own, carries nothing that may be secret."""
    monkeypatch.setenv("HUNTER", "ann:hunter2")
    options = FeedOptions(login="env:HUNTER", cookie="env:HUNTER", headers=(("X-Key", "env:HUNTER"),))
    with serving("127.0.0.2") as other:
        reader = fetcher(other)
        there = other.does("/there", redirects(server.does("/back", says(reply()))))
        start = server.does("/r", redirects(there.replace("//", "//bob:s3cret@")))
        server.requests.clear()
        assert outcome(reader, start, options=options) == READ
        first, *later = [server.requests[0], *other.requests, *server.requests[1:]]
    assert first.count(b"hunter2") == 2
    assert b"authorization" in first
    assert len(later) == 2
    for head in later:
        assert not any(word in head.lower() for word in (b"hunter2", b"authorization", b"cookie", b"s3cret", b"bob"))


def test_an_answer_too_many_is_not_taken_for_the_next(server: Server, fetcher: MakeFetcher) -> None:
    """What a server sends beyond its answer, a whole second answer even, is nobody else's answer."""
    reader = fetcher()
    smuggled = reply(b"", status="410 Gone")
    for answer in (reply() + smuggled, reply(FEED + smuggled, f"Content-Length: {len(FEED)}", length=False)):
        assert outcome(reader, server.does("/more", stays(answer))) == READ
        assert outcome(reader, server.does("/next", stays(reply()))) == READ


def test_a_port_where_nobody_listens_is_named(fetcher: MakeFetcher) -> None:
    """A connection that is refused names the host and the port."""
    with serving("127.0.0.4") as closed:
        reader, url = fetcher(closed), closed.base
    assert outcome(reader, url) == f"cannot connect to 127.0.0.4:{closed.port}: connection refused"


def test_what_libraries_say_of_hostile_answers_is_not_logged(
    server: Server, fetcher: MakeFetcher, caplog: pytest.LogCaptureFixture
) -> None:
    """No warning with a whole address, which may hold a key, gets into the worker's log."""
    caplog.set_level("INFO")
    for name in ("header without a colon", "chunks and a false length", "NUL in headers"):
        outcome(fetcher(), server.does("/feed?key=hunter2", CASES[name][0]))
    assert caplog.text == ""


def test_a_listener_that_takes_nobody_is_left() -> None:
    """A listener that accepts nobody is left when the time is up."""
    with socket.create_server(("127.0.0.5", 0), backlog=1) as deaf:
        host, port = deaf.getsockname()
        client = GuardedClient(user_agent="t", allow=frozenset({f"{host}:{port}"}), timeout=0.4)
        assert outcome(HttpFetcher(client, secret), f"http://{host}:{port}/") == "no complete answer within 0.4 s"
        client.close()


def test_a_slow_one_does_not_hold_the_next(server: Server, fetcher: MakeFetcher) -> None:
    """After an exchange that was cut off, the same client reads the same server again."""
    reader = fetcher(timeout=0.4)
    assert outcome(reader, server.does("/slow", drips(reply(b"", length=False), b"x"))).startswith("no complete")
    assert outcome(reader, server.does("/good", says(reply()))) == READ
