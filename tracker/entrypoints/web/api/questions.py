"""Questions: what can be asked with GET, each declared once, for the routes and for the OpenAPI document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.entrypoints.web.api.answers import ROOT, answer, is_known, tag, unchanged
from tracker.entrypoints.web.api.asked import Asked, asked
from tracker.entrypoints.web.api.parameters import CURSOR, LIMIT, Parameter
from tracker.entrypoints.web.room import Room


class Made(NamedTuple):
    """A document; of a page also the key after which the next one begins, None at the end."""

    document: Mapping[str, Any]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question: where it is asked, what makes the answer, and of which type that is.

    `rests_on` returns what the answer follows from, where that costs less than the answer; without it the answer is
    made each time. `paged`: it comes in pages. `fuller`: it says more to who has the token.
    """

    path: str
    name: str
    summary: str
    document: Any
    make: Callable[[Asked], Made]
    parameters: tuple[Parameter, ...] = ()
    rests_on: Callable[[Asked], object] | None = None
    paged: bool = False
    fuller: bool = False

    @property
    def known(self) -> tuple[Parameter, ...]:
        """All parameters that it takes."""
        return (*self.parameters, *((LIMIT, CURSOR) if self.paged else ()))

    def route(self, room: Room) -> Route:
        """Return the route on which it is answered."""

        def endpoint(request: Request) -> Response:
            return self._answer(asked(room, request, self.known))

        return Route(f"{ROOT}{self.path.replace('{claim}', '{claim:path}')}", endpoint, name=self.name)

    def _answer(self, question: Asked) -> Response:
        request = question.request
        headers = {"Vary": "Authorization"} if self.fuller else {}
        base = self.rests_on(question) if self.rests_on else None
        if self.rests_on and is_known(request, entity := tag(request, base)):
            return unchanged({**headers, "ETag": entity})
        made = self.make(question)
        document = {**made.document, "next": self._next(question, made)} if self.paged else made.document
        if made.after is not None:
            headers["Link"] = f'<{self._following(question, made.after)}>; rel="next"'
        if self.rests_on is None:
            base = document
        elif self.rests_on(question) != base:
            return answer(
                request, document, headers
            )  # the log has moved on meanwhile: of which moment it is, who knows
        headers["ETag"] = tag(request, base)
        return unchanged(headers) if is_known(request, headers["ETag"]) else answer(request, document, headers)

    def _next(self, question: Asked, made: Made) -> str | None:
        return None if made.after is None else question.cursor(made.after)

    def _following(self, question: Asked, after: str) -> str:
        request = question.request
        kept = [item for item in request.query_params.multi_items() if item[0] != CURSOR.name]
        return f"{_quoted(request)}?{urlencode([*kept, (CURSOR.name, question.cursor(after))])}"


def _quoted(request: Request) -> str:
    """Return the path as it was asked for."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return raw.decode("ascii", "replace").partition("?")[0]
