"""What has come since a page was loaded, told to whoever still reads it."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pytest
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from tests.made import bridge
from tests.made.page_desk import PageDesk, page_desk
from tracker.application.review import review
from tracker.domain.claims import Relation
from tracker.entrypoints.web.server import WebServer, open_socket
from tracker.entrypoints.web.streams import MOST, News, Place, Streams
from tracker.errors import StoreError

LIVE = f"/story/{bridge.STORY}/live"


@dataclass
class Events:
    """The events of a stream, one after the other."""

    answer: BinaryIO

    def next(self) -> tuple[int, int]:
        """Return the id of the next event, and how many it says are new."""
        found: dict[str, str] = {}
        while not {"id", "data"} <= found.keys():
            name, _, value = self.answer.readline().decode().rstrip("\n").partition(": ")
            found[name] = value
        told = json.loads(found["data"])
        assert told["more"] is False
        return int(found["id"]), told["new"]

    def new(self) -> int:
        """Return how many are new, once any are."""
        while not (number := self.next()[1]):
            pass
        return number


@dataclass
class Running:
    """A page that is served."""

    desk: PageDesk
    port: int
    server: WebServer

    @contextmanager
    def follow(self, query: str = "", *headers: str) -> Iterator[Events]:
        """Ask for a stream as a browser does."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line, line.makefile("rb") as answer:
            line.sendall("\r\n".join([f"GET {LIVE}{query} HTTP/1.0", "Host: localhost", *headers, "", ""]).encode())
            assert answer.readline().split()[1] == b"200"
            while answer.readline().strip():
                pass
            yield Events(answer)


@pytest.fixture
def running(sqlite_url: str, tmp_path: Path) -> Iterator[Running]:
    with page_desk(sqlite_url, tmp_path) as desk:
        listening = open_socket("127.0.0.1:0")
        server = WebServer(desk.site, listening)
        server.start()
        yield Running(desk, listening.getsockname()[1], server)
        server.stop()


def test_who_reads_is_told_of_what_comes(running: Running) -> None:
    """The number since the page was loaded comes at once and whenever it changes; each reader has their own."""
    with running.follow("?after=20") as reader, running.follow("?after=10") as earlier:
        assert reader.next() == (20, 0)
        before = earlier.new()
        review(running.desk.app, 14, "confirmed", "person:Ada")
        assert reader.next() == (21, 1)
        assert earlier.next() == (21, before + 1)


def test_who_was_cut_off_goes_on(running: Running) -> None:
    """What counts is the page that is read; who has none goes on after the last event they got, or begins now."""
    with running.follow("?after=10", "Last-Event-ID: 20") as reader:
        assert reader.new() > 1
    review(running.desk.app, 14, "confirmed", "person:Ada")
    with running.follow("", "Last-Event-ID: 20") as told, running.follow("", "Last-Event-ID: x") as begins:
        assert told.new() == 1
        review(running.desk.app, 14, "relabelled", "person:Ada", Relation.DENIES)
        assert begins.new() == 2


def test_waiting_readers_hold_no_thread(running: Running) -> None:
    """With more streams than there are threads for requests, pages are served, and every reader is told."""
    with ExitStack() as held:
        readers = [held.enter_context(running.follow("?after=20")) for _ in range(60)]
        threads = threading.active_count()
        line = held.enter_context(socket.create_connection(("127.0.0.1", running.port), timeout=30))
        line.sendall(f"GET /story/{bridge.STORY} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        assert line.makefile("rb").readline().split()[1] == b"200"
        assert {reader.next() for reader in readers} == {(20, 0)}
    assert threads < 60


def test_what_is_no_stream_is_refused(running: Running) -> None:
    """An unknown story and a place that is none are told at once; who only asks for the headers is not kept."""
    reader = running.desk.reader()
    assert reader.get("/story/none/live").status_code == 404
    assert reader.get(f"{LIVE}?after=x").status_code == 400
    answer = reader.client.head(LIVE)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/event-stream")


class Database:
    """What the streams look at: it counts the looks, and can fail."""

    def __init__(self) -> None:
        self.looks = 0
        self.head = 1

    def look(self, waited: Mapping[str, frozenset[int]]) -> Mapping[Place, News]:
        """Tell of everything that is waited at."""
        self.looks += 1
        if self.looks == 1:
            raise StoreError("away")
        return {
            (story, after): News(self.head, f"{self.head // 10}")
            for story, places in waited.items()
            for after in places
        }


async def told(stream: StreamingResponse, most: int) -> list[str]:
    """Return so many chunks of a stream."""
    found: list[str] = []
    async for chunk in stream.body_iterator:
        found.append(str(chunk))
        if len(found) == most:
            break
    return found


def test_one_look_serves_everybody() -> None:
    """However many wait, the database is looked at once for all; one that is away is asked again."""
    database = Database()

    async def many() -> list[list[str]]:
        waiting = Streams(database.look, every=0.01)
        readers = [waiting.follow((f"story-{nth % 7}", nth)) for nth in range(MOST)]
        with pytest.raises(HTTPException) as refused:
            waiting.follow(("story-0", 1))
        assert (refused.value.status_code, refused.value.headers) == (503, {"Retry-After": "60"})
        found = await asyncio.gather(*(told(one, 2) for one in readers))
        waiting.close()
        return found

    found = asyncio.run(many())
    assert found == [["retry: 5000\n\n", "event: new\nid: 1\ndata: 0\n\n"]] * MOST
    assert database.looks < 20


def test_only_what_changes_is_sent() -> None:
    """As long as the number is the same the reader hears no more than that we are there; then the stream ends."""
    database = Database()

    async def one() -> list[str]:
        waiting = Streams(database.look, every=0.01, beat=0.02)
        found: list[str] = []
        async for chunk in waiting.follow(("story", 1)).body_iterator:
            found.append(str(chunk))
            database.head = 2 if len(found) < 5 else 10
            if "data: 1" in found[-1]:
                waiting.close()
        with pytest.raises(HTTPException):
            waiting.follow(("story", 1))
        return found

    begun, *found = asyncio.run(one())
    assert begun == "retry: 5000\n\n"
    assert sum(chunk.startswith("event") for chunk in found) == 2
    assert found[-1] == "event: new\nid: 10\ndata: 1\n\n"
