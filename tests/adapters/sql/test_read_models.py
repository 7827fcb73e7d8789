"""The views' contract, on both databases."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from tracker.adapters.sql.engine import reading
from tracker.adapters.sql.generations import SWEPT
from tracker.adapters.sql.read_models import SqlViews
from tracker.adapters.sql.stored_names import as_named, as_stored
from tracker.adapters.sql.tables import dead_letter, view
from tracker.errors import Conflict
from tracker.projections.folding import DeadLetter, within
from tracker.projections.generation import Generation, live_of
from tracker.projections.projection import Key, Row


@pytest.fixture
def views(engine: Engine) -> SqlViews:
    """Return empty views."""
    return SqlViews(engine)


def test_empty(views: SqlViews) -> None:
    """A projection never folded stands at 0 and has no rows."""
    assert views.checkpoint("ledger") == 0
    assert views.load("ledger", [("s", "k")]) == {}
    assert list(views.scan("ledger", "s")) == []
    assert views.partitions("ledger") == ()


def test_save_and_load(views: SqlViews) -> None:
    """Rows come back as they were saved, replaced where saved again, with the checkpoint of the last save."""
    views.save("ledger", {("s", "a"): {"x": [1, None, "é\x00"]}, ("t", "a"): {}}, after=0, position=3)
    views.save("ledger", {("s", "a"): {"x": 2}, ("s", "b"): {"y": 0.5}}, after=3, position=7)
    assert views.checkpoint("ledger") == 7
    assert views.load("ledger", [("s", "a"), ("s", "b"), ("t", "a"), ("t", "b")]) == {
        ("s", "a"): {"x": 2}, ("s", "b"): {"y": 0.5}, ("t", "a"): {},
    }  # fmt: skip
    assert views.partitions("ledger") == ("s", "t")


def test_checkpoint_without_rows(views: SqlViews) -> None:
    """Events that change no row still move the checkpoint, from 0 to 0 as well."""
    views.save("ledger", {}, after=0, position=0)
    views.save("ledger", {}, after=0, position=4)
    assert views.checkpoint("ledger") == 4


@pytest.mark.parametrize("after", [0, 2, 4])
def test_conflict(views: SqlViews, after: int) -> None:
    """A save from another checkpoint than the stored one changes neither rows nor checkpoint."""
    views.save("ledger", {("s", "a"): {"x": 1}}, after=0, position=3)
    with pytest.raises(Conflict):
        views.save("ledger", {("s", "a"): {"x": 2}, ("s", "b"): {}}, after=after, position=5)
    assert views.checkpoint("ledger") == 3
    assert list(views.scan("ledger", "s")) == [{"x": 1}]


def test_conflict_at_first(views: SqlViews) -> None:
    """A projection that was never folded is at 0 and nowhere else."""
    with pytest.raises(Conflict):
        views.save("ledger", {("s", "a"): {}}, after=1, position=2)
    assert views.partitions("ledger") == ()


def test_scan(views: SqlViews) -> None:
    """Rows are scanned by code point of the key, whatever the server's language: between two keys, a few at an end."""
    keys = ["", "0002", "0010", "A", "Z", "a", "b c", "z", "ä", "日"]
    views.save("timeline", {("s", key): {"key": key} for key in reversed(keys)}, after=0, position=1)
    assert [row["key"] for row in views.scan("timeline", "s")] == keys[1:]
    assert [row["key"] for row in views.scan("timeline", "s", after="Z")] == ["a", "b c", "z", "ä", "日"]
    assert [row["key"] for row in views.scan("timeline", "s", last=2)] == ["ä", "日"]
    assert [row["key"] for row in views.scan("timeline", "s", after="z", last=99)] == ["ä", "日"]
    assert [row["key"] for row in views.scan("timeline", "s", after="A", before="ä")] == ["Z", "a", "b c", "z"]
    assert [row["key"] for row in views.scan("timeline", "s", before="ä", last=2)] == ["b c", "z"]
    assert list(views.scan("timeline", "s", before="")) == []
    assert [row["key"] for row in views.scan("timeline", "s", first=2)] == ["0002", "0010"]
    assert [row["key"] for row in views.scan("timeline", "s", after="z", first=99)] == ["ä", "日"]
    assert [row["key"] for row in views.scan("timeline", "s", after="A", before="b c", first=2)] == ["Z", "a"]
    assert list(views.scan("timeline", "s", first=0)) == []
    assert (views.count("timeline", "s"), views.count("timeline", "t"), views.count("ledger", "s")) == (10, 0, 0)


def test_many_rows(views: SqlViews) -> None:
    """More keys than a statement takes parameters are saved and loaded."""
    rows = {("s", f"{number:05}"): {"n": number} for number in range(2000)}
    views.save("ledger", rows, after=0, position=1)
    assert views.load("ledger", rows) == rows


def test_projections_are_apart(views: SqlViews) -> None:
    """What one projection holds, and how far it is, leaves the others alone."""
    for position, name in enumerate(("ledger", "timeline"), 1):
        views.save(name, {("s", "a"): {"of": name}}, after=0, position=position)
    assert (views.checkpoint("ledger"), views.checkpoint("timeline")) == (1, 2)
    assert list(views.scan("ledger", "s")) == [{"of": "ledger"}]
    assert list(views.scan("timeline", "s")) == [{"of": "timeline"}]


def test_equal_rows_are_equal_bytes(views: SqlViews, engine: Engine) -> None:
    """A row is stored as canonical JSON: the order in which it was made leaves no trace."""
    views.save("ledger", {("s", "a"): {"b": 1, "a": {"d": 1, "c": 2}}}, after=0, position=1)
    with reading(engine) as connection:
        assert connection.execute(select(view.c.data)).scalar_one() == '{"a":{"c":2,"d":1},"b":1}'


def test_keys_of_any_text(views: SqlViews) -> None:
    """NUL and its escapes in a partition or key are kept apart, come back as they were, and keep their order."""
    keys = ["", "\x00", "\x00\x00", "\x00\x01", "\x01", "\x01\x01", "\x01\x02", "\x02", "a\x00", "a\x01", "b"]
    rows = {(partition, key): {"key": key} for partition in ("s\x00", "s\x01") for key in keys}
    views.save("ledger", rows, after=0, position=1)
    assert views.load("ledger", rows) == rows
    assert views.partitions("ledger") == ("s\x00", "s\x01")
    assert [row["key"] for row in views.scan("ledger", "s\x00", after="\x00")] == keys[2:]
    assert list(views.scan("ledger", "\udce4")) == []
    assert views.load("ledger", [("\udce4", "\udce4")]) == {}


@given(st.text(st.sampled_from("\x00\x01\x02a"), max_size=6), st.text(st.sampled_from("\x00\x01\x02a"), max_size=6))
def test_the_escape_keeps_names_apart_and_in_order(one: str, other: str) -> None:
    """Stored names are read back as they were, hold no NUL, and stand in the order of the names."""
    assert as_named(as_stored(one)) == one
    assert "\x00" not in as_stored(one)
    assert (as_stored(one) < as_stored(other)) == (one < other)


def test_whole_partitions(views: SqlViews) -> None:
    """A partition is loaded whole, with all below it where its name ends in a line break, and nothing beside it."""
    names = ["s", "s\n", "s\na\n", "s\na\nb\n", "s\nab\n", "s\x0b", "s\x00", "s\x01", "sa", "sa\n", "t"]
    rows = {(name, key): {"of": name} for name in names for key in ("", "k")}
    views.save("ledger", rows, after=0, position=1)

    def loaded(*asked: str) -> set[str]:
        return {partition for partition, _ in views.load("ledger", [], asked)}

    for name in names:
        assert loaded(name) == {one for one in names if within(one, name)}
    assert loaded("s", "s\na\n") == {"s", "s\na\n", "s\na\nb\n"}
    assert set(views.load("ledger", [("t", "k")], ["sa"])) == {("t", "k"), ("sa", ""), ("sa", "k")}


def test_generations_are_apart(views: SqlViews) -> None:
    """Readers and loads see the live generation only; another one is loaded by its number."""
    views.save("ledger", {("s", "a"): {"of": 1}, ("s", "b"): {"of": 1}}, after=0, position=5)
    views.begin("ledger", Generation(2, position=0, folds=1, begun=5, live=False))
    views.save("ledger", {("s", "a"): {"of": 2}, ("t", "a"): {"of": 2}}, after=0, position=5, generation=2)
    old = (list(views.scan("ledger", "s")), views.partitions("ledger"), views.load("ledger", [("s", "a")]))
    assert old == ([{"of": 1}, {"of": 1}], ("s",), {("s", "a"): {"of": 1}})
    assert views.load("ledger", [("s", "a")], generation=2) == {("s", "a"): {"of": 2}}
    assert views.promote("ledger", 2)
    new = (list(views.scan("ledger", "s")), views.partitions("ledger"), views.load("ledger", [("s", "a")]))
    assert new == ([{"of": 2}], ("s", "t"), {("s", "a"): {"of": 2}})


def test_who_may_take_the_place(views: SqlViews) -> None:
    """A generation does not replace one that is further in the log, newer in version, or begun later; nor one gone."""
    views.begin("ledger", Generation(3, position=5, folds=2, begun=0, live=True))
    for refused in (
        Generation(2, position=5, folds=2, begun=0, live=False),
        Generation(4, position=4, folds=2, begun=0, live=False),
        Generation(5, position=5, folds=1, begun=0, live=False),
    ):
        views.begin("ledger", refused)
        assert not views.promote("ledger", refused.number)
    assert not views.promote("ledger", 9)
    assert live_of(views.generations("ledger")) == Generation(3, position=5, folds=2, begun=0, live=True)
    with pytest.raises(Conflict):
        views.begin("ledger", Generation(3, position=0, folds=9, begun=0, live=False))


def test_a_sweep_takes_many_rows_in_turns(views: SqlViews, engine: Engine) -> None:
    """More rows of an old generation than one transaction removes are all removed, with their dead letters."""
    rows: dict[Key, Row] = {("s", str(number)): {} for number in range(SWEPT + 3)}
    letter = DeadLetter("ledger", 1, "x", datetime(2024, 6, 1, tzinfo=UTC))
    views.save("ledger", rows, after=0, position=1, letters=[letter])
    assert views.dead_letters("ledger") == (letter,)
    views.begin("ledger", Generation(2, position=1, folds=1, begun=1, live=False))
    views.promote("ledger", 2)
    views.sweep("ledger")
    assert views.dead_letters("ledger") == ()
    with reading(engine) as connection:
        left = [connection.execute(select(func.count()).select_from(table)).scalar() for table in (view, dead_letter)]
    assert left == [0, 0]
    assert [one.number for one in views.generations("ledger")] == [2]
