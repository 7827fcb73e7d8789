"""The events of a story, a JSON object a line, and as of when they are."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tracker.projections.rows import stamp, stamp_or_none
from tracker.rendering.json_report import SCHEMA_VERSION, dumps
from tracker.rendering.view import StatusView


def lines(view: StatusView, described: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line an event, given as JSON-ready values, and a last one of the type "as_of", which no event has.

    It is the last so that whoever does not find it knows that the file was cut off.
    """
    for event in described:
        yield f"{dumps(event, indent=None)}\n"
    end = {
        "type": "as_of",
        "schema_version": SCHEMA_VERSION,
        "story": view.id,
        "as_of": stamp(view.as_of),
        "valid_at": stamp_or_none(view.valid_at),
        "position": view.head.position,
        "head": view.head.hash,
    }
    yield f"{dumps(end, indent=None)}\n"
