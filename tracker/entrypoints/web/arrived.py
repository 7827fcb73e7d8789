"""A page as of a moment that has not come is the page of now: its plain address says so."""

from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tracker.entrypoints.times import moment_of
from tracker.errors import UsageError
from tracker.ports.clock import Clock

_MOMENTS = ("as_of", "valid_at")


class Arrived:
    """Leads on to the address without the moments that have not come; for the pages of stories."""

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self._app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or lead on."""
        answer = self._app
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and scope["path"].startswith("/story/"):
            answer = self._plainer(Request(scope)) or answer
        await answer(scope, receive, send)

    def _plainer(self, request: Request) -> RedirectResponse | None:
        asked = request.query_params
        coming = [name for name in _MOMENTS if self._is_to_come(asked.get(name, ""))]
        if not coming:
            return None
        kept = [(name, value) for name, value in asked.multi_items() if name not in coming]
        where = f"{request.url.path}?{urlencode(kept)}" if kept else request.url.path
        return RedirectResponse(where, HTTPStatus.SEE_OTHER)

    def _is_to_come(self, text: str) -> bool:
        try:
            return bool(text) and moment_of(text, end_of_day=True) > self._clock()
        except UsageError:  # the page itself says what is wrong
            return False
