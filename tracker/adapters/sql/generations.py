"""The generations of projections, in the table `checkpoint`; see `tracker.projections.generation`.

Whoever writes a generation's rows holds the lock of its checkpoint first. So two writers wait for each other in one
order, and rows of a generation whose checkpoint is gone cannot come.
"""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, bindparam, delete, insert, select, tuple_, update

from tracker.adapters.sql.tables import checkpoint, dead_letter, view
from tracker.errors import Conflict
from tracker.projections.folding import DeadLetter
from tracker.projections.generation import Generation

SWEPT = 5000
"""Rows removed in one transaction, so that nobody waits long for its end."""

_of = checkpoint.c.projection == bindparam("name")
_generations = (
    select(
        checkpoint.c.generation, checkpoint.c.position, checkpoint.c.folds, checkpoint.c.begun, checkpoint.c.live
    )
    .where(_of)
    .order_by(checkpoint.c.generation)
)  # fmt: skip
_begin = insert(checkpoint)
_this = checkpoint.c.generation == bindparam("number")
_move = (
    update(checkpoint).where(_of, _this, checkpoint.c.position == bindparam("after")).values(position=bindparam("to"))
)
_turn = update(checkpoint).where(_of).values(live=_this)
_lock = select(checkpoint.c.generation).where(_of, _this).with_for_update()
_old = (view.c.projection == bindparam("name"), view.c.generation == bindparam("number"))
_some = (
    select(view.c.partition, view.c.key).where(*_old).order_by(view.c.partition, view.c.key).offset(SWEPT - 1).limit(1)
)
_upto = tuple_(view.c.partition, view.c.key) <= tuple_(bindparam("partition"), bindparam("key"))
_remove_some = delete(view).where(*_old, _upto)
_remove_rows = delete(view).where(*_old)
_remove_letters = delete(dead_letter).where(
    dead_letter.c.projection == bindparam("name"), dead_letter.c.generation == bindparam("number")
)
_remove = delete(checkpoint).where(_of, _this)
_tell = insert(dead_letter)
_letters = (
    select(dead_letter.c.projection, dead_letter.c.position, dead_letter.c.error, dead_letter.c.at)
    .join(
        checkpoint,
        (checkpoint.c.projection == dead_letter.c.projection) & (checkpoint.c.generation == dead_letter.c.generation),
    )
    .where(_of, checkpoint.c.live)
    .order_by(dead_letter.c.position)
)


def generations(connection: Connection, projection: str, *, held: bool = False) -> tuple[Generation, ...]:
    """Return every generation of a projection, oldest first; `held`: nobody else moves them until the commit."""
    asked = _generations.with_for_update() if held else _generations
    return tuple(Generation(*row) for row in connection.execute(asked, {"name": projection}))


def begin(connection: Connection, projection: str, generation: Generation) -> None:
    """Put a generation's checkpoint."""
    values = asdict(generation)
    connection.execute(_begin, {"projection": projection, "generation": values.pop("number"), **values})


def move_on(connection: Connection, projection: str, generation: int, *, after: int, position: int) -> None:
    """Move a generation's checkpoint. Raises Conflict when it is not at `after`.

    The first generation of what nobody has begun begins with it.
    """
    asked = {"name": projection, "number": generation, "after": after, "to": position}
    if connection.execute(_move, asked).rowcount:
        return
    if after or generations(connection, projection):
        raise Conflict(f"{projection} is not at position {after} any more")
    begin(connection, projection, Generation(1, position=position, folds=1, begun=0, live=True))


def promote(connection: Connection, projection: str, number: int) -> bool:
    """Let a generation take the live one's place where it may; tell whether it has."""
    made = generations(connection, projection, held=True)
    live = next(generation for generation in made if generation.live)
    if not any(generation.number == number and generation.may_follow(live) for generation in made):
        return False
    connection.execute(_turn, {"name": projection, "number": number})
    return True


def sweep(connection: Connection, projection: str, number: int) -> bool:
    """Remove some rows of a generation, with the last of them its checkpoint; tell whether there is nothing left."""
    asked = {"name": projection, "number": number}
    connection.execute(_lock, asked)
    last = connection.execute(_some, asked).one_or_none()
    if last:
        connection.execute(_remove_some, {**asked, "partition": last.partition, "key": last.key})
        return False
    for statement in (_remove_rows, _remove_letters, _remove):
        connection.execute(statement, asked)
    return True


def tell(connection: Connection, generation: int, letters: Sequence[DeadLetter]) -> None:
    """Keep what could not be folded."""
    if letters:
        connection.execute(_tell, [{"generation": generation, **asdict(letter)} for letter in letters])


def dead_letters(connection: Connection, projection: str) -> tuple[DeadLetter, ...]:
    """Return what is missing from the live generation, in order of position."""
    return tuple(DeadLetter(*row) for row in connection.execute(_letters, {"name": projection}))
