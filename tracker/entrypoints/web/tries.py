"""How often somebody may be wrong about the token: so seldom that guessing leads nowhere.

It is counted for each address alone: however many others guess, whoever has the token is let in.
"""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from threading import Lock

from tracker.ports.clock import Clock

WITHIN = timedelta(minutes=5)
OF_ONE = 10
"""Wrong tries that one address has within `WITHIN`."""
PLACES = 10_000
"""Addresses that are kept in memory: where more were wrong, those are forgotten that were wrong longest ago."""


class Tries:
    """The wrong tries of late, by where they came from, in order of the last one there."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._turn = Lock()
        self._wrong: OrderedDict[str, deque[datetime]] = OrderedDict()

    def take(self, address: str, *, right: bool) -> int:
        """Take a try from an address; return the seconds to wait where it has none left, right or not, and 0 else."""
        now, place = self._clock(), _place(address)
        with self._turn:
            theirs = self._wrong.get(place, deque())
            while theirs and now - theirs[0] >= WITHIN:
                theirs.popleft()
            if len(theirs) >= OF_ONE:
                return ceil((theirs[0] + WITHIN - now).total_seconds())
            if not right:
                theirs.append(now)
                self._keep(place, theirs)
            return 0

    def _keep(self, place: str, theirs: deque[datetime]) -> None:
        self._wrong[place] = theirs
        self._wrong.move_to_end(place)
        if len(self._wrong) > PLACES:
            self._wrong.popitem(last=False)


def _place(address: str) -> str:
    """Return what counts as one address: of IPv6 the network, since whoever has one address there has them all."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address
