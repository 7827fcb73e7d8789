"""Views that are folded in the transaction of an append: who asks right after a write finds it there.

Only a view that is level with the log is folded here; one that is behind is left to `catch_up`, and so is what goes
wrong: no view refuses an append.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Engine, bindparam, select, update
from sqlalchemy.exc import DBAPIError

from tracker.adapters.sql.codec import decode, encode
from tracker.adapters.sql.tables import checkpoint
from tracker.adapters.sql.view_rows import ViewRows
from tracker.domain.events import Recorded
from tracker.projections.folding import Batch
from tracker.projections.generation import Generation
from tracker.projections.projection import Key, Projection, Row

# A checkpoint that somebody else holds is on its way to another place: waiting for it would keep every writer waiting.
_level = (
    select(
        checkpoint.c.projection, checkpoint.c.generation, checkpoint.c.position, checkpoint.c.folds,
        checkpoint.c.begun, checkpoint.c.live,
    )
    .where(
        checkpoint.c.projection.in_(bindparam("names", expanding=True)),
        checkpoint.c.live,
        checkpoint.c.position == bindparam("before"),
    )
    .with_for_update(skip_locked=True)
)  # fmt: skip
_move = (
    update(checkpoint)
    .where(checkpoint.c.projection.in_(bindparam("names", expanding=True)), checkpoint.c.live)
    .values(position=bindparam("to"))
)


class InlineViews:
    """Folds what an append records into some projections; hand it to the log as what it writes beside the events."""

    def __init__(self, engine: Engine, projections: Sequence[Projection]) -> None:
        self._rows = ViewRows(engine)
        self._projections = {projection.name: projection for projection in projections}

    def __call__(self, connection: Connection, recorded: Sequence[Recorded]) -> None:
        """Fold the events just recorded into the views that are level with the log."""
        try:
            with connection.begin_nested():
                self._fold(connection, [_as_read(one) for one in recorded])
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
        except Exception:  # noqa: BLE001 - whatever is wrong with a view, `catch_up` meets it again and tells of it
            return

    def _fold(self, connection: Connection, recorded: Sequence[Recorded]) -> None:
        folded = []
        for name, generation in self._level(connection, recorded).items():
            rows = self._changed(connection, name, generation, recorded)
            if rows is not None:
                self._rows.put(connection, name, generation.number, rows)
                folded.append(name)
        if folded:
            connection.execute(_move, {"names": folded, "to": recorded[-1].position})

    def _level(self, connection: Connection, recorded: Sequence[Recorded]) -> dict[str, Generation]:
        """Return the live generations that stand right before the events, made by this version of their projection."""
        asked = {"names": list(self._projections), "before": recorded[0].position - 1}
        found = {name: Generation(*rest) for name, *rest in connection.execute(_level, asked)}
        return {name: one for name, one in found.items() if one.folds == self._projections[name].folds}

    def _changed(
        self, connection: Connection, name: str, generation: Generation, recorded: Sequence[Recorded]
    ) -> Mapping[Key, Row] | None:
        """Return the rows that the events change, None where they cannot be folded here."""
        if any(map(generation.is_outdated_by, recorded)):
            return None
        batch = Batch(self._projections[name], recorded)
        rows = batch.fold(self._rows.load(connection, name, generation.number, batch.keys, batch.partitions))
        return None if batch.letters else rows


def _as_read(recorded: Recorded) -> Recorded:
    """Return an event as it is read from the log, where a whole number may have become one with a point."""
    return replace(recorded, event=decode(*encode(recorded.event)))
