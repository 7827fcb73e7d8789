"""Views follow the log: catch up, and make anew beside what is read."""

from collections.abc import Sequence
from itertools import takewhile

from tracker.domain.events import Recorded
from tracker.errors import BrokenLog, Conflict, DatabaseTooNew
from tracker.ports.log import EventLog
from tracker.ports.views import ViewWriter
from tracker.projections.folding import Batch
from tracker.projections.generation import Generation, live_of
from tracker.projections.projection import Projection

_Outdated = dict[str, int]
"""By projection, the newest generation that will not do: another must take its place."""


def catch_up(log: EventLog, views: ViewWriter, projections: Sequence[Projection], batch: int = 500) -> int:
    """Fold the events after each projection's checkpoint into its rows; return how many events were read.

    Rows and checkpoint of a batch are one transaction. A Conflict means that another process was first: we go on from
    where it got to. Rows of an older version of a projection, and rows that may hold what was erased from the log, are
    made anew; rows of a later version are left alone. Raises Conflict only when nobody moves, BrokenLog where the rows
    hold events that the log has lost.
    """
    return _fold(log, views, projections, batch, {})


def rebuild(log: EventLog, views: ViewWriter, projections: Sequence[Projection], batch: int = 2000) -> int:
    """Make the views anew from the log; return how many events were read.

    New rows are made beside the old ones, which stay readable and may be folded on by others, and take their place
    once they are level with the log. What a rebuild that was cut short had made is taken up. Raises DatabaseTooNew
    where a later version of a projection made the old ones, BrokenLog where they hold events that the log has lost.
    """
    outdated: _Outdated = {}
    for projection in projections:
        live = live_of(views.generations(projection.name))
        if live and live.folds > projection.folds:
            raise DatabaseTooNew(f"the view {projection.name} was made by a later version of tracker")
        outdated[projection.name] = live.number if live else 0
    return _fold(log, views, projections, batch, outdated)


def _fold(log: EventLog, views: ViewWriter, projections: Sequence[Projection], batch: int, outdated: _Outdated) -> int:
    count = 0
    while True:
        due = [(each, made) for each in projections if (made := _due(log, views, each, outdated))]
        start = min((made.position for _, made in due), default=None)
        events = () if start is None else tuple(log.read(after=start, limit=batch))
        if not events:
            _refuse_lost_end(log, due)
        for projection, made in due:
            _advance(views, projection, made, events, outdated)
        if not events and not any(_promoted(log, views, *one) for one in due):
            return count
        count += len(events)


def _refuse_lost_end(log: EventLog, due: Sequence[tuple[Projection, Generation]]) -> None:
    """Rows of events that the log has lost must not be taken for the present, nor hide what comes in their place."""
    head = log.head()
    for projection, made in due:
        if made.position > head:
            raise BrokenLog(f"the log has lost its end: the view {projection.name} holds events up to {made.position}")


def _due(log: EventLog, views: ViewWriter, projection: Projection, outdated: _Outdated) -> Generation | None:
    """Return the generation to fold further, begun where need be; None where a later version is in use."""
    made = views.generations(projection.name)
    live = live_of(made)
    if live is None:
        return _begun(log, views, projection, Generation(1, 0, projection.folds, log.head(), live=True))
    if live.folds > projection.folds:
        return None
    if live.number > made[0].number:
        views.sweep(projection.name)
    beyond = max(outdated.get(projection.name, 0), live.number if live.folds < projection.folds else 0)
    usable = [one for one in made if one.number > beyond and one.folds == projection.folds]
    if usable:
        return live if live in usable else usable[-1]
    return _begun(log, views, projection, Generation(made[-1].number + 1, 0, projection.folds, log.head(), live=False))


def _begun(log: EventLog, views: ViewWriter, projection: Projection, generation: Generation) -> Generation | None:
    try:
        views.begin(projection.name, generation)
    except Conflict:
        return _due(log, views, projection, {projection.name: generation.number - 1})
    return generation


def _advance(
    views: ViewWriter, projection: Projection, made: Generation, events: Sequence[Recorded], outdated: _Outdated
) -> None:
    fresh = [recorded for recorded in events if recorded.position > made.position]
    sound = list(takewhile(lambda recorded: not made.is_outdated_by(recorded), fresh))
    if len(sound) < len(fresh):
        outdated[projection.name] = made.number
    if not sound:
        return
    batch = Batch(projection, sound)
    rows = batch.fold(views.load(projection.name, batch.keys, batch.partitions, generation=made.number))
    try:
        views.save(
            projection.name, rows, after=made.position, position=sound[-1].position,
            generation=made.number, letters=batch.letters,
        )  # fmt: skip
    except Conflict:
        if made in views.generations(projection.name):
            raise


def _promoted(log: EventLog, views: ViewWriter, projection: Projection, made: Generation) -> bool:
    """Let a generation that is level with the log take its place; tell whether there is more to look at."""
    if made.live:
        return False
    if views.promote(projection.name, made.number):
        views.sweep(projection.name)
        return True
    live = live_of(views.generations(projection.name))
    if live and live.position > made.position and not any(log.read(after=made.position, limit=1)):
        raise BrokenLog(f"the log has lost its end: the view {projection.name} holds events up to {live.position}")
    return True
