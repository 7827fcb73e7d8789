"""Rows of the projections, as canonical JSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from sqlalchemy import Engine, bindparam, func, select

from tracker.adapters.sql import generations as made
from tracker.adapters.sql.engine import reading, writing
from tracker.adapters.sql.stored_names import as_named, as_stored
from tracker.adapters.sql.tables import checkpoint, view
from tracker.adapters.sql.view_rows import OF_GENERATION, ViewRows
from tracker.projections.folding import DeadLetter
from tracker.projections.generation import Generation, live_of
from tracker.projections.projection import Key, Row

_reached = select(checkpoint.c.position).where(checkpoint.c.projection == bindparam("name"), checkpoint.c.live)
_scan = (
    select(view.c.data)
    .where(*OF_GENERATION, view.c.partition == bindparam("part"), view.c.key > bindparam("after"))
    .order_by(view.c.key)
)
_before = _scan.where(view.c.key < bindparam("before"))
_last, _last_before = (
    scan.order_by(None).order_by(view.c.key.desc()).limit(bindparam("last")) for scan in (_scan, _before)
)
_first, _first_before = (scan.limit(bindparam("first")) for scan in (_scan, _before))
_scans = {
    (False, None): _scan, (False, "first"): _first, (False, "last"): _last,
    (True, None): _before, (True, "first"): _first_before, (True, "last"): _last_before,
}  # fmt: skip
"""By whether there is a key to stay before, and which end is wanted, None for all."""
_count = select(func.count()).where(*OF_GENERATION, view.c.partition == bindparam("part"))
_partitions = select(view.c.partition).where(*OF_GENERATION).distinct().order_by(view.c.partition)


class SqlViews:
    """Rows in the table `view`; see `tracker.ports.views`. Every method raises StoreError when the database refuses."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._rows = ViewRows(engine)

    def generations(self, projection: str) -> tuple[Generation, ...]:
        """Return every generation of a projection, oldest first."""
        with reading(self._engine) as connection:
            return made.generations(connection, projection)

    def checkpoint(self, projection: str) -> int:
        """Return the position up to which the live generation has been folded, 0 for none."""
        with reading(self._engine) as connection:
            return connection.execute(_reached, {"name": projection}).scalar() or 0

    def begin(self, projection: str, generation: Generation) -> None:
        """Begin a generation without rows. Raises Conflict where there is one of its number."""
        with writing(self._engine) as connection:
            made.begin(connection, projection, generation)

    def load(
        self, projection: str, keys: Iterable[Key], partitions: Iterable[str] = (), *, generation: int | None = None
    ) -> dict[Key, Row]:
        """Return the rows that exist under the keys and in the partitions, by default of the live generation."""
        with reading(self._engine) as connection:
            return self._rows.load(connection, projection, generation, keys, partitions)

    def save(
        self, projection: str, rows: Mapping[Key, Row], *, after: int, position: int,
        generation: int = 1, letters: Sequence[DeadLetter] = (),
    ) -> None:  # fmt: skip
        """Replace rows, add dead letters and move the checkpoint in one transaction.

        Raises Conflict when the checkpoint is not at `after`.
        """
        with writing(self._engine) as connection:
            made.move_on(connection, projection, generation, after=after, position=position)
            self._rows.put(connection, projection, generation, rows)
            made.tell(connection, generation, letters)

    def promote(self, projection: str, generation: int) -> bool:
        """Let a generation take the live one's place, unless that is further or newer; tell whether it has."""
        with writing(self._engine) as connection:
            return made.promote(connection, projection, generation)

    def sweep(self, projection: str) -> None:
        """Remove what generations older than the live one have left, some rows at a time."""
        known = self.generations(projection)
        live = live_of(known)
        for old in known:
            while live and old.number < live.number and not self._sweep(projection, old.number):
                pass

    def dead_letters(self, projection: str) -> tuple[DeadLetter, ...]:
        """Return the events that are missing from the live generation, in order of position."""
        with reading(self._engine) as connection:
            return made.dead_letters(connection, projection)

    def scan(
        self,
        projection: str,
        partition: str,
        *,
        after: str = "",
        before: str | None = None,
        first: int | None = None,
        last: int | None = None,
    ) -> Iterator[Row]:
        """Yield a partition's rows between two keys in order of key, or the first or last n; all as of one moment."""
        asked = {
            "name": projection, "generation": None, "part": as_stored(partition), "after": as_stored(after),
            "before": before and as_stored(before), "first": first, "last": last,
        }  # fmt: skip
        end = "last" if last is not None else "first" if first is not None else None
        with reading(self._engine) as connection:
            found = connection.execute(_scans[before is not None, end], asked).scalars().all()
        for data in found if last is None else reversed(found):
            yield msgspec.json.decode(data)

    def count(self, projection: str, partition: str) -> int:
        """Return how many rows a partition holds."""
        asked = {"name": projection, "generation": None, "part": as_stored(partition)}
        with reading(self._engine) as connection:
            return connection.execute(_count, asked).scalar_one()

    def partitions(self, projection: str) -> tuple[str, ...]:
        """Return the partitions that hold rows, in order."""
        with reading(self._engine) as connection:
            found = connection.execute(_partitions, {"name": projection, "generation": None}).scalars()
            return tuple(map(as_named, found))

    def _sweep(self, projection: str, number: int) -> bool:
        with writing(self._engine) as connection:
            return made.sweep(connection, projection, number)
