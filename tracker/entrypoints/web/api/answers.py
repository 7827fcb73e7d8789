"""What the answers of the API have in common."""

from http import HTTPStatus

from starlette.responses import Response

from tracker.rendering.json_report import dumps

ROOT = "/api/v1"


def problem(status: int, words: str) -> Response:
    """Return what went wrong, as RFC 9457 has it."""
    told = {"title": HTTPStatus(status).phrase, "status": status, "detail": words}
    return Response(f"{dumps(told)}\n", status, media_type="application/problem+json")
