"""Writing over the API: with the token and a name, as JSON, each order whole or not at all."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.made import bridge
from tests.made.page_desk import TOKEN, PageDesk, page_desk
from tracker.domain.events import FindingReviewed

API = "/api/v1"
LOOKED = f"{API}/stories/{bridge.STORY}/looked"
DOUBT = 14
KNOWN = {
    "Authorization": f"Bearer {TOKEN}",
    "Tracker-Reader": "Zo%C3%AB",
    "Content-Type": "application/json",
}


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[PageDesk]:
    """Return the page of the story of the bridge."""
    with page_desk(sqlite_url, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def still(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageDesk]:
    """Return a page on which nothing that is tried is written."""
    home = tmp_path_factory.mktemp("still")
    shutil.copy(sqlite_template, home / "tracker.db")
    with page_desk(f"sqlite:///{home / 'tracker.db'}", home) as made:
        yield made


def post(desk: PageDesk, path: str, body: Any, **headers: str | None) -> tuple[int, Any, dict[str, str]]:
    """Send a body; return status, document and headers."""
    named = {**KNOWN, **{name.replace("_", "-"): value for name, value in headers.items()}}
    sent = {name: value for name, value in named.items() if value is not None}
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = desk.reader().client.post(path, content=raw, headers=sent)
    kind = "application/json" if answer.status_code == 200 else "application/problem+json"
    assert answer.headers["content-type"] == kind
    return answer.status_code, answer.json(), dict(answer.headers)


def test_a_finding_is_reviewed(desk: PageDesk) -> None:
    """What a person says is recorded under their name, once, and shown where the finding is."""
    path = f"{API}/review/{DOUBT}"
    status, said, _ = post(desk, path, {"verdict": "confirmed"})
    assert (status, said) == (200, {
        "schema_version": 1, "finding": DOUBT, "verdict": "confirmed", "relation": None, "position": 21, "new": True,
    })  # fmt: skip
    assert post(desk, path, {"verdict": "confirmed", "seen": 20})[1] == said | {"new": False}
    (recorded,) = desk.app.log.read(after=20)
    assert (recorded.event, recorded.actor) == (FindingReviewed(DOUBT, "confirmed", None, "S03"), "person:Zoë")
    told = desk.reader().get(f"{API}/stories/{bridge.STORY}/developments/{DOUBT}").json()["told"]
    assert (told["verdict"], told["needs_review"]) == ("confirmed", False)
    assert desk.reader().get(f"{API}/review").json()["findings"] == []
    assert post(desk, path, {"verdict": "relabelled", "relation": "denies"})[1]["position"] == 22


def test_nobody_overrules_what_they_do_not_know_of(desk: PageDesk) -> None:
    """Who looked before somebody else said otherwise is told so, and nothing is recorded."""
    post(desk, f"{API}/review/{DOUBT}", {"verdict": "confirmed"})
    status, told, _ = post(desk, f"{API}/review/{DOUBT}", {"verdict": "rejected", "seen": 20}, Tracker_Reader="Bob")
    assert (status, "meanwhile Zoë said" in told["detail"], desk.app.log.head()) == (409, True, 21)


def test_a_mark_moves_forward_and_is_read_with_the_token(desk: PageDesk) -> None:
    """How far somebody has read is kept under their name, and `since=last` begins there; it never moves back."""
    assert post(desk, LOOKED, {"position": 12})[1] == {
        "schema_version": 1, "story": bridge.STORY, "reader": "Zoë", "position": 12, "at": "2031-03-04T04:00:00Z",
    }  # fmt: skip
    assert post(desk, LOOKED, {"position": 5})[1]["position"] == 12
    asked = {"Authorization": KNOWN["Authorization"], "Tracker-Reader": KNOWN["Tracker-Reader"]}
    reader, path = desk.reader(), f"{API}/stories/{bridge.STORY}?since=last"
    before = reader.get(path, **asked)
    assert [told["position"] for told in before.json()["news"]] == [13, 15, 16, 18, 19]
    assert (before.json()["looked"], before.json()["since"]) == (True, "2031-03-04T04:00:00Z")
    moved = post(desk, LOOKED, {"position": 2**63 - 1, "as_of": before.json()["as_of"]})[1]
    assert (moved["position"], moved["at"]) == (19, "2031-03-06T11:00:00Z")
    after = reader.get(path, **asked, **{"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.json()["news"]) == (200, [])
    stranger = reader.get(path, Authorization=KNOWN["Authorization"], **{"Tracker-Reader": "Bob"}).json()
    assert (stranger["looked"], len(stranger["news"])) == (False, 8)


@pytest.mark.parametrize(
    ("body", "headers", "status", "words"),
    [
        ({"verdict": "confirmed"}, {"Authorization": None}, 401, "send the token"),
        ({"verdict": "confirmed"}, {"Authorization": "Basic eDp5"}, 401, "send the token"),
        ({"verdict": "confirmed"}, {"Authorization": "Bearer of bad news"}, 401, "not the token"),
        ({"verdict": "confirmed"}, {"Tracker_Reader": None}, 400, "the header Tracker-Reader"),
        ({"verdict": "confirmed"}, {"Tracker_Reader": "x" * 41}, 400, "at most 40"),
        ({"verdict": "confirmed"}, {"Content_Type": "text/plain"}, 415, "application/json"),
        ({"verdict": "confirmed"}, {"Content_Type": None}, 415, "application/json"),
        (b"verdict=confirmed", {}, 400, "That is no JSON"),
        (b'{"verdict": "confirmed"', {}, 400, "That is no JSON"),
        (b'{"verdict": "\xff"}', {}, 400, "That is no JSON"),
        ({}, {}, 422, "verdict"),
        ([], {}, 422, "object"),
        ({"verdict": "perhaps"}, {}, 422, "perhaps"),
        ({"verdict": "relabelled"}, {}, 422, "relation"),
        ({"verdict": "relabelled", "relation": "new"}, {}, 422, "new"),
        ({"verdict": "confirmed", "relaton": "denies"}, {}, 422, "relaton"),
        ({"verdict": "confirmed", "seen": 0}, {}, 422, ">= 1"),
        (b" " * 10_001, {}, 413, "10000 bytes"),
    ],
)
def test_what_cannot_be_written_changes_nothing(
    still: PageDesk, body: Any, headers: dict[str, str | None], status: int, words: str
) -> None:
    """An order without token, name or JSON of the declared form is refused in words, and nothing is recorded."""
    answered, told, borne = post(still, f"{API}/review/{DOUBT}", body, **headers)
    assert (answered, told["status"], still.app.log.head()) == (status, status, 20)
    assert words in told["detail"]
    assert (borne.get("www-authenticate") == "Bearer") == (status == 401)


@pytest.mark.parametrize(("position", "status"), [(1, 404), (99, 404), (0, 400), ("x", 400), (13, 409)])
def test_what_is_no_finding_cannot_be_reviewed(still: PageDesk, position: int | str, status: int) -> None:
    """An event that is no finding is not found, and a new claim has no relation to be given another."""
    assert post(still, f"{API}/review/{position}", {"verdict": "relabelled", "relation": "denies"})[0] == status
    assert still.app.log.head() == 20


def test_a_mark_that_cannot_be(still: PageDesk) -> None:
    """A mark needs a story that there is, and a moment that is one."""
    assert post(still, f"{API}/stories/nope/looked", {"position": 3})[0] == 404
    assert post(still, LOOKED, {"position": 3, "as_of": "soon"})[0] == 422
    assert post(still, LOOKED, {"position": "3"})[0] == 422


@pytest.mark.parametrize("wrong", [{"as_of": "soon"}, {"as_off": "2031-03-04"}])
def test_a_wrong_mark_is_refused_wherever_it_is(desk: PageDesk, wrong: dict[str, str]) -> None:
    """What a mark must not say is refused also where it lies behind what was read, and would change nothing."""
    assert post(desk, LOOKED, {"position": 12})[0] == 200
    assert [post(desk, LOOKED, {"position": at, **wrong})[0] for at in (5, 12, 13)] == [422, 422, 422]


def test_a_name_that_is_too_long_is_refused_whatever_is_asked(still: PageDesk) -> None:
    """A reader who says who they are has at most 40 characters for it, also where nothing rests on it."""
    reader, path = still.reader(), f"{API}/stories/{bridge.STORY}"
    for query in ("", "?since=2031-03-04"):
        assert reader.get(f"{path}{query}", **{"Tracker-Reader": "x" * 40}).status_code == 200
        refused = reader.get(f"{path}{query}", **{"Tracker-Reader": "x" * 41})
        assert (refused.status_code, "at most 40" in refused.json()["detail"]) == (400, True)


def test_a_session_of_the_page_writes_nothing_here(desk: PageDesk) -> None:
    """A browser that has signed in bears a cookie, which another site could make it send: the API wants the token."""
    reader = desk.reader()
    reader.sign_in()
    body = {"verdict": "confirmed"}
    assert reader.client.post(f"{API}/review/{DOUBT}", json=body, headers={"Tracker-Reader": "Ada"}).status_code == 401
    assert desk.app.log.head() == 20


def test_without_a_token_nobody_writes(sqlite_url: str, tmp_path: Path) -> None:
    """A server without `serve.token` is read only: 403, and a token that is sent along shows nothing more."""
    with page_desk(sqlite_url, tmp_path, token=None) as desk:
        assert post(desk, LOOKED, {"position": 3})[0] == 403
        answer = desk.reader().get(f"{API}/events", Authorization="Bearer anything")
        assert answer.status_code == 200
