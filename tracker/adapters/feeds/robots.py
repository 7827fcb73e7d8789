"""robots.txt: which pages programs are not to read, and how far apart they are to ask."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tracker.adapters.feeds.apart import Apart
from tracker.errors import Denied, Died, FetchError, TookTooLong
from tracker.ports.feeds import PLAIN, FeedOptions, Fetcher

if TYPE_CHECKING:
    from protego import Protego

KEPT = timedelta(days=1)
KEPT_FAILURE = timedelta(minutes=15)
LONGEST_GAP = 60.0
_BYTES = 500_000
_ORIGINS = 2_000
_ALLOWING = frozenset(range(400, 500)) - {429}


@dataclass(frozen=True, slots=True)
class _Rules:
    """What an origin asks for until a moment; `fault`: why nobody knows."""

    until: datetime
    rules: "Protego | None"
    fault: str | None = None


class Robots:
    """Asks each origin once a day for its robots.txt. Threads may share it.

    `user_agent` is what we call ourselves where a source sets nothing else; `parser` is where strangers' files are
    read.
    """

    def __init__(self, fetcher: Fetcher, parser: Apart, clock: Callable[[], datetime], user_agent: str) -> None:
        self._fetcher, self._parser, self._clock = fetcher, parser, clock
        self._user_agent = user_agent
        self._known: dict[str, _Rules] = {}
        self._lock = threading.Lock()

    def check(self, url: str, options: FeedOptions = PLAIN) -> None:
        """Raise Denied if programs are not to read the page, FetchError if its host cannot be asked just now.

        That is so after an answer of 5xx or none; one of 4xx allows everything.
        """
        found = self._rules(url, options)
        if found.fault is not None:
            raise FetchError(f"robots.txt: {found.fault}")
        if found.rules is not None and not found.rules.can_fetch(url, self._token(options)):
            raise Denied("robots.txt asks programs not to read it")

    def gap(self, url: str, options: FeedOptions = PLAIN) -> float:
        """Return the seconds between two requests that the origin is known to ask for, a minute at most."""
        found = self._known.get(_origin(url))
        wanted = found.rules.crawl_delay(self._token(options)) if found and found.rules else None
        return min(wanted or 0.0, LONGEST_GAP)

    def _token(self, options: FeedOptions) -> str:
        return token(options.user_agent or self._user_agent)

    def _rules(self, url: str, options: FeedOptions) -> _Rules:
        origin, now = _origin(url), self._clock()
        found = self._known.get(origin)
        if found is None or found.until <= now:
            found = self._ask(origin, now, options)
            with self._lock:
                self._known.pop(origin, None)  # what was asked last stands last
                self._known[origin] = found
                while len(self._known) > _ORIGINS:
                    del self._known[next(iter(self._known))]
        return found

    def _ask(self, origin: str, now: datetime, options: FeedOptions) -> _Rules:
        plain = FeedOptions(user_agent=options.user_agent, proxy=options.proxy)
        try:
            fetched = self._fetcher.fetch(f"{origin}/robots.txt", options=plain)
            return _Rules(now + KEPT, self._read(fetched.body))
        except FetchError as error:
            if error.status in _ALLOWING:
                return _Rules(now + KEPT, None)
            return _Rules(now + KEPT_FAILURE, None, str(error))
        except (Died, TookTooLong) as error:
            return _Rules(now + KEPT, None, str(error))

    def _read(self, body: bytes) -> "Protego":
        from protego import Protego  # noqa: PLC0415 - only who reads pages needs it

        # A file of half a megabyte can be made to take gigabytes.
        return self._parser.call(Protego.parse, body[:_BYTES].decode("utf-8-sig", "replace"))


def token(user_agent: str) -> str:
    """Return the name under which a robots.txt speaks of a program: "tracker" of "tracker/1.0 (+https://...)"."""
    return re.split(r"[/(]", user_agent, maxsplit=1)[0].strip() or user_agent


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()
