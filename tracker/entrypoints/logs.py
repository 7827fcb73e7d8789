"""The worker's log: lines for people on a terminal, one JSON object a line otherwise; secrets are struck out.

Everything goes this way, the libraries' own lines, too. Other commands have no log.
"""

import logging
import re
import sys
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from tracker.config import Log, seen_secrets
from tracker.entrypoints.cli.terminal import colour
from tracker.rendering.plain import line

STRUCK = "***"
_ALWAYS = ("timestamp", "level", "event")
_LONGEST = 2000
"""Characters of one field."""
_QUIET = ("alembic", "apscheduler", "asyncio", "procrastinate", "psycopg", "sqlalchemy", "urllib3", "uvicorn")
"""Libraries whose everyday doings nobody wants to read."""

_OPENS = r"(?:password|passwd|pwd|passphrase|secret|token|api[-_]?key|access[-_]?key|signature|credentials?)"
_FIELD = re.compile(rf"(?i)(?:^|[-_.]){_OPENS}$|^(?:proxy-)?authorization$|^(?:set-)?cookie$|^key$")
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), by)
    for pattern, by in (
        (r"\b((?:proxy-)?authorization|(?:set-)?cookie)([\"']?\s*[:=]\s*)[^\r\n]+", rf"\1\2{STRUCK}"),
        (r"\b(bearer|basic)\s+[a-z0-9+/=._~-]{8,}", rf"\1 {STRUCK}"),
        (r"\bwhsec_[a-z0-9+/=]+", f"whsec_{STRUCK}"),
        # In addresses: who is logged in there, ...
        (r"([a-z][a-z0-9+.-]*://)[^\s/?#]*@", rf"\1{STRUCK}@"),
        # ... chat services, whose addresses are keys from end to end, ...
        (
            r"\b(?!(?:https?|wss?|feed|file|sqlite|postgres(?:ql)?)(?:\+\w+)?://)([a-z][a-z0-9+.-]*://)\S+",
            rf"\1{STRUCK}",
        ),
        (r"(hooks\.slack\.com/|discord(?:app)?\.com/api/webhooks/|api\.telegram\.org/bot)\S+", rf"\1{STRUCK}"),
        # ... links that end a subscription, and parameters that open doors.
        (r"(/unsubscribe/)\S+", rf"\1{STRUCK}"),
        (rf"([?&;][^=&\s]*(?:{_OPENS}|auth|key|sig)[^=&\s]*=)[^&#\s]+", rf"\1{STRUCK}"),
        (rf"\b([\w-]*{_OPENS}[\"']?\s*[=:]\s*[\"']?)(?!env:|file:)[^\s\"',;&#]+", rf"\1{STRUCK}"),
    )
)


def set_up(log: Log) -> None:
    """Send every line to stderr from now on, as the settings say."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(as_json=_as_json(log, sys.stderr), stream=sys.stderr))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(log.level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def redact(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Strike secrets out of a line: by the name of the field, by their form, and those that the settings name."""
    del logger, name
    known = seen_secrets()
    return {key: STRUCK if _FIELD.search(key) and value else _struck(value, known) for key, value in event.items()}


def struck(text: str, known: tuple[str, ...] = ()) -> str:
    """Return a text without what looks like a secret, and without the secrets that are known."""
    for value in known:
        text = text.replace(value, STRUCK)
    for pattern, by in _RULES:
        text = pattern.sub(by, text)
    return text


def _struck(value: Any, known: tuple[str, ...]) -> Any:
    match value:
        case str():
            return struck(value, known)
        case dict():
            return redact(None, "", value)
        case list() | tuple():
            return [_struck(one, known) for one in value]
        case None | bool() | int() | float():
            return value
        case _:
            return struck(repr(value), known)


def _formatter(*, as_json: bool, stream: TextIO) -> logging.Formatter:
    shown: list[Processor] = (
        [structlog.processors.JSONRenderer(ensure_ascii=False)]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(
                colors=colour(stream),
                pad_event_to=0,
                pad_level=False,
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
    )
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso" if as_json else "%Y-%m-%d %H:%M:%S", utc=as_json),
            structlog.processors.format_exc_info,
            redact,
            _one_line,
            _first_things_first,
            *shown,
        ],
        foreign_pre_chain=[structlog.stdlib.add_logger_name],
    )


def _one_line(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Keep a publisher's words from breaking the line, or from speaking to the terminal."""
    del logger, name
    return {
        key: line(value, _LONGEST) if isinstance(value, str) and key != "exception" else value
        for key, value in event.items()
    }


def _first_things_first(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Put what every line has before what only some have."""
    del logger, name
    return {key: event[key] for key in (*_ALWAYS, *event) if key in event}


def _as_json(log: Log, stream: TextIO) -> bool:
    return log.format == "json" or (log.format == "auto" and not stream.isatty())
