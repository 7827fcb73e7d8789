"""When it is worth looking at the log again."""

from typing import Protocol


class Wakeup(Protocol):
    """A hint, and no more: who waits must find what came by looking, after `seconds` in any case."""

    def wait(self, seconds: float) -> bool:
        """Return True as soon as the log may have grown since the last call, False after so many seconds.

        A database that cannot be reached gives no hint, and no error either.
        """

    def close(self) -> None:
        """Give back what it holds."""
