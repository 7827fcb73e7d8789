"""The driver's own cursor, for statements so short that the library's way to them costs more than they do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


@contextmanager
def bare_cursor(connection: Connection) -> Iterator[Any]:
    """Yield a cursor of a connection's driver, which is in the connection's transaction.

    The driver's errors leave as those of the library do, DBAPIError; a connection that was lost is given up.
    """
    dialect = connection.dialect
    driver: Any = dialect.loaded_dbapi
    cursor = connection.connection.cursor()
    try:
        yield cursor
    except driver.Error as error:
        lost = dialect.is_disconnect(error, connection.connection, cursor)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            None, None, error, driver.Error, connection_invalidated=lost, dialect=dialect
        ) from error
    finally:
        cursor.close()
