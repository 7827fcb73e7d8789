"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

from tracker.adapters.sql.moments import from_microseconds, microseconds

WHOLE = BigInteger().with_variant(Integer(), "sqlite")
"""64-bit integer; INTEGER on SQLite, where a primary key of that name is the table itself and needs no index."""

NAME = Text().with_variant(Text(collation="C"), "postgresql")
"""Identifier, ordered by code point on both databases whatever the server's locale."""


def words(value: str | None) -> str | None:
    """Return text that every database takes: NUL, which PostgreSQL refuses, and halves of characters are replaced."""
    return None if value is None else value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


class Words(TypeDecorator[str]):
    """Free text from elsewhere, see `words`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 (SQLAlchemy's signature)
        """Return text that every database takes."""
        return words(value)


class Moment(TypeDecorator[datetime]):
    """A moment kept as BIGINT microseconds since 1970 in UTC: the same bytes, order and arithmetic everywhere."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ARG002 (SQLAlchemy's signature)
        """Return microseconds for the database."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment."""
        return None if value is None else from_microseconds(value)
