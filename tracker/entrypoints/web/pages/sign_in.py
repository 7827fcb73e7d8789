"""The way in and out for who may write."""

import re
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.entrypoints.web.access import LONGEST_NAME, named
from tracker.entrypoints.web.room import Room
from tracker.entrypoints.web.writing import form_of, see, writing
from tracker.errors import UsageError

_HERE = re.compile(r"/(?![/\\])[!-\[\]-~]*")
"""The path of a page of ours: no other host's, and none that a browser would take for one."""
_TOKEN_WRONG = (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS)


def routes(room: Room) -> list[Route]:
    """Return the routes."""

    def asking(request: Request, to: str, status: int = 200, name: str = "", fault: str = "") -> Response:
        answer = room.page(
            request, "sign_in.html", status, to=_path(to), name=name, fault=fault, longest=LONGEST_NAME
        )  # fmt: skip
        answer.headers["Cache-Control"] = "no-store"
        return answer

    async def sign_in(request: Request) -> Response:
        if request.method != "POST":
            return asking(request, request.query_params.get("to", "/"))
        form = await form_of(request, room)
        to, name = form.get("to", "/"), form.get("name", "")
        try:
            name = named(name)
            room.access.check(request, form.get("token", ""))
        except UsageError as error:
            return asking(request, to, HTTPStatus.BAD_REQUEST, name, str(error))
        except HTTPException as error:
            if error.status_code not in _TOKEN_WRONG:
                raise
            answer = asking(request, to, error.status_code, name, error.detail)
            answer.headers.update(error.headers or {})
            return answer
        answer = see(_path(to))
        room.access.sign_in(answer, name)
        return answer

    def sign_out(request: Request, form: dict[str, str]) -> Response:
        del request, form
        answer = see("/")
        room.access.sign_out(answer)
        return answer

    return [
        Route("/sign-in", sign_in, methods=["GET", "POST"]),
        Route("/sign-out", writing(room, "/", sign_out), methods=["POST"]),
    ]


def _path(to: str) -> str:
    """Return where to go, the list of stories for what is no page of ours."""
    return to if _HERE.fullmatch(to) else "/"
