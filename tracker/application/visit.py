"""Visit: the hosts to which redirects lead while something is fetched; they are claimed like any other.

So a crowd of addresses that all lead to one host does not meet there, and a host that wants to be left alone is.
"""

from datetime import datetime, timedelta
from threading import Event

from tracker.application.newsroom import Newsroom
from tracker.domain.pace import DAY, spread
from tracker.errors import HostBusy

PATIENCE = 2.0
"""Seconds for which a redirect waits for the host it leads to: others that were led there may have it just now."""
_TRY = 0.2


class Visits:
    """Claims hosts for one request; to be handed to a fetcher as `visit`.

    `hosts` are those that were asked and are to be given back, the one that answered last at the end. `hold` is for how
    long they are claimed.
    """

    def __init__(self, room: Newsroom, home: str, hold: timedelta) -> None:
        self.hosts = [home]
        self._room = room
        self._hold = hold

    def __call__(self, host: str) -> bool:
        """Tell whether a host may be asked now, and claim it."""
        if host in self.hosts:
            self.hosts.remove(host)
        elif not self._claimed(host):
            return False
        self.hosts.append(host)
        return True

    def _claimed(self, host: str) -> bool:
        room = self._room
        for _ in range(round(PATIENCE / _TRY)):
            now = room.clock()
            if room.feeds.claim_hosts([host], now, now + self._hold):
                return True
            rests = room.feeds.resting([host], now).get(host, now)
            if room.stopping() or rests - now > timedelta(seconds=PATIENCE):
                return False
            Event().wait(_TRY)
        return False


def try_again(room: Newsroom, what: str, busy: HostBusy) -> datetime:
    """Return when to ask again for what led to a busy host: not at once, since the host that leads there is asked too.

    `what` is its id: what waits together for a host does not meet there again.
    """
    now = room.clock()
    free_at = room.feeds.resting([busy.host], now).get(busy.host, now)
    return free_at + spread(max(room.host_gap, room.feed_interval / 4), DAY, what, now)
