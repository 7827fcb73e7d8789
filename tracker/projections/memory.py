"""Rows held in memory: views of one moment, of a replay, or of a test."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracker.errors import Conflict
from tracker.projections.folding import DeadLetter, within
from tracker.projections.generation import Generation, live_of
from tracker.projections.projection import Key, Row


@dataclass(slots=True)
class _Made:
    """A generation with what it holds."""

    generation: Generation
    rows: dict[Key, Row] = field(default_factory=dict)
    letters: list[DeadLetter] = field(default_factory=list)


class MemoryViews:
    """A writer and reader of rows with the manners of the stored ones, for one thread."""

    def __init__(self) -> None:
        self._made: dict[str, dict[int, _Made]] = {}

    def generations(self, projection: str) -> tuple[Generation, ...]:
        """Return every generation of a projection, oldest first."""
        return tuple(made.generation for made in self._made.get(projection, {}).values())

    def checkpoint(self, projection: str) -> int:
        """Return the position up to which the live generation has been folded, 0 for none."""
        return self._live(projection).generation.position

    def begin(self, projection: str, generation: Generation) -> None:
        """Begin a generation without rows. Raises Conflict where there is one of its number."""
        made = self._made.setdefault(projection, {})
        if generation.number in made:
            raise Conflict(f"generation {generation.number} of {projection} has been begun by another process")
        made[generation.number] = _Made(generation)

    def load(
        self, projection: str, keys: Iterable[Key], partitions: Iterable[str] = (), *, generation: int | None = None
    ) -> dict[Key, Row]:
        """Return the rows that exist under the keys and in the partitions, by default of the live generation."""
        made = self._live(projection) if generation is None else self._made[projection][generation]
        rows = made.rows
        found = {key: rows[key] for key in keys if key in rows}
        for asked in partitions:
            found |= {key: row for key, row in rows.items() if within(key[0], asked)}
        return found

    def save(
        self, projection: str, rows: Mapping[Key, Row], *, after: int, position: int,
        generation: int = 1, letters: Sequence[DeadLetter] = (),
    ) -> None:  # fmt: skip
        """Replace rows and move the checkpoint. Raises Conflict when it is not at `after`."""
        if generation == 1 and after == 0 and not self._made.get(projection):
            self.begin(projection, Generation(1, position=0, folds=1, begun=0, live=True))
        made = self._made.get(projection, {}).get(generation)
        if made is None or made.generation.position != after:
            raise Conflict(f"{projection} has been folded by another process")
        made.rows.update(rows)
        made.letters.extend(letters)
        made.generation = replace(made.generation, position=position)

    def promote(self, projection: str, generation: int) -> bool:
        """Let a generation take the live one's place, unless that is further or newer; tell whether it has."""
        live, made = self._live(projection).generation, self._made[projection]
        if generation not in made or not made[generation].generation.may_follow(live):
            return False
        made[live.number].generation = replace(live, live=False)
        made[generation].generation = replace(made[generation].generation, live=True)
        return True

    def sweep(self, projection: str) -> None:
        """Remove what generations older than the live one have left."""
        live, made = self._live(projection).generation, self._made[projection]
        self._made[projection] = {number: held for number, held in made.items() if number >= live.number}

    def dead_letters(self, projection: str) -> tuple[DeadLetter, ...]:
        """Return the events that are missing from the live generation, in order of position."""
        return tuple(self._live(projection).letters)

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
        """Yield a partition's rows in order of key: keys greater than `after` and less than `before` only.

        `first`, `last`: only the first or the last n of them; not both.
        """
        rows = self._live(projection).rows
        keys = sorted(key for key in rows if key[0] == partition and _between(key[1], after, before))
        for key in keys[max(0, len(keys) - last) :] if last is not None else keys[:first]:
            yield rows[key]

    def count(self, projection: str, partition: str) -> int:
        """Return how many rows a partition holds."""
        return sum(held == partition for held, _ in self._live(projection).rows)

    def partitions(self, projection: str) -> tuple[str, ...]:
        """Return the partitions that hold rows, in order."""
        return tuple(sorted({partition for partition, _ in self._live(projection).rows}))

    def _live(self, projection: str) -> _Made:
        live = live_of(self.generations(projection))
        none = Generation(0, position=0, folds=0, begun=0, live=False)
        return self._made[projection][live.number] if live else _Made(none)


def _between(key: str, after: str, before: str | None) -> bool:
    return key > after and (before is None or key < before)
