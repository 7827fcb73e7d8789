"""One clear line for each way in which an exchange fails."""

import ssl
from http.client import HTTPException, LineTooLong
from http.client import IncompleteRead as BodyTooShort

from urllib3.exceptions import (
    DecodeError,
    IncompleteRead,
    InvalidChunkLength,
    LocationParseError,
    LocationValueError,
    ProtocolError,
    ProxyError,
    SSLError,
)
from urllib3.exceptions import TimeoutError as TimedOut

from tracker.errors import FetchError


def explain(error: Exception) -> FetchError:
    """Return the error to raise instead: a single line for a person, without addresses of objects.

    Its trouble tells a host that did not answer from one that answered badly.
    """
    if isinstance(error, ProxyError):
        return FetchError(f"the proxy failed: {explain(error.original_error)}")
    if isinstance(error, TimedOut | TimeoutError):
        return FetchError("no answer in time")
    if isinstance(error, SSLError | ssl.SSLError):
        return FetchError(f"TLS failed: {_tls(error)}")
    cause = _cause(error)
    if isinstance(cause, ConnectionError):
        return FetchError("the server closed the connection")
    return FetchError(_bad_answer(error, cause), trouble="broken")


_LINES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (DecodeError, "the answer is not compressed as it says"),
    ((IncompleteRead, BodyTooShort, InvalidChunkLength), "the answer was cut short"),
    ((LocationParseError, LocationValueError), "not a web address"),
    (LineTooLong, "the headers of the answer are too long"),
)


def _tls(error: Exception) -> str:
    cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"certificate not accepted, {cause.verify_message}"
    reason = getattr(cause, "reason", None)
    return str(reason).lower().replace("_", " ") if reason else _one_line(cause)


def _cause(error: Exception) -> Exception:
    cause = error.args[1] if isinstance(error, ProtocolError) and len(error.args) > 1 else None
    return cause if isinstance(cause, Exception) else error


def _bad_answer(error: Exception, cause: Exception) -> str:
    for kind, line in _LINES:
        if isinstance(error, kind) or isinstance(cause, kind):
            return line
    if isinstance(cause, HTTPException):
        return "the headers of the answer are too long" if "headers" in str(cause) else "the answer is not HTTP"
    return f"the exchange failed: {_one_line(cause)}"


def _one_line(error: object) -> str:
    shown = "".join(char if char.isprintable() else " " for char in str(error))
    return " ".join(shown.split())[:200]
