"""Whether it is our own network that fails."""

SEVERAL = 3
"""Hosts that must be out of reach, and none within it, before the fault is looked for at our end."""


class Reach:
    """What this process has heard of the world: how often somebody answered, and which hosts it missed since.

    `answers` counts what was heard. Who asks notes it beforehand: the slow end last, and a host that is missed while
    others answered is itself to blame.
    """

    def __init__(self) -> None:
        self.answers = 0
        self._missed: set[str] = set()

    def heard(self) -> None:
        """Some host has answered, whatever it said."""
        self.answers += 1
        self._missed.clear()

    def missed(self, host: str, since: int) -> bool:
        """Note that a host, asked at so many answers, could not be reached; return whether none can."""
        if self.answers > since:
            return False
        self._missed.add(host)
        return len(self._missed) >= SEVERAL
