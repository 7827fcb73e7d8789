"""A story in another form: to keep, to subscribe to, or for another program."""

from datetime import UTC
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.application.export import material
from tracker.domain.ids import slug
from tracker.entrypoints.web.api.answers import is_known, unchanged
from tracker.entrypoints.web.room import Room, moments_of, number_of
from tracker.errors import NotFound
from tracker.rendering.formats import FORMS
from tracker.rendering.view import StatusView

_FORMS = {form.suffix: form for form in FORMS.values()}


def routes(room: Room) -> list[Route]:
    """Return the route."""

    def export(request: Request) -> Response:
        story, moments = request.path_params["story"], moments_of(request)
        form = _FORMS.get(request.path_params["form"])
        if form is None:
            raise NotFound(f"a story is exported as {', '.join(_FORMS)}")
        given = material(
            room.app.log, room.views_of(story, moments), story, form, describe=room.app.describe,
            site=room.app.settings.serve.url, as_of=moments.as_of, valid_at=moments.valid_at,
            before=number_of(request, "before"),
        )  # fmt: skip
        body = "".join(form.write(given)).encode()
        entity = f'"{sha256(body).hexdigest()[:32]}"'
        named = f'attachment; filename="{_name(given.view)}.{form.suffix}"'
        headers = {"ETag": entity, "Content-Disposition": named}
        if is_known(request, entity):
            return unchanged(headers)
        return Response(body, media_type=form.media_type, headers=headers)

    return [Route("/story/{story}/export.{form}", export)]


def _name(view: StatusView) -> str:
    return f"{slug(view.id)}-{view.as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}"
