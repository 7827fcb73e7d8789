"""Errors that a person may meet; the command line turns each into one line and an exit code.

TrackerError            1  failed
|-- UsageError          2  bad input: a seed, an option, a setting
|   |-- SeedError
|   `-- ConfigError
|-- NotFound            3  nothing of that name
|-- FeedError           1  a source could not be read; never stops the others
|   |-- FetchError         no bytes came
|   |   `-- HostBusy       a redirect leads to a host that may not be asked now
|   |-- NotAFeed           bytes came, and they are no feed
|   |-- NoArticle          a page came, and there is no article in it
|   |-- Denied             its host asks programs not to read it
|   |-- TookTooLong        work on a document was ended at its deadline
|   `-- Died               the process that worked on a document ended
|-- StoreError          1  the database refused
|   |-- Conflict           another writer was first; fold and judge again
|   |-- DatabaseTooNew     written by a later tracker
|   |-- DatabaseRemoved    its file is no longer the one that was opened
|   `-- BrokenLog          verification failed
|-- AlreadyRunning      1  another worker holds the lock
|-- Overtaken           1  somebody said otherwise meanwhile
`-- DeadlineExceeded    5  timed out
"""

from typing import Literal

Trouble = Literal["unreachable", "refused", "wall", "rate limited", "gone", "broken", "unasked"]
"""What is wrong with a source.

No answer came ("unreachable"), one of a bad status ("refused", "gone" for 410), one that asks for less ("rate
limited"), one meant to keep programs out ("wall"), or what cannot be used: bytes that are no feed or no HTTP, or a way
to an address that is none ("broken"). Nothing was asked since our own settings do not allow it, or are wrong: a secret
that is missing, a header that cannot be sent, a network that is not public ("unasked"). Of the others only the first
may be a fault at our end.
"""


class TrackerError(Exception):
    """Root of all errors raised on purpose; `str()` is one line for a person."""

    exit_code = 1


class UsageError(TrackerError):
    """What the caller handed in cannot be used."""

    exit_code = 2


class SeedError(UsageError):
    """A seed file or seed article cannot be used."""


class ConfigError(UsageError):
    """A setting is missing, unknown or out of range."""


class NotFound(TrackerError):
    """Nothing matches the name that was given."""

    exit_code = 3


class FeedError(TrackerError):
    """A source could not be read; the other sources are unaffected. `trouble` says what kind of fault it is."""

    trouble: Trouble = "broken"


class FetchError(FeedError):
    """No usable bytes came from the address.

    `status` is the HTTP status when there was an answer, `retry_after` seconds when the server named some (at most a
    day). `trouble` None stands for "refused" when there was an answer, else for "unreachable".
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        trouble: Trouble | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after
        self.trouble = trouble or ("unreachable" if status is None else "refused")


class HostBusy(FetchError):
    """A redirect leads to another host, which somebody asks at this moment or which wants to be left alone.

    `host` is its name; nothing is wrong with the source.
    """

    def __init__(self, host: str) -> None:
        super().__init__(f"it leads to {host}, which may not be asked now")
        self.host = host


class NotAFeed(FeedError):
    """Bytes came, but they are neither RSS, Atom nor JSON Feed."""


class NoArticle(FeedError):
    """A page came, but without the article that it should hold: a wall, or another page than was asked for."""


class Denied(FeedError):
    """The host's robots.txt asks programs not to read the page."""


class TookTooLong(FeedError):
    """Work on a document was ended because it took longer than it may."""


class Died(FeedError):
    """Work on a document ended without a result: out of memory, or a crash in a library."""


class StoreError(TrackerError):
    """The database refused or could not be reached."""


class Conflict(StoreError):
    """The stream has moved on since it was read: fold it again, judge again."""


class DatabaseTooNew(StoreError):
    """The database was written by a later version of tracker."""


class DatabaseRemoved(StoreError):
    """The database file was removed or replaced while it was in use: what is written there now is lost."""


class BrokenLog(StoreError):
    """The log does not verify: an event was changed, lost, added or reordered."""


class AlreadyRunning(TrackerError):
    """Another worker already follows the stories of this database."""


class Overtaken(TrackerError):
    """Somebody else has said otherwise since the reader looked; nothing was changed."""


class DeadlineExceeded(TrackerError):
    """The work did not end within the time it was given."""

    exit_code = 5
