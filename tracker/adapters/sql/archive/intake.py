"""Taking in what a feed shows, one document at a time, in one transaction."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, insert

from tracker.adapters.sql.archive.holdings import Holdings
from tracker.adapters.sql.archive.placing import Placed, Shelf
from tracker.adapters.sql.archive.quarantine import put_in
from tracker.adapters.sql.archive.removals import lift
from tracker.adapters.sql.archive.sightings import miss, renumber, see, see_all, shown_by
from tracker.adapters.sql.engine import take_turns, writing
from tracker.adapters.sql.lookup import LOCK
from tracker.adapters.sql.tables import entry_version, judgement, sighting
from tracker.adapters.sql.upsert import upsert
from tracker.domain.entry import Entry

_put = insert(entry_version)
# A version that comes back is kept and seen anew, and judged anew unless its entry is in quarantine.
_take_out, _forget = (
    delete(table).where(table.c.entry == bindparam("which"), table.c.version == bindparam("of"))
    for table in (entry_version, judgement)
)


class SqlIntake:
    """Entries in `entry_version` and `sighting`; see `tracker.ports.archive.Intake`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        keys, keep = ("entry", "version", "feed", "page"), ("first_seen", "baseline", "own")
        self._see = upsert(engine, sighting, keys=keys, keep=keep)

    def keep(
        self, feed: str, entries: Sequence[Entry], *, baseline: Sequence[bool], seen: datetime, page: bool = False
    ) -> int:
        """Store the versions not held yet and a sighting of each, in one transaction; return how many are new.

        What a feed shows as it did in its last document costs no look, and all of it one statement. Raises StoreError.
        """
        if not entries:
            return 0
        with writing(self._engine) as connection:
            # Two writers that meet the same item must not both find that it is new.
            take_turns(connection, LOCK)
            document = _Document(connection, feed, entries, seen, page=page)
            new = document.store()
            if sightings := list(document.sightings(baseline)):
                connection.execute(self._see, sightings)
            document.see_again()
        return new


class _Document:
    """A document that is taken in: its entries, beside what its feed showed until now."""

    def __init__(
        self, connection: Connection, feed: str, entries: Sequence[Entry], seen: datetime, *, page: bool
    ) -> None:
        self._connection = connection
        self._feed = feed
        self._entries = entries
        self._keys = [(entry.id, entry.version) for entry in entries]
        self._page = page
        self._shown = shown_by(connection, feed, entries[0].id if page else None)
        self._seen = seen
        # A clock that was set back must not make what is shown now look older than what was.
        self._at = max([seen, *(one.last_seen for one in self._shown.values())])
        self._shelf = self._shelf_for([entry for entry, key in self._pairs() if self._is_strange(key)])
        self._places = [
            self._shelf.place(entry) if self._shelf and self._is_strange(key) else Placed(*key)
            for entry, key in self._pairs()
        ]
        self._back = set(self._shelf.back) if self._shelf else set()

    def store(self) -> int:
        """Write down what the shelf collected, and return how many versions are new.

        Those that come back first make room for themselves.
        """
        shelf = self._shelf
        if shelf is None:
            return 0
        if shelf.back:
            for statement, keys in ((_take_out, shelf.back), (_forget, shelf.anew)):
                for id_, version in keys:
                    self._connection.execute(statement, {"which": id_, "of": version})
            renumber(self._connection, shelf.back, without=self._feed)
        if shelf.new:
            self._connection.execute(_put, shelf.new)
        put_in(self._connection, shelf.restless, shelf.stirred, self._at)
        lift(self._connection, shelf.returned)
        return len(shelf.new)

    def sightings(self, baseline: Sequence[bool]) -> Iterator[dict[str, Any]]:
        """Yield the rows of what the feed did not show until now, once each."""
        done = self._shown.keys() - self._back
        common = {"feed": self._feed, "page": self._page, "first_seen": self._seen, "last_seen": self._at}
        for place, old in zip(self._places, baseline, strict=True):
            if place and place.key not in done:
                done.add(place.key)
                yield common | {
                    "entry": place.entry, "version": place.version, "own": place.own, "baseline": old,
                    "missing_at": None,
                }  # fmt: skip

    def see_again(self) -> None:
        """Note what the feed goes on showing, and what it shows no more."""
        keys = {place.key for place in self._places if place} - self._back
        again = [one for key, one in self._shown.items() if key in keys]
        if again and len(again) == len(self._shown) and not self._page:
            see_all(self._connection, self._feed, again[0].last_seen, self._at)
            return
        see(self._connection, [one.number for one in again], self._at)
        if not self._page:
            there = {place.entry for place in self._places if place}
            arrivals = len(there.difference(one.entry for one in self._shown.values()))
            miss(self._connection, self._shown.values(), there, arrivals, self._at)

    def _pairs(self) -> Iterator[tuple[Entry, tuple[str, str]]]:
        return zip(self._entries, self._keys, strict=True)

    def _is_strange(self, key: tuple[str, str]) -> bool:
        """Tell whether the feed did not show an entry so until now; of a page it is always looked up."""
        return self._page or key not in self._shown

    def _shelf_for(self, strange: Sequence[Entry]) -> Shelf | None:
        if not strange:
            return None
        ids = {entry.id for entry in self._entries}
        gone = [one.entry for one in self._shown.values() if one.entry not in ids]
        held = Holdings(self._connection, self._feed, page=self._page)
        return Shelf(held, self._entries, strange, gone, self._at)
