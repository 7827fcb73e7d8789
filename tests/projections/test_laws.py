"""Laws that every projection keeps."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.made.streams import LONGEST, calm, logs
from tracker.domain.events import Recorded
from tracker.projections import ALL
from tracker.projections.folding import within
from tracker.projections.projection import Key, Projection, Row


def canonical(row: object) -> str:
    """Return a row as a store keeps it."""
    return json.dumps(row, sort_keys=True, allow_nan=False)


def fold_as_stored(projection: Projection, events: tuple[Recorded, ...]) -> dict[Key, str]:
    """Fold events one by one, showing each only the rows under its keys, as they come back from a store."""
    stored: dict[Key, str] = {}
    for recorded in events:
        keys, whole = projection.keys(recorded), projection.partitions(recorded)
        wanted = [key for key in stored if key in keys or any(within(key[0], asked) for asked in whole)]
        asked = {key: json.loads(stored[key]) for key in wanted}
        stored |= {key: canonical(row) for key, row in projection.apply(asked, recorded).items()}
    return stored


def fold_at_once(projection: Projection, events: tuple[Recorded, ...], held: dict[Key, Row]) -> dict[Key, Row]:
    """Fold events over rows in memory, with every row in sight."""
    for recorded in events:
        held |= projection.apply(held, recorded)
    return held


@calm
@given(logs())
def test_one_by_one_gives_the_bytes_of_all_at_once(events: tuple[Recorded, ...]) -> None:
    """Folding event by event through a store, with only the announced keys in sight, gives the same bytes."""
    for projection in ALL:
        at_once = fold_at_once(projection, events, {})
        assert fold_as_stored(projection, events) == {key: canonical(row) for key, row in at_once.items()}


@calm
@given(logs(), st.integers(0, LONGEST))
def test_any_split_gives_the_same_rows(events: tuple[Recorded, ...], cut: int) -> None:
    """A projection stopped anywhere and taken up again holds the rows of one that never stopped."""
    for projection in ALL:
        early = fold_at_once(projection, events[:cut], {})
        copied = {key: json.loads(canonical(row)) for key, row in early.items()}
        assert fold_at_once(projection, events[cut:], copied) == fold_at_once(projection, events, {})


@calm
@given(logs())
def test_rows_handed_in_are_left_alone(events: tuple[Recorded, ...]) -> None:
    """A projection changes no row that it was given: it returns another."""
    for projection in ALL:
        rows: dict[Key, Row] = {}
        for recorded in events:
            before = {key: canonical(row) for key, row in rows.items()}
            changed = projection.apply(rows, recorded)
            assert {key: canonical(row) for key, row in rows.items()} == before
            rows |= changed
