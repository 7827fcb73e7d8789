"""Events to JSON and back."""

import json
from dataclasses import dataclass, replace
from typing import Any, get_args

import pytest
from hypothesis import given

from tests.adapters.sql.golden import EVENTS
from tests.adapters.sql.made import events
from tracker.adapters.sql.codec import TYPES, Codec, canonical, decode, encode
from tracker.domain.events import EntryLinked, Event, StoryClosed, StoryRenamed
from tracker.errors import BrokenLog, DatabaseTooNew, StoreError


@given(events)
def test_round_trip(event: Event) -> None:
    """Every event of every type is read back as it was written, and written again as the same bytes."""
    written = encode(event)
    assert decode(*written) == event
    assert encode(decode(*written)) == written


@given(events)
def test_canonical(event: Event) -> None:
    """The JSON has sorted keys and no blanks, as any other JSON library writes it when asked so."""
    text = encode(event)[2]
    keys = [key for key, _ in json.loads(text, object_pairs_hook=list)]
    assert keys == sorted(keys)
    assert json.loads(text) == json.loads(canonical(json.loads(text)))


def test_every_type_has_a_name() -> None:
    """Every type of the closed union has one stable name of its own, and no other type has."""
    assert set(TYPES) == set(get_args(Event))
    assert len({name for name, _ in TYPES.values()}) == len(TYPES)


@dataclass(frozen=True)
class Moved:
    """An event that has had three schemas."""

    place: str
    far: int


def test_old_schemas_are_brought_up() -> None:
    """Data of an old schema goes through every upcaster from there on, in order."""
    codec = Codec(
        {Moved: ("moved", 3)},
        {
            ("moved", 1): lambda data: {"place": data["to"]},
            ("moved", 2): lambda data: data | {"far": len(data["place"])},
        },
    )
    assert codec.decode("moved", 1, '{"to":"Lviv"}') == Moved("Lviv", 4)
    assert codec.decode("moved", 2, '{"place":"Kyiv"}') == Moved("Kyiv", 4)
    assert codec.decode(*codec.encode(Moved("Odesa", 5))) == Moved("Odesa", 5)


def test_a_gap_in_the_upcasters_is_found_at_once() -> None:
    """A schema that nothing brings up, and an upcaster that nothing needs, are refused when the table is made."""
    with pytest.raises(ValueError, match=r"\('moved', 2\)"):
        Codec({Moved: ("moved", 3)}, {("moved", 1): dict})
    with pytest.raises(ValueError, match=r"\('gone', 1\)"):
        Codec({Moved: ("moved", 1)}, {("gone", 1): dict})


@pytest.mark.parametrize(("name", "schema"), [("story.merged", 1), ("story.closed", 2), ("story.closed", 0)])
def test_from_a_later_version(name: str, schema: int) -> None:
    """A name or schema not known here says that a later version wrote it."""
    with pytest.raises(DatabaseTooNew, match=f"{name} of schema {schema}"):
        decode(name, schema, "{}")


@pytest.mark.parametrize("text", ["{}", '{"story":1}', "[]", "{", '{"story":"x"'])
def test_unfit_json(text: str) -> None:
    """JSON that does not fit its type is a broken log, not a traceback."""
    for name in ("story.closed", "finding.reviewed"):  # one that is read as it is, one that is brought up first
        with pytest.raises(BrokenLog, match=name):
            decode(name, 1, text)


def test_what_cannot_be_read_back_is_not_written() -> None:
    """A NaN, a value of a wrong type and half a character are refused before anything is written."""
    linked = EVENTS["entry.linked-1"]
    assert isinstance(linked, EntryLinked)
    wrong: Any = (
        replace(linked, score=float("nan")),
        replace(linked, claims=["S01"]),  # type: ignore[arg-type]
        StoryClosed(7),  # type: ignore[arg-type]
        StoryRenamed("s", "\ud800"),
    )
    for event in wrong:
        with pytest.raises(StoreError, match="cannot be"):
            encode(event)
