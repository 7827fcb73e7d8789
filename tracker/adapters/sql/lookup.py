"""Looking up many values at once, and the turn that whoever changes the archive takes."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Executable

LOCK = 0x7472_6163_6B65_7202
"""Held by whoever takes entries in, notes what was judged of them, or erases them."""

_MANY = 500


def found(
    connection: Connection, statement: Executable, name: str, values: Iterable[Any], **more: Any
) -> list[tuple[Any, ...]]:
    """Return the rows of a query for many values of its parameter `name`, so many at a time as a statement takes."""
    asked = sorted(values)
    rows = (connection.execute(statement, more | {name: some}) for some in _some(asked))
    return [tuple(row) for result in rows for row in result]


def each(connection: Connection, statement: Executable, name: str, values: Iterable[Any], **more: Any) -> None:
    """Run a statement that changes rows for many values of its parameter `name`."""
    for some in _some(sorted(values)):
        connection.execute(statement, more | {name: some})


def _some(values: list[Any]) -> Iterable[list[Any]]:
    return (values[start : start + _MANY] for start in range(0, len(values), _MANY))
