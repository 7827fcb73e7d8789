"""How often somebody may be wrong about the token: so seldom that guessing leads nowhere."""

from collections import deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from threading import Lock

from tracker.ports.clock import Clock

WITHIN = timedelta(minutes=5)
OF_ONE, OF_ALL = 10, 100
"""Wrong tries that one address has within `WITHIN`, and all addresses together."""


class Tries:
    """The wrong tries of late; kept in memory, and never more than `OF_ALL` of them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._turn = Lock()
        self._wrong: deque[tuple[datetime, str]] = deque()

    def take(self, address: str, *, right: bool) -> int:
        """Take a try from an address; return the seconds to wait where it has none left, right or not, and 0 else."""
        now, place = self._clock(), _place(address)
        with self._turn:
            while self._wrong and now - self._wrong[0][0] >= WITHIN:
                self._wrong.popleft()
            spent = self._spent_since(place)
            if spent is not None:
                return ceil((spent + WITHIN - now).total_seconds())
            if not right:
                self._wrong.append((now, place))
            return 0

    def _spent_since(self, place: str) -> datetime | None:
        """Return when the oldest of too many tries was, None where they are not too many."""
        theirs = [when for when, where in self._wrong if where == place]
        if len(theirs) >= OF_ONE:
            return theirs[0]
        return self._wrong[0][0] if len(self._wrong) >= OF_ALL else None


def _place(address: str) -> str:
    """Return what counts as one address: of IPv6 the network, since whoever has one address there has them all."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address
