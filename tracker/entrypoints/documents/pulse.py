"""Whether the worker is well."""

from typing import TypedDict

from tracker.rendering.documents.kinds import SCHEMA_VERSION, Version


class Pulse(TypedDict):
    """Whether the worker is `well`, and in words how that is known or why it is not."""

    schema_version: Version
    well: bool
    said: str


def pulse(said: str, *, well: bool) -> Pulse:
    """Return how the worker is."""
    return {"schema_version": SCHEMA_VERSION, "well": well, "said": said}
