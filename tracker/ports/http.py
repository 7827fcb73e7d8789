"""The web: one guarded client serves feeds, articles and webhooks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from tracker.errors import FetchError


class AddressRefused(FetchError):
    """The address is one that is never talked to: another scheme, no host, or a network that is not public.

    Trying again does not help; the setting `worker.allow_private` may. Its trouble is "broken" where a redirect led
    there. `place`: the `host:port` to write into that setting, None where it would not help.
    """

    def __init__(self, message: str, place: str | None = None) -> None:
        super().__init__(message, trouble="unasked")
        self.place = place


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said, whatever the status. `url` is where the last hop led; header names are lower-case.

    `hops` are the statuses of the redirects that led there, in order.
    """

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    hops: tuple[int, ...] = ()


class HttpClient(Protocol):
    """Requests that cannot reach a private network, run for ever or fill the memory.

    All verbs raise FetchError when no complete answer came (`AddressRefused` when none will ever come). An answer of
    any status, 500 as well, is returned and not raised. Safe to use from many threads.
    """

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        proxy: str | None = None,
        visit: Callable[[str], bool] | None = None,
    ) -> Answer:
        """Return the answer at the end of at most five redirects, its body decompressed.

        An error's body is cut at 20 kB. Across origins a redirect carries nothing of `headers` that may be secret.
        `timeout` is in seconds for the whole exchange, redirects included; None is the client's own. `proxy` is the
        address of a proxy, named by whoever runs tracker: it is connected to wherever it stands, and what names stand
        for is then its business; private addresses in digits stay refused.

        `visit` is asked whether another host may be asked, in lower case, before a redirect is followed to it; HostBusy
        is raised where it says no.
        """

    def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str] | None = None, timeout: float | None = None
    ) -> Answer:
        """Return the answer to one POST; see `ask`."""

    def ask(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Answer:
        """Return the answer to one request, by its status, which is told once it came.

        Redirects are not followed. The body is as much of its first 20 kB as came: one that breaks off or takes too
        long is no fault. Nothing is sent twice.
        """

    def abort(self) -> None:
        """Make running and later requests fail at once with FetchError("stopping")."""

    def close(self) -> None:
        """Give back the connections."""
