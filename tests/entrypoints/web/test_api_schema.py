"""The OpenAPI document against the server that it describes: what it says is answered, what it does not is refused."""

import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from schemathesis import GenerationMode, engine
from schemathesis import openapi as loader
from schemathesis.engine import events
from schemathesis.specs.openapi.definitions import OPENAPI_31

from tests.made import bridge
from tests.made.page_desk import TOKEN, PageDesk, page_desk
from tracker.bootstrap import App
from tracker.entrypoints.web.api.openapi import ORDERS, QUESTIONS, openapi
from tracker.entrypoints.web.serving import serving

API = "/api/v1"
BEARER = {"Authorization": f"Bearer {TOKEN}", "Tracker-Reader": "Ada"}
FORMATS = FormatChecker(())
NAMED = {"story": bridge.STORY, "claim": "S01", "entry": "e1", "position": "11"}


@pytest.fixture(scope="module")
def desk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageDesk]:
    """Return the page of the story of the bridge."""
    home = tmp_path_factory.mktemp("schema")
    shutil.copy(sqlite_template, home / "tracker.db")
    with page_desk(f"sqlite:///{home / 'tracker.db'}", home) as made:
        yield made


def is_utc(value: object) -> bool:
    """Tell whether a text is a time of RFC 3339 in UTC; what is no text is of no format."""
    return not isinstance(value, str) or (value.endswith("Z") and datetime.fromisoformat(value).tzinfo is not None)


FORMATS.checks("date-time", raises=ValueError)(is_utc)


def validator(schema: Mapping[str, Any]) -> Draft202012Validator:
    """Return what checks values against a schema of the document."""
    whole = {**schema, "components": openapi()["components"]}
    return Draft202012Validator(whole, format_checker=FORMATS)


def answers(operation: Mapping[str, Any], status: int) -> Mapping[str, Any]:
    """Return what an operation says of an answer."""
    said: Mapping[str, Any] = operation["responses"][str(status)]
    reference = said.get("$ref", "")
    return openapi()["components"]["responses"][reference.rpartition("/")[2]] if reference else said


def test_every_schema_is_one() -> None:
    """The document is OpenAPI 3.1, each schema in it JSON Schema of 2020-12, and every reference leads somewhere."""
    document = json.loads(json.dumps(openapi()))
    Draft202012Validator(OPENAPI_31).validate(document)
    for name, schema in document["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert schema.get("description") or name == "Page", f"{name} says nothing of itself"
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                Draft202012Validator.check_schema(parameter["schema"])
    for reference in references(document):
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def references(value: Any) -> Iterator[str]:
    """Yield every reference in a document."""
    if isinstance(value, Mapping):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def test_every_route_is_described(desk: PageDesk) -> None:
    """The routes of the API are those of the document, and each operation has a name of its own."""
    routes = {
        (route.path.removeprefix(API).replace(":path", ""), method.lower())
        for route in desk.site.routes
        if route.path.startswith(f"{API}/") and route.path != f"{API}/"  # the root only leads to the document
        for method in route.methods - {"HEAD"}
    }
    described = {(path, method) for path, operations in openapi()["paths"].items() for method in operations}
    assert routes == described
    names = [one["operationId"] for path in openapi()["paths"].values() for one in path.values()]
    assert len(names) == len(set(names)) == len(QUESTIONS) + len(ORDERS) + 1


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_every_answer_is_of_its_schema(desk: PageDesk, question: Any) -> None:
    """Each question, with the token and without it, now and of the past, is answered with what its schema says."""
    path, operation = question.path.format(**NAMED), openapi()["paths"][question.path]["get"]
    check = validator(answers(operation, 200)["content"]["application/json"]["schema"])
    taken = {parameter.name for parameter in question.known}
    asked = {"limit": "2", "as_of": "2031-03-05", "whole": "true"}
    for query in ({}, {name: value for name, value in asked.items() if name in taken}):
        for headers in ({}, BEARER):
            answer = desk.reader().get(f"{API}{path}?{urlencode(query)}", **headers)
            assert answer.status_code == 200
            check.validate(answer.json())
            assert answer.headers.keys() >= {name.lower() for name in answers(operation, 200)["headers"]} - {"link"}


def test_every_refusal_is_of_its_schema(desk: PageDesk) -> None:
    """What went wrong is told in the form that the document promises for that status."""
    for path, query, status in (("/stories/{story}", "", 404), ("/events", "?after=x", 400)):
        answer = desk.reader().get(f"{API}{path.format(story='nope')}{query}")
        said = answers(openapi()["paths"][path]["get"], status)
        validator(said["content"][answer.headers["content-type"]]["schema"]).validate(answer.json())
        assert answer.status_code == status


def leaping(app: App, moment: datetime) -> None:
    """Let so much time pass between two questions that a wrong token was long ago."""
    now = [moment]

    def clock() -> datetime:
        now[0] += timedelta(minutes=6)
        return now[0]

    app.clock = clock


def test_the_server_does_what_the_document_says(sqlite_url: str, tmp_path: Path) -> None:
    """Whatever is made up from the document, right or wrong, is answered as it says: by every check of schemathesis."""
    with page_desk(sqlite_url, tmp_path) as desk:
        # Wrong tokens are tried: between two questions so much time passes that no earlier one counts.
        leaping(desk.app, desk.clock())
        schema = loader.from_asgi(f"{API}/openapi.json", serving(desk.app), headers={"Host": "localhost"})
        schema.hook(without_cursor)
        schema.config.update(
            base_url=f"http://localhost{API}", headers=BEARER, continue_on_failure=True,
            parameters={"path.story": bridge.STORY, "path.claim": "S01", "path.entry": "e1"},
        )  # fmt: skip
        schema.config.generation.update(
            max_examples=2, deterministic=True, no_shrink=True, database="none", modes=list(GenerationMode)
        )
        schema.config.phases.update(phases=["coverage", "fuzzing"])
        asked, wrong = 0, list[str]()
        for event in engine.from_schema(schema.exclude(operation_id=ALIKE)).execute():
            assert not isinstance(event, events.NonFatalError | events.FatalError), event
            if isinstance(event, events.ScenarioFinished):
                asked += len(event.recorder.cases)
                wrong += failures(event.recorder)
    assert wrong == []
    assert asked > 700


ALIKE = ["listClaims", "listEntries", "listSources", "listReview"]
"""Questions that take what others take, and are read by the same lines: their answers are checked above."""


def without_cursor(context: Any, case: Any) -> Any:
    """Leave out what nobody can make up: a cursor is handed out by a list, for that list."""
    del context
    (case.query or {}).pop("cursor", None)
    return case


without_cursor.__name__ = "map_case"  # the name says when schemathesis calls it


def failures(recorder: Any) -> Iterator[str]:
    """Yield what failed, with what was asked."""
    for name, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                asked = recorder.interactions[name].request
                yield f"{asked.method} {asked.uri} {asked.body!r}: {check.name}: {check.failure_info.failure}"
