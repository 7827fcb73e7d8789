"""What the browser sends to be written: taken from our own pages and from who has signed in, whole and not too long."""

import hmac
from asyncio import timeout
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import parse_qsl, quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from tracker.entrypoints.web.numbers import whole_number
from tracker.entrypoints.web.room import Room, visitor_of
from tracker.errors import UsageError

Form = dict[str, str]
Endpoint = Callable[[Request], Awaitable[Response]]

LONGEST = 10_000
"""Bytes that a body has at most."""
PATIENCE = 5.0
"""Seconds in which a body has to come."""
_FIELDS = 20


async def body_of(request: Request, *, longest: int = LONGEST, patience: float = PATIENCE) -> bytes:
    """Return the body of a request. Raises HTTPException: 413 for one too long, 408 for one too slow (in seconds)."""
    body = b""
    try:
        async with timeout(patience):
            async for chunk in request.stream():
                body += chunk
                if len(body) > longest:
                    raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"That is more than {longest} bytes.")
    except (TimeoutError, ClientDisconnect) as error:
        raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, "The request did not come whole in time.") from error
    return body


async def form_of(request: Request, room: Room) -> Form:
    """Return the fields of a form that one of our own pages sent. Raises HTTPException, UsageError."""
    room.access.refuse_strangers(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "A form is sent as application/x-www-form-urlencoded.")
    try:
        body = (await body_of(request)).decode("ascii")
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=_FIELDS, errors="strict"))
    except ValueError as error:
        raise UsageError("The form cannot be read.") from error


def writing(room: Room, back: str, write: Callable[[Request, Form], Response]) -> Endpoint:
    """Return what answers a POST: `write`, in a thread, for somebody who has signed in and sent our own form.

    Who has not, or not any more, is asked to sign in, and led on to the page `back`, made with the path's parameters.
    """

    async def endpoint(request: Request) -> Response:
        form = await form_of(request, room)
        visitor = visitor_of(request)
        if not visitor.may_write:
            named = {name: quote(str(value), safe="") for name, value in request.path_params.items()}
            return see(f"/sign-in?{urlencode({'to': back.format(**named)})}")
        if not hmac.compare_digest(form.get("csrf", "").encode(), visitor.csrf.encode()):
            raise HTTPException(HTTPStatus.FORBIDDEN, "The form is of another session; load the page again.")
        return await run_in_threadpool(write, request, form)

    return endpoint


def see(address: str) -> Response:
    """Return the answer that leads from a form to a page."""
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def number(form: Form, field: str) -> int:
    """Return a field that holds a position, 0 or more. Raises UsageError."""
    found = whole_number(form.get(field, ""), least=0)
    if found is None:
        raise UsageError(f"The form needs a position as its field {field}.")
    return found
