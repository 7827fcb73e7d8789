"""Orders: what can be written with POST, by who has the token and says who they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Generic, TypeVar

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.entrypoints.web.api.answers import JSON, ROOT, answer
from tracker.entrypoints.web.api.asked import Asked, asked
from tracker.entrypoints.web.api.parameters import Parameter
from tracker.entrypoints.web.room import Room
from tracker.entrypoints.web.writing import body_of
from tracker.errors import UsageError

Body = TypeVar("Body")


@dataclass(frozen=True, slots=True)
class Order(Generic[Body]):
    """An order: where it is given, what it takes, what carries it out for somebody, and what that returns."""

    path: str
    name: str
    summary: str
    body: Any
    document: Any
    carry_out: Callable[[Asked, Body, str], Mapping[str, Any]]
    parameters: tuple[Parameter, ...]

    def route(self, room: Room) -> Route:
        """Return the route on which it is taken."""

        async def endpoint(request: Request) -> Response:
            room.access.bearer(request)
            _refuse_other_media(request)
            raw = await body_of(request)
            return await run_in_threadpool(self._answer, asked(room, request, self.parameters), raw)

        return Route(f"{ROOT}{self.path}", endpoint, methods=["POST"], name=self.name)

    def _answer(self, order: Asked, raw: bytes) -> Response:
        reader = order.reader()
        said: Body = _read(raw, self.body)
        try:
            return answer(order.request, self.carry_out(order, said, reader), {})
        except UsageError as error:
            raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error


def _refuse_other_media(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"What is sent here is {JSON}.", {"Accept": JSON})


def _read(raw: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"That is no JSON: {error}") from error
