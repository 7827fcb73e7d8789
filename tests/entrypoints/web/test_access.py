"""Who may write: whoever has shown the token, from our own pages, and nobody else."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import Request

from tests.made import bridge
from tests.made.page_desk import FORM, TOKEN, PageDesk, Reader, page_desk, secret
from tests.made.streams import BEGIN, calm
from tracker.application.replay import SimulatedClock
from tracker.config import Serve
from tracker.entrypoints.cli.main import run
from tracker.entrypoints.web.access import LASTS, Access, named
from tracker.entrypoints.web.once import get
from tracker.entrypoints.web.tries import OF_ONE, PLACES, WITHIN, Tries
from tracker.entrypoints.web.writing import LONGEST, body_of
from tracker.errors import UsageError

REVIEW = "/review/14"
SAID = {"said": "confirm", "seen": "22", "before": "0", "next": "0"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageDesk]:
    home = tmp_path_factory.mktemp("desk")
    with page_desk(f"sqlite:///{home / 'tracker.db'}", home) as made:
        yield made


@pytest.fixture
def fresh_desk(sqlite_url: str, tmp_path: Path) -> Iterator[PageDesk]:
    with page_desk(sqlite_url, tmp_path) as made:
        yield made


def signed_in(reader: Reader, name: str = "Ada") -> bool:
    """Tell whether the site knows a reader by name."""
    return f'<span dir="auto">{name}</span>' in reader.get("/").text


def session(reader: Reader) -> tuple[str, str]:
    """Return name and value of a reader's cookie."""
    ((name, value),) = reader.client.cookies.items()
    return name, value


def test_without_a_token_the_page_is_read_only(sqlite_url: str, tmp_path: Path) -> None:
    """Nobody can sign in, nothing can be written, and the page says so."""
    with page_desk(sqlite_url, tmp_path, token=None) as desk:
        reader, head = desk.reader(), desk.app.log.head()
        assert reader.sign_in(token="").status_code == 403
        assert "serve.token" in reader.get("/sign-in").text
        assert 'method="post"' not in reader.get("/review").text
        assert reader.post(REVIEW, SAID).headers["location"].startswith("/sign-in?")
        assert desk.app.log.head() == head


def test_a_token_is_long(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that could be guessed is refused when the page starts."""
    monkeypatch.setenv("TRACKER_SERVE_TOKEN", secret(tmp_path, "fifteen bytes.."))
    assert run(["--database-url", sqlite_url, "serve", "--get", "/"]) == 2
    monkeypatch.setenv("TRACKER_SERVE_TOKEN", secret(tmp_path, "sixteen bytes..."))
    assert run(["--database-url", sqlite_url, "serve", "--get", "/"]) == 0


def test_who_has_the_token_signs_in_by_name(desk: PageDesk) -> None:
    """They are led on to where they were, known by name from then on, and not any more once they have signed out."""
    reader = desk.reader()
    answer = reader.sign_in("Ada", to="/review")
    assert (answer.status_code, answer.headers["location"]) == (303, "/review")
    assert signed_in(reader)
    assert not signed_in(desk.reader())
    answer = reader.post("/sign-out", {"csrf": reader.csrf})
    assert answer.headers["location"] == "/"
    assert not reader.client.cookies
    assert not signed_in(reader)


@pytest.mark.parametrize(
    ("url", "name", "secure"),
    [
        (None, "tracker", False),
        ("http://localhost:9000", "tracker", False),
        ("https://desk.example.org", "__Host-tracker", True),
    ],
)
def test_a_session_is_a_cookie_that_only_the_page_gets(
    sqlite_url: str, tmp_path: Path, url: str | None, name: str, *, secure: bool
) -> None:
    """No script reads it and no other site sends it; over TLS it never travels without."""
    with page_desk(sqlite_url, tmp_path, url=url) as desk:
        cookie = SimpleCookie(desk.reader().sign_in().headers["set-cookie"])[name]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "strict", "/", "")
    assert bool(cookie["secure"]) is secure
    assert int(cookie["max-age"]) == LASTS.total_seconds()


def test_a_session_ends(fresh_desk: PageDesk, tmp_path: Path) -> None:
    """After its time, though the browser keeps it; and for everybody once the token is another."""
    reader = fresh_desk.reader()
    reader.sign_in()
    fresh_desk.clock.advance(fresh_desk.clock() + LASTS - timedelta(seconds=1))
    assert signed_in(reader)
    stolen = {"Cookie": "=".join(session(reader))}
    fresh_desk.clock.advance(fresh_desk.clock() + timedelta(seconds=1))
    assert ">Ada</span>" not in fresh_desk.reader().get("/", **stolen).text
    again = fresh_desk.reader()
    again.sign_in()
    kept = {"Cookie": "=".join(session(again))}
    assert ">Ada</span>" in fresh_desk.reader().get("/", **kept).text
    with page_desk(f"sqlite:///{tmp_path / 'other.db'}", tmp_path, token="another token than before") as other:
        assert ">Ada</span>" not in other.reader().get("/", **kept).text


@calm
@given(at=st.integers(0, 10_000), by=st.characters(codec="ascii", categories=("L", "N")))
def test_a_cookie_that_was_changed_is_nobodys(tmp_path_factory: pytest.TempPathFactory, at: int, by: str) -> None:
    """Whatever is changed of name, time or signature, and whatever else is sent in its place."""
    access = Access(Serve(token=secret(tmp_path_factory.getbasetemp(), TOKEN)), lambda: BEGIN)
    ours = access._sessions.dumps(("Ada", int(BEGIN.timestamp())))
    changed = ours[: at % len(ours)] + by + ours[at % len(ours) + 1 :]
    other = Access(Serve(token=secret(tmp_path_factory.getbasetemp(), "another token than before")), lambda: BEGIN)
    for cookie in (
        changed if changed[:-1] != ours[:-1] else "",
        "",
        ".",
        ours[:-2],
        ours + "A",
        other._sessions.dumps("x"),
    ):
        assert access.visitor(asked(cookie=f"tracker={cookie}")).name is None
    assert access.visitor(asked(cookie=f"tracker={ours}")).name == "Ada"


def asked(**headers: str) -> Request:
    """Return a request with some headers."""
    named = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return Request({"type": "http", "headers": named, "client": ("192.0.2.1", 1)})


def test_wrong_tries_are_few(fresh_desk: PageDesk) -> None:
    """An address that was wrong ten times waits, right or not; nobody else does, however many are wrong."""
    reader, other = fresh_desk.reader(), fresh_desk.reader("192.0.2.2")
    wrong = [reader.sign_in(token=f"guess {nth}") for nth in range(OF_ONE)]
    assert {answer.status_code for answer in wrong} == {401}
    assert not any("set-cookie" in answer.headers for answer in wrong)
    refused = reader.sign_in()
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "300")
    assert "try again in 300 seconds" in refused.text
    assert other.sign_in().status_code == 303
    for nth in range(10 * OF_ONE):
        assert fresh_desk.reader(f"2001:db8:0:{nth:x}::1").sign_in(token="guess").status_code == 401
    assert fresh_desk.reader("192.0.2.3").sign_in().status_code == 303
    assert signed_in(other)
    fresh_desk.clock.advance(fresh_desk.clock() + WITHIN)
    assert reader.sign_in().status_code == 303


@calm
@given(
    st.lists(
        st.tuples(st.integers(0, 15), st.sampled_from(["192.0.2.1", "2001:db8::1", "2001:db8::2"]), st.booleans()),
        min_size=40,
        max_size=80,
    )
)
def test_no_window_holds_more_wrong_tries_than_it_may(tries: list[tuple[int, str, bool]]) -> None:
    """However they come: of one address (of IPv6, network) few wrong ones are answered within any five minutes."""
    clock, answered = SimulatedClock(BEGIN), list[tuple[datetime, str]]()
    limit = Tries(clock)
    for seconds, address, right in tries:
        clock.advance(clock() + timedelta(seconds=seconds))
        wait = limit.take(address, right=right)
        place = "2001:db8" if address.startswith("2001") else address
        window = [one for one in answered if one[1] == place and clock() - one[0] < WITHIN]
        assert (wait == 0) == (len(window) < OF_ONE)
        if wait == 0 and not right:
            answered.append((clock(), place))


def test_the_wrong_tries_of_many_take_little_memory() -> None:
    """Of more addresses than are kept, those are forgotten that were wrong longest ago; the others still wait."""
    limit, last = Tries(SimulatedClock(BEGIN)), f"host-{PLACES}"
    for _ in range(OF_ONE):
        assert limit.take(last, right=False) == limit.take("first", right=False) == 0
    for nth in range(PLACES - 1):
        limit.take(f"host-{nth}", right=False)
    assert limit.take("first", right=True) > 0
    assert limit.take(last, right=True) == 0


def test_what_another_site_sends_does_nothing(desk: PageDesk) -> None:
    """A page of another site, or of another port of this machine, cannot write in the name of who has signed in."""
    reader, head = desk.reader(), desk.app.log.head()
    reader.sign_in()
    form = {**SAID, "csrf": reader.csrf}
    origins = ({"Origin": one} for one in ("https://evil.example", "null", "http://localhost:9999", "http://localhost"))
    sites = ({"Sec_Fetch_Site": one} for one in ("cross-site", "same-site", "none"))
    for headers in (*origins, *sites):
        for path in (REVIEW, f"/story/{bridge.STORY}/looked", "/sign-out", "/sign-in"):
            assert reader.post(path, form, **headers).status_code == 403
    assert desk.app.log.head() == head
    assert signed_in(reader)
    assert reader.post(REVIEW, form).status_code == 303


def test_a_form_is_of_its_session(desk: PageDesk) -> None:
    """One without its mark, with that of another session, or sent as anything but a form, does nothing."""
    reader, other, head = desk.reader(), desk.reader(), desk.app.log.head()
    reader.sign_in("Ada")
    other.sign_in("Bob")
    for csrf in ("", "x" * 43, other.csrf, "é"):
        assert reader.post(REVIEW, {**SAID, "csrf": csrf}).status_code == 403
    assert reader.post(REVIEW, SAID).status_code == 403
    for kind in ("text/plain", "application/json", "multipart/form-data; boundary=x", ""):
        assert reader.post(REVIEW, {**SAID, "csrf": reader.csrf}, Content_Type=kind).status_code == 415
    many = {**SAID, "csrf": reader.csrf, **{f"f{nth}": "" for nth in range(50)}}
    assert reader.post(REVIEW, many).status_code == 400
    assert reader.post(REVIEW, {**SAID, "csrf": reader.csrf, "said": "nothing"}).status_code == 400
    assert desk.app.log.head() == head


def test_who_is_not_signed_in_is_asked_to(desk: PageDesk) -> None:
    """A form of a session that has ended records nothing, and leads to the way in and from there to its page."""
    answer = desk.reader().post(f"/story/{bridge.STORY}/looked", {"position": "3"})
    assert answer.headers["location"] == f"/sign-in?to=%2Fstory%2F{bridge.STORY}"


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "/\n/evil.example", "javascript:alert(1)", "", "evil.example", "/é", " /", "/x\r\nSet-Cookie: a=b",
    ],
)  # fmt: skip
def test_signing_in_leads_to_no_other_site(desk: PageDesk, to: str) -> None:
    """Whatever the address says, it goes on to a page of ours."""
    answer = desk.reader().sign_in(to=to)
    assert answer.headers["location"] == "/"
    assert [name for name in answer.headers if name == "set-cookie"] == ["set-cookie"]
    assert 'name="to" value="/"' in desk.reader().client.get("/sign-in", params={"to": to}).text


def test_signing_in_leads_back(desk: PageDesk) -> None:
    """A page of ours with its query is where the reader goes on."""
    assert desk.reader().sign_in(to="/story/a%2Fb?claim=S01").headers["location"] == "/story/a%2Fb?claim=S01"


@pytest.mark.parametrize("name", ["", "   ", "\x1b[2J", "\u200b", "x" * 41])
def test_a_name_says_who(desk: PageDesk, name: str) -> None:
    """None, one that shows nothing, and one that fills a line are refused, before the token is looked at."""
    reader = desk.reader()
    assert reader.sign_in(name, token="wrong").status_code == 400
    assert not reader.client.cookies


def test_a_name_is_one_harmless_line(desk: PageDesk) -> None:
    """Line breaks, escape sequences and markup in a name reach neither a header nor a page as such."""
    name = 'A\r\nSet-Cookie: a=b\x1b[31m<b>\u202eé;"'
    assert named(name) == 'A Set-Cookie: a=b<b>é;"'
    reader = desk.reader()
    answer = reader.sign_in(name)
    assert "a=b" not in answer.headers["set-cookie"]
    assert signed_in(reader, "A Set-Cookie: a=b&lt;b&gt;é;&#34;")
    with pytest.raises(UsageError):
        named("x" * 41)


@pytest.mark.parametrize("path", ["/", "/review", REVIEW, "/sign-in", f"/story/{bridge.STORY}", "/livez"])
def test_other_methods_are_refused(desk: PageDesk, path: str) -> None:
    """A method that the site does not know is answered with those that it does."""
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"):
        answer = desk.reader().client.request(method, path)
        assert answer.status_code == 405
        assert set(answer.headers["allow"].split(", ")) <= {"GET", "HEAD", "POST"}
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_body_is_short(desk: PageDesk) -> None:
    """One that is longer than any form of ours is refused, and so is one that cannot be read."""
    reader = desk.reader()
    reader.sign_in()
    assert reader.post(REVIEW, {"csrf": "x" * LONGEST}).status_code == 413
    answer = reader.client.post(REVIEW, content=b"csrf=\xff\xfe", headers={"Content-Type": FORM})
    assert answer.status_code == 400


def test_a_body_comes_in_time() -> None:
    """One that never ends, or whose sender has gone, is not waited for."""

    async def slow() -> dict[str, Any]:
        await asyncio.sleep(60)
        raise AssertionError

    async def gone() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    for receive in (slow, gone):
        request = Request({"type": "http", "method": "POST", "headers": []}, receive)
        with pytest.raises(HTTPException) as refused:
            asyncio.run(body_of(request, patience=0.01))
        assert refused.value.status_code == 408


@pytest.mark.parametrize(
    "path",
    [
        "/static/x/../access.py", "/static/x/..%2faccess.py", "/static/..%2f..%2f/page.css", "/static/x/..",
        "/static/x/.", "/static/x/%2e%2e%2faccess.py", "/static/x/", "/static/x/page.css%00",
        "/static/x/%2fetc%2fpasswd",
        "/static/x/PAGE.CSS", "/static/x/..\\access.py", "/static//etc/passwd", "/static/../../../etc/passwd",
        "/static/x/page.css/..",
    ],
)  # fmt: skip
def test_only_files_that_ship_with_the_page_are_served(desk: PageDesk, path: str) -> None:
    """No way of writing a path leads out of their folder."""
    status, body = get(desk.site, path)
    assert status == 404
    assert b"root:" not in body
    assert b"import" not in body


def test_a_program_sends_the_token_itself(desk: PageDesk, tmp_path: Path) -> None:
    """What a program may write needs the token in its header; a session says nothing, and wrong tokens are counted."""
    access = Access(Serve(token=secret(tmp_path, TOKEN)), desk.clock)
    access.bearer(asked(authorization=f"Bearer {TOKEN}"))
    access.bearer(asked(authorization=f"bearer  {TOKEN} "))
    reader = desk.reader()
    reader.sign_in()
    cookie = "=".join(session(reader))
    for headers in ({}, {"cookie": cookie}, {"authorization": f"Basic {TOKEN}"}, {"authorization": "Bearer"}):
        with pytest.raises(HTTPException) as refused:
            access.bearer(asked(**headers))
        assert refused.value.status_code == 401
        assert refused.value.headers == {"WWW-Authenticate": "Bearer"}
    for nth in range(OF_ONE + 1):
        with pytest.raises(HTTPException) as refused:
            access.bearer(asked(authorization=f"Bearer ü{nth}"))
    assert refused.value.status_code == 429
    with pytest.raises(HTTPException) as refused:
        Access(Serve(), desk.clock).bearer(asked(authorization="Bearer x"))
    assert refused.value.status_code == 403
