"""The JSON API: what the commands print, tagged, refused in one form, and without addresses for who has no token."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.adapters.sql.made import entry, tried
from tests.made import bridge
from tests.made.command_line import Tracker
from tests.made.page_desk import TOKEN, PageDesk, page_desk
from tracker.domain.events import NewEvent, StoryRenamed
from tracker.domain.feed_events import FeedAdded
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.entrypoints.web.api.about_stories import of_log
from tracker.entrypoints.web.api.asked import Asked
from tracker.entrypoints.web.api.questions import Made, Question
from tracker.entrypoints.web.room import Room
from tracker.ports.feeds import FeedOptions, FeedState
from tracker.ports.log import Notice
from tracker.ports.outbox import Attempt

API = "/api/v1"
STORY = f"{API}/stories/{bridge.STORY}"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[PageDesk]:
    """Return the page of the story of the bridge."""
    with page_desk(sqlite_url, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def shown(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageDesk]:
    """Return a page that nothing is written to."""
    home = tmp_path_factory.mktemp("shown")
    shutil.copy(sqlite_template, home / "tracker.db")
    with page_desk(f"sqlite:///{home / 'tracker.db'}", home) as made:
        yield made


def get(desk: PageDesk, path: str, **headers: str) -> dict[str, Any]:
    """Return the document at a path."""
    answer = desk.reader().get(path, **headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    document: dict[str, Any] = answer.json()
    return document


def rename(desk: PageDesk, title: str) -> None:
    """Record something of the story."""
    version = [recorded.version for recorded in desk.app.log.read(stream=bridge.STREAM)][-1]
    desk.clock.advance(desk.clock() + timedelta(minutes=1))
    desk.app.log.append(bridge.STREAM, version, [NewEvent(title, StoryRenamed(bridge.STORY, title), "person")])


def owe(desk: PageDesk) -> None:
    """Let somebody be told, by a mail server that quotes their address when it refuses."""
    log, told = desk.app.log, SubscriptionAdded("desk", "email", "ada@example.org", None, person="Ada")
    log.append("alerts", 0, [NewEvent("sub", told, "person")])
    log.append(
        "feed-wire", 0, [NewEvent("feed", FeedAdded("wire", "https://wire.example/rss", None, None), "person")],
        [Notice("desk", "feed", bridge.STORY)],
    )  # fmt: skip
    feed = FeedState("wire", "https://wire.example/rss", None, None, desk.clock(), desk.clock())
    desk.app.feeds.save(feed)
    desk.app.feeds.configure(FeedState(**{**vars_of(feed), "options": FeedOptions(login="env:WIRE")}))


def vars_of(state: FeedState) -> dict[str, Any]:
    """Return the fields of a feed."""
    return {name: getattr(state, name) for name in FeedState.__slots__}


def test_documents_are_those_of_the_commands(
    desk: PageDesk, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a command prints with --json is what the API answers, field by field; a page adds only where to go on."""
    tracker = Tracker(sqlite_url, capsys)

    def printed(*command: str) -> Any:
        return json.loads(tracker(*command))

    owe(desk)
    assert get(desk, f"{STORY}?whole=true") == printed("status", bridge.STORY, "--format", "json")
    past = printed("status", bridge.STORY, "--as-of", "2031-03-04", "--format", "json")
    assert get(desk, f"{STORY}?whole=true&as_of=2031-03-04") == past
    paged: dict[str, tuple[str, ...]] = {
        f"{API}/stories": ("story", "list", "--json"),
        f"{STORY}/timeline": ("timeline", bridge.STORY, "--json"),
        f"{STORY}/entries": ("story", "entries", bridge.STORY, "--json"),
        f"{API}/review": ("review", "list", "--json"),
        f"{API}/deliveries": ("alert", "list", "--json"),
    }
    for path, command in paged.items():
        assert get(desk, path, **BEARER) == printed(*command) | {"next": None}, path
    assert get(desk, f"{API}/feeds", **BEARER) == printed("feed", "list", "--json") | {"next": None}
    by_id = sorted(printed("story", "claims", bridge.STORY, "--json")["claims"], key=lambda claim: str(claim["id"]))
    assert get(desk, f"{STORY}/claims")["claims"] == by_id
    assert get(desk, f"{STORY}/developments/11") == printed("why", "11", "--json")
    lines = [json.loads(line) for line in tracker("log", "--format", "jsonl").splitlines()]
    assert get(desk, f"{API}/events", **BEARER)["events"] == lines


def test_a_report_of_a_long_story_is_bounded(shown: PageDesk) -> None:
    """Unless it is asked for whole, a report has no history of claims, and says so with null."""
    assert {claim["history"] for claim in get(shown, STORY)["claims"]} == {None}
    assert [step["position"] for step in get(shown, f"{STORY}/claims/S01")["history"]] == [4, 8, 11, 18]


def test_developments_are_those_that_are_wanted(shown: PageDesk) -> None:
    """Kind, claim, source, standing and words narrow the developments, alone and together."""
    found = {
        query: [told["position"] for told in get(shown, f"{STORY}/developments?{query}")["developments"]]
        for query in ("kind=update", "claim=S01", "source=Channel%20Nine", "standing=disputed", "q=JUDGE+inquiry")
    }
    assert found == {
        "kind=update": [11], "claim=S01": [18, 11, 8], "source=Channel%20Nine": [18, 13], "standing=disputed": [12],
        "q=JUDGE+inquiry": [13],
    }  # fmt: skip
    assert get(shown, f"{STORY}/developments?claim=S01&kind=update")["developments"][0]["position"] == 11


def test_an_answer_is_not_sent_again(desk: PageDesk) -> None:
    """The tag of every answer brings 304 without a body while nothing has come, and 200 once something has."""
    reader = desk.reader()
    lists = ("", "/claims", "/claims/S01", "/developments", "/timeline", "/entries", "/sources", "/developments/11")
    paths = [*(f"{STORY}{path}" for path in lists), f"{API}/stories", f"{API}/review", f"{API}/events"]
    tags = {path: reader.get(path).headers["etag"] for path in paths}
    assert len(set(tags.values())) == len(tags)
    for path, tag in tags.items():
        again = reader.get(path, **{"If-None-Match": f'"other", W/{tag}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), path
    rename(desk, "The bridge")
    for path, tag in tags.items():
        again = reader.get(path, **{"If-None-Match": tag})
        assert (again.status_code, again.headers["etag"] != tag) == (200, True), path


def test_a_tag_knows_what_the_log_does_not_say(desk: PageDesk) -> None:
    """A report is another one when a feed fails or a day passes without a poll, although nothing was recorded."""
    reader = desk.reader()
    feed = FeedState("post", "https://post.example/rss", "Harbour Post", bridge.STORY, desk.clock(), desk.clock())
    desk.app.feeds.save(feed)
    tags = [reader.get(STORY).headers["etag"]]
    desk.app.feeds.save(FeedState(**{**vars_of(feed), "failures": 3, "trouble": "wall"}))
    tags.append(reader.get(STORY).headers["etag"])
    desk.clock.advance(desk.clock() + timedelta(days=2))
    tags.append(reader.get(STORY).headers["etag"])
    assert len(set(tags)) == 3
    assert reader.get(STORY, **{"If-None-Match": tags[2]}).status_code == 304


def test_head_says_what_get_would_send(shown: PageDesk) -> None:
    """HEAD has the status and the headers of GET, the length as well, and no body."""
    client = shown.reader().client
    for path in (STORY, f"{STORY}/timeline?limit=1", f"{API}/feeds", f"{API}/openapi.json"):
        whole, head = client.get(path), client.head(path)
        assert (head.status_code, head.content, dict(head.headers)) == (200, b"", dict(whole.headers)), path


@pytest.mark.parametrize("name", ["as_of", "valid_at"])
def test_a_moment_that_has_not_come_is_now(shown: PageDesk, name: str) -> None:
    """Who asks for a moment to come gets what is known now, as on the page, and is not told that it is of then."""
    assert get(shown, f"{STORY}?{name}=2999-01-01") == get(shown, STORY)
    assert get(shown, f"{STORY}/timeline?{name}=2999-01-01")["timeline"] == get(shown, f"{STORY}/timeline")["timeline"]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nothing", 404, "Not Found"),
        ("/stories/harbor-bridge", 404, "did you mean harbour-bridge?"),
        ("/stories/harbor-bridge/timeline", 404, "did you mean harbour-bridge?"),
        ("/stories/harbour-bridge/claims/S1", 404, "has no claim S1"),
        ("/stories/harbour-bridge/entries/e99", 404, "no entry e99"),
        ("/stories/harbour-bridge/developments/1", 404, "not of story"),
        ("/stories/harbour-bridge/developments/99", 404, "the log ends at 20"),
        ("/stories/harbour-bridge/developments/x", 400, "position is a number from 1"),
        ("/stories/harbour-bridge?as_of=yesterday", 400, "is no time"),
        ("/stories/harbour-bridge?as_of=2031-03-01", 404, "was opened at 2031-03-03"),
        ("/stories/harbour-bridge?whole=1", 400, "whole is true or false"),
        ("/stories/harbour-bridge?since=last", 401, "send the token"),
        ("/stories/harbour-bridge/developments?kind=bad", 400, "kind is one of new, update"),
        ("/stories/harbour-bridge/timeline?limit=201", 400, "limit is a number from 1 to 200"),
        ("/stories/harbour-bridge/timeline?limit=", 400, "limit is empty"),
        ("/stories/harbour-bridge/timeline?limit=1&limit=2", 400, "limit is given 2 times"),
        ("/events?story=nope", 404, "no story nope"),
        ("/events?after=-1", 400, "after is a number from 0"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(shown: PageDesk, path: str, status: int, words: str) -> None:
    """A question that cannot be answered gets problem details of RFC 9457, with what is wrong in words."""
    answer = shown.reader().get(f"{API}{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    told = answer.json()
    assert told["status"] == status
    assert words in told["detail"]


def test_parameters_that_nobody_declared_are_left_alone(shown: PageDesk) -> None:
    """A parameter of a later version or of a proxy changes nothing of the document."""
    assert get(shown, f"{STORY}/timeline?utm_source=mail") == get(shown, f"{STORY}/timeline")


def test_methods_that_there_are_not(shown: PageDesk) -> None:
    """Another method is 405, with those that are allowed."""
    client = shown.reader().client
    assert set(client.delete(STORY).headers["allow"].split(", ")) == {"GET", "HEAD"}
    refused = client.get(f"{API}/review/17")
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    assert refused.headers["content-type"] == "application/problem+json"


def test_addresses_are_for_who_has_the_token(desk: PageDesk) -> None:
    """Without the token no address, person, reference or word of a server is in any answer; with it they are."""
    owe(desk)
    (delivery,) = desk.app.outbox.claim(desk.clock(), 1, timedelta(minutes=1))
    desk.app.outbox.settle([tried(delivery, Attempt("permanent", "550 no such user <ada@example.org>"), desk.clock())])
    secrets = ("ada@example.org", "env:WIRE")
    for path in (f"{API}/events?after=20", f"{API}/deliveries", f"{API}/feeds"):
        anybody, trusted = desk.reader().get(path), desk.reader().get(path, **BEARER)
        assert not any(secret in anybody.text for secret in secrets), path
        assert any(secret in trusted.text for secret in secrets), path
        assert anybody.headers["vary"] == "Authorization"
        assert anybody.headers["etag"] != trusted.headers["etag"]
    (row,) = get(desk, f"{API}/deliveries")["deliveries"]
    assert (row["subscription"], row["last_error"]) == ("desk", None)


def test_a_wrong_token_is_refused(shown: PageDesk) -> None:
    """Who sends a token must have the right one, also where nobody needs one."""
    answer = shown.reader().get(f"{API}/deliveries", Authorization="Bearer wrong")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_health_counts_what_the_views_lack(desk: PageDesk) -> None:
    """The health of the tracker is told without making up for anything: position, lag, feeds, deliveries."""
    before = get(desk, f"{API}/health")
    assert (before["position"], before["behind"]) == (20, 20)
    get(desk, STORY)
    assert get(desk, f"{API}/health")["behind"] == 0
    owe(desk)
    after = get(desk, f"{API}/health")
    assert (after["position"], after["feeds"], after["deliveries"]["pending"]) == (22, 1, 1)


def test_an_entry_has_its_versions(desk: PageDesk) -> None:
    """An entry comes with what it says and said, oldest first, the newest so many, as they were seen by a moment."""
    first = entry("e1", title="Bridge railing: eleven hurt", seen=bridge.OPENED)
    later = replace(first, title="Bridge railing: eleven injured", seen=bridge.OPENED + timedelta(hours=50))
    for version in (first, later):
        desk.app.archive.keep("post", [version], baseline=[False], seen=version.seen)
    whole = get(desk, f"{STORY}/entries/e1")
    assert [(one["title"], one["seen"]) for one in whole["versions"]] == [
        ("Bridge railing: eleven hurt", "2031-03-03T08:00:00Z"),
        ("Bridge railing: eleven injured", "2031-03-05T10:00:00Z"),
    ]
    assert (whole["entry"]["links"], whole["earlier"]) == (
        [{"claim": "S01", "relation": "corroborates", "position": 8}], 0,
    )  # fmt: skip
    newest = get(desk, f"{STORY}/entries/e1?limit=1")
    assert (newest["versions"], newest["earlier"]) == (whole["versions"][1:], 1)
    assert get(desk, f"{STORY}/entries/e1?as_of=2031-03-04")["versions"] == whole["versions"][:1]


def test_an_answer_of_no_one_moment_has_no_tag(desk: PageDesk) -> None:
    """Where something is recorded while an answer is made, it is sent without a tag: nobody can ask for it again."""

    def make(asked: Asked) -> Made:
        if "late" in asked.request.query_params:
            rename(desk, "Meanwhile")
        return Made({"title": "whatever it was"})

    site = Starlette(routes=[Question("/x", "x", "", dict, make, rests_on=of_log).route(Room(desk.app))])
    client = TestClient(site)
    assert "etag" in client.get(f"{API}/x").headers
    assert "etag" not in client.get(f"{API}/x?late=1").headers


@pytest.mark.parametrize("root", [API, f"{API}/"])
def test_the_root_leads_to_what_can_be_asked(shown: PageDesk, root: str) -> None:
    """Who asks for the API itself is led to the document that describes it."""
    answer = shown.reader().client.get(root, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{API}/openapi.json")
