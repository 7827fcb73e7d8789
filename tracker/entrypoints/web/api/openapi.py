"""The OpenAPI document, made from the questions and orders themselves."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from tracker import __version__
from tracker.entrypoints.web.api import about_stories, about_tracker, what_people_say
from tracker.entrypoints.web.api.answers import JSON, PROBLEM, ROOT, Problem
from tracker.entrypoints.web.api.asked import READER
from tracker.entrypoints.web.api.orders import Order
from tracker.entrypoints.web.api.parameters import Parameter
from tracker.entrypoints.web.api.questions import Question

QUESTIONS: tuple[Question, ...] = (*about_stories.QUESTIONS, *about_tracker.QUESTIONS)
ORDERS: tuple[Order[Any], ...] = what_people_say.ORDERS
_SCHEMAS = "#/components/schemas/{name}"
_TOKEN: list[Any] = [{"token": []}]
_ABOUT = """The documents that the commands print with `--json`. Times are RFC 3339 in UTC; `schema_version` grows when
a field goes or changes its meaning, and fields may be added.

A list comes in pages of `limit` items; `next` is the `cursor` of the next page, null at the end, and the header `Link`
leads there. A cursor stays good while events are recorded. A parameter that nobody declared is left alone; one that is
given twice, or cannot be what it should be, is refused. Every answer may be asked for again with `If-None-Match`.

To write, send `Authorization: Bearer TOKEN` and who you are in `Tracker-Reader`, percent-encoded."""
_REFUSALS = {
    400: "What was asked cannot be understood.",
    401: "The token is missing, or it is another one.",
    403: "The server is read only.",
    404: "There is nothing of that name.",
    408: "The body did not come whole in time.",
    409: "Somebody has said otherwise meanwhile; nothing was changed.",
    413: "The body is too long.",
    415: "The body is not JSON.",
    422: "The body is JSON, and not what is taken here.",
    429: "The token was wrong too often.",
    503: "The database does not answer.",
}
_READER = {
    "name": READER, "in": "header", "schema": {"type": "string", "minLength": 1, "maxLength": 40},
    "description": "Who reads or says this, percent-encoded UTF-8.",
}  # fmt: skip
_ETAG = {"ETag": {"description": "A strong entity tag, for `If-None-Match`.", "schema": {"type": "string"}}}
_LINK = {"Link": {"description": 'The next page, `rel="next"`; absent at the end.', "schema": {"type": "string"}}}
_PAGE = {
    "type": "object", "required": ["next"],
    "properties": {"next": {"description": "The cursor of the next page.", "type": ["string", "null"]}},
}  # fmt: skip


@lru_cache
def openapi() -> Mapping[str, Any]:
    """Return the document."""
    kinds = [
        *(one.document for one in QUESTIONS),
        *(kind for one in ORDERS for kind in (one.document, one.body)),
        Problem,
    ]
    refs, schemas = msgspec.json.schema_components(kinds, ref_template=_SCHEMAS)
    by_kind = dict(zip(kinds, refs, strict=True))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "tracker", "version": __version__, "summary": "Follow developing news stories.",
            "description": _ABOUT, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": ROOT}],
        "paths": {
            **{one.path: {"get": _question(one, by_kind[one.document])} for one in QUESTIONS},
            **{one.path: {"post": _order(one, by_kind[one.document], by_kind[one.body])} for one in ORDERS},
            "/openapi.json": {"get": _itself()},
        },
        "components": {
            "schemas": {**schemas, "Page": _PAGE},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "`serve.token`"}},
            "responses": {str(status): _refusal(words) for status, words in _REFUSALS.items()},
        },
    }  # fmt: skip


def _question(one: Question, document: Any) -> dict[str, Any]:
    reads_for_somebody = any(parameter.name == "since" for parameter in one.parameters) and "{story}" in one.path
    return {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [*map(_parameter, one.known), *([_READER] if reads_for_somebody else [])],
        "responses": {
            "200": {
                "description": "The document.",
                "headers": {**_ETAG, **(_LINK if one.paged else {})},
                "content": {JSON: {"schema": _page(document) if one.paged else document}},
                **({"links": {"next": _next(one)}} if one.paged else {}),
            },
            "304": {"description": "It is the same still."},
            **_refused([400, 404, 503], [401, 429] if one.fuller else []),
        },
        **({"security": [{}, *_TOKEN]} if one.fuller else {}),
    }


def _order(one: Order[Any], document: Any, body: Any) -> dict[str, Any]:
    return {
        "operationId": one.name,
        "summary": one.summary,
        "security": _TOKEN,
        "parameters": [*map(_parameter, one.parameters), {**_READER, "required": True}],
        "requestBody": {"required": True, "content": {JSON: {"schema": body}}},
        "responses": {
            "200": {"description": "What holds now.", "content": {JSON: {"schema": document}}},
            **_refused(_REFUSALS),
        },
    }


def _itself() -> dict[str, Any]:
    content = {JSON: {"schema": {"type": "object"}}}
    return {
        "operationId": "getOpenApi",
        "summary": "This document",
        "responses": {"200": {"description": "The document.", "headers": _ETAG, "content": content}},
    }


def _parameter(one: Parameter) -> dict[str, Any]:
    return {
        "name": one.name,
        "in": one.where,
        "description": one.description,
        "required": one.where == "path",
        "schema": one.schema,
    }


def _page(document: Any) -> dict[str, Any]:
    return {"allOf": [document, {"$ref": _SCHEMAS.format(name="Page")}]}


def _next(one: Question) -> dict[str, Any]:
    same = {parameter.name: f"$request.{parameter.where}.{parameter.name}" for parameter in one.parameters}
    return {"operationId": one.name, "parameters": {**same, "cursor": "$response.body#/next"}}


def _refused(*statuses: Iterable[int]) -> dict[str, Any]:
    return {str(status): {"$ref": f"#/components/responses/{status}"} for group in statuses for status in sorted(group)}


def _refusal(words: str) -> dict[str, Any]:
    return {"description": words, "content": {PROBLEM: {"schema": {"$ref": _SCHEMAS.format(name=Problem.__name__)}}}}
