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


def explain(error: Exception) -> str:
    """Return what went wrong, for a person; a single line without addresses of objects."""
    if isinstance(error, ProxyError):
        return f"the proxy failed: {explain(error.original_error)}"
    for kind, line in _LINES:
        if isinstance(error, kind):
            return line
    if isinstance(error, SSLError | ssl.SSLError):
        return f"TLS failed: {_tls(error)}"
    if isinstance(error, ProtocolError):
        return _protocol(error)
    return f"the exchange failed: {_one_line(error)}"


_LINES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    ((TimedOut, TimeoutError), "no answer in time"),
    (DecodeError, "the answer is not compressed as it says"),
    ((IncompleteRead, InvalidChunkLength), "the answer was cut short"),
    ((LocationParseError, LocationValueError), "not a web address"),
)


def _tls(error: Exception) -> str:
    cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"certificate not accepted, {cause.verify_message}"
    reason = getattr(cause, "reason", None)
    return str(reason).lower().replace("_", " ") if reason else _one_line(cause)


def _protocol(error: ProtocolError) -> str:
    cause = error.args[1] if len(error.args) > 1 else error.__cause__
    if isinstance(cause, IncompleteRead | BodyTooShort):
        return "the answer was cut short"
    if isinstance(cause, LineTooLong) or "headers" in str(cause):
        return "the headers of the answer are too long"
    if isinstance(cause, ConnectionError):
        return "the server closed the connection"
    if isinstance(cause, HTTPException):
        return "the answer is not HTTP"
    return f"the exchange failed: {_one_line(cause or error)}"


def _one_line(error: object) -> str:
    shown = "".join(char if char.isprintable() else " " for char in str(error))
    return " ".join(shown.split())[:200]
