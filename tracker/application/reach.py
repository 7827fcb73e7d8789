"""Whether it is our own network that fails."""

SEVERAL = 3
"""Hosts that must be out of reach, and none within it, before the fault is looked for at our end."""


class Reach:
    """What this process has heard of the world: which hosts it missed since one answered last."""

    def __init__(self) -> None:
        self._missed: set[str] = set()

    def heard(self) -> None:
        """Some host has answered, whatever it said."""
        self._missed.clear()

    def missed(self, host: str) -> bool:
        """Note that a host could not be reached; return whether none can."""
        self._missed.add(host)
        return len(self._missed) >= SEVERAL
