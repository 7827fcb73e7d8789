"""TLS: whom the client believes, and what it does with those who break off."""

from collections.abc import Callable, Iterator

import pytest

from tests.hostile.server import TLS, Behaviour, drips, redirects, reply, resets, says, serving
from tracker.adapters.http.client import GuardedClient
from tracker.errors import FetchError

MakeClient = Callable[..., GuardedClient]
SECRETS = {"authorization": "hunter2", "cookie": "hunter2", "x-key": "hunter2"}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeClient]:
    """Make clients that trust the throw-away authority of the tests, as they would a system's own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "authority.pem"))
    made: list[GuardedClient] = []

    def make(timeout: float = 20.0) -> GuardedClient:
        made.append(GuardedClient(user_agent="tracker-test/1", allow=frozenset({"loopback"}), timeout=timeout))
        return made[-1]

    yield make
    for one in made:
        one.close()


def refused(client: GuardedClient, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        client.get(url)
    assert str(caught.value).isprintable()
    return str(caught.value)


def test_a_server_with_a_good_certificate_is_read(client: MakeClient) -> None:
    """A certificate of a trusted authority, for that name and of this day, opens the way."""
    with serving(certificate="local") as server:
        assert client().get(server.does("/feed", says(reply(b"feed")))).body == b"feed"


@pytest.mark.parametrize(
    ("certificate", "line"),
    [
        ("self-signed-localhost", "TLS failed: certificate not accepted, self-signed certificate"),
        ("expired", "TLS failed: certificate not accepted, certificate has expired"),
        (
            "wrong-name",
            "TLS failed: certificate not accepted, IP address mismatch, certificate is not valid for '127.0.0.1'.",
        ),
    ],
)
def test_a_false_certificate_ends_the_exchange(client: MakeClient, certificate: str, line: str) -> None:
    """Nothing is asked of a server that cannot show who it is, and the line says what is wrong with it."""
    with serving(certificate=certificate) as server:
        assert refused(client(), server.does("/feed", says(reply()))) == line
        assert server.requests == []


@pytest.mark.parametrize(
    ("greeting", "line"),
    [
        (says(reply()), "TLS failed: wrong version number"),
        (says(b"220 mail.example ESMTP\r\n"), "TLS failed: wrong version number"),
        (says(b"\x16\x03\x03\x00\x05" + bytes(5)), "TLS failed: "),
        (says(b"\x15\x03\x03\x00\x02\x02\x28"), "TLS failed: sslv3 alert handshake failure"),
        (says(b""), "TLS failed: unexpected eof while reading"),
        (resets(), "the server closed the connection"),
        (drips(b"", b""), "no complete answer within 0.4 s"),
        (drips(b"\x16\x03\x03\x40\x00", b"\x02"), "no complete answer within 0.4 s"),
    ],
    ids=["plain HTTP", "mail", "noise", "alert", "hangs up", "resets", "silence", "drips"],
)
def test_a_broken_handshake_ends_in_time(client: MakeClient, greeting: Behaviour, line: str) -> None:
    """Whoever answers the greeting of TLS with something else, slowly or not at all, is left with a reason."""
    with serving(greeting=greeting) as server:
        said = refused(client(timeout=0.4), server.base.replace("http:", "https:"))
    assert said.startswith(line)


@pytest.mark.parametrize(
    ("behaviour", "line"),
    [
        (says(b""), "the server closed the connection"),
        (says(reply(b"half", "Content-Length: 99", length=False)), "the answer was cut short"),
        (drips(reply(b"", length=False), b"<"), "no complete answer within 0.4 s"),
    ],
    ids=["hangs up", "hangs up in the body", "drips"],
)
def test_a_broken_answer_over_tls_ends_in_time(client: MakeClient, behaviour: Behaviour, line: str) -> None:
    """Over TLS an answer is as little trusted as without."""
    with serving(certificate="local") as server:
        assert refused(client(timeout=0.4), server.does("/feed", behaviour)) == line


@pytest.mark.parametrize("there", [None, "local"], ids=["down to http", "to another port"])
def test_secrets_are_not_carried_down_to_plain_http(client: MakeClient, there: str | None) -> None:
    """The same host without TLS, or on another port, is another origin: it is sent nothing that may be secret."""
    with serving(certificate="local") as server, serving(certificate=there) as other:
        url = server.does("/feed", redirects(other.does("/feed", says(reply(b"feed"))), "301 Moved Permanently"))
        assert client().get(url, headers=SECRETS).body == b"feed"
        assert server.requests[0].count(b"hunter2") == 3
        assert b"hunter2" not in other.requests[0]
