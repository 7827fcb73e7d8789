"""Documents as JSON with a schema version; times are RFC 3339 in UTC."""

import json
import re
from collections.abc import Sequence

from tracker.rendering.documents.kinds import SCHEMA_VERSION
from tracker.rendering.documents.status import overview, status
from tracker.rendering.view import StatusView

__all__ = ["SCHEMA_VERSION", "dumps", "overview_json", "status_json"]

_RAW = re.compile(r"[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def dumps(document: object, *, indent: int | None = 2) -> str:
    """Return JSON that is readable in any script and yet safe to print.

    Control characters of the C1 range, those that turn the direction of writing and lone surrogates are escaped; JSON
    itself escapes the others.
    """
    return _RAW.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(document, ensure_ascii=False, indent=indent))


def status_json(view: StatusView) -> str:
    """Return how a story stands, as the document of `tracker status --format json`; of a report asked for whole."""
    return f"{dumps(status(view))}\n"


def overview_json(views: Sequence[StatusView]) -> str:
    """Return how several stories stand."""
    return f"{dumps(overview(views))}\n"
