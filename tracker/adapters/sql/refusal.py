"""What the database refused, as one line for a person and with no password in it."""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tracker.errors import Conflict, StoreError

# By SQLite's result code (its first two parts) or PostgreSQL's SQLSTATE.
_SAID = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "it may only be read: the file, its folder or its disk is write-protected",
    "SQLITE_CANTOPEN": "it cannot be opened: is the folder there, and may it be written to?",
    "SQLITE_PERM": "access to the file is denied",
    "SQLITE_AUTH": "access to the file is denied",
    "SQLITE_NOTADB": "the file is not a database",
    "SQLITE_CORRUPT": "the file is damaged",
    "SQLITE_BUSY": "it is locked by another process",
    "SQLITE_LOCKED": "it is locked by another process",
    "SQLITE_IOERR": "reading or writing the file failed",
    "28P01": "the server refuses the password",
    "28000": "the server refuses this user",
    "3D000": "the server has no database of that name",
    "42501": "this user may not do that",
    "53100": "the server's disk is full",
    "53300": "the server has no connection left",
    "55P03": "it is locked by another process",
    "57014": "the server took too long",
    "25006": "the server may only be read",
    "57P03": "the server is starting or stopping",
}
# What SQLite would have said of a file that cannot be opened, by the system's number.
_FILE_SAID = {
    errno.EACCES: "SQLITE_READONLY",
    errno.EPERM: "SQLITE_READONLY",
    errno.EROFS: "SQLITE_READONLY",
    errno.ENOENT: "SQLITE_CANTOPEN",
    errno.ENOTDIR: "SQLITE_CANTOPEN",
    errno.ENOSPC: "SQLITE_FULL",
    errno.EDQUOT: "SQLITE_FULL",
}
# libpq gives no SQLSTATE for a connection that never came about, and SQLite says no more than "error" of a statement.
_WORDS = {
    "password authentication failed": "the server refuses the password",
    "no password supplied": "the server wants a password",
    "does not exist": "the server has no such user or database",
    "Connection refused": "no server listens there",
    "No such file or directory": "no server listens there",
    "could not translate host name": "there is no such host",
    "failed to resolve host": "there is no such host",
    "Name or service not known": "there is no such host",
    "timeout expired": "the server does not answer",
    "connection timeout": "the server does not answer",
    "no such table": "it holds no tables of tracker; `tracker db upgrade` makes them",
    "too many clients": "the server has no connection left",
}
_UNIQUE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID", "23505")


class ConnectionLost(StoreError):
    """The connection broke; whether a commit under way took place is not known."""


@contextmanager
def refusals(url: URL) -> Iterator[None]:
    """Let every error of the library or a driver leave as StoreError; a violated unique constraint as Conflict."""
    try:
        yield
    except SQLAlchemyError as error:
        raise explain(error, url) from error


def explain(error: SQLAlchemyError, url: URL) -> StoreError:
    """Return the error to raise in place of one of the library's."""
    where = name_of(url)
    if isinstance(error, PoolTimeout):
        return StoreError(f"{where}: every connection is in use")
    if not isinstance(error, DBAPIError):
        return StoreError(f"{where}: {_line(str(error), url)}")
    code = _code(error)
    if code in _UNIQUE:
        return Conflict(f"{where}: another writer was first")
    line = f"{where}: {_meaning(code, error, url)}"
    return ConnectionLost(line) if error.connection_invalidated else StoreError(line)


def no_turn(url: URL) -> StoreError:
    """Return the error for writers who waited for the lock in vain: the one that SQLite's own lock gives."""
    return StoreError(f"{name_of(url)}: {_SAID['SQLITE_BUSY']}")


def no_file(url: URL, error: OSError) -> StoreError:
    """Return the error for a file beside a SQLite database that the system does not open."""
    code = _FILE_SAID.get(error.errno or 0, "SQLITE_IOERR")
    return StoreError(f"{name_of(url)}: {_SAID[code]}")


def name_of(url: URL) -> str:
    """Return what a person calls the database: its file, or its address without the password."""
    if url.get_backend_name() == "sqlite":
        return f"database {url.database or 'in memory'}"
    port = f":{url.port}" if url.port else ""
    host = url.host or url.query.get("host") or "localhost"
    return f"database {url.database or ''} at {host if isinstance(host, str) else ', '.join(host)}{port}"


def _code(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None) or ""


def _meaning(code: str, error: DBAPIError, url: URL) -> str:
    said = str(error.orig)
    for known, meaning in _SAID.items():
        if code == known or code.startswith(f"{known}_"):
            return meaning
    if code == "42P01":
        return _WORDS["no such table"]
    if code in ("", "SQLITE_ERROR"):
        return next((meaning for words, meaning in _WORDS.items() if words in said), _line(said, url))
    return _line(said, url)


def _line(said: str, url: URL) -> str:
    first = re.sub(r"\s+", " ", said.strip().split("\n")[0])
    password = str(url.password) if url.password else ""
    return (first.replace(password, "***") if password else first) or "it refused without a word"
