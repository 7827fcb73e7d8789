"""Copies and reposts."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tracker.domain.entry import Entry, refer
from tracker.domain.events import EntryLinked, NewEvent
from tracker.domain.story import Story
from tracker.judging.near_duplicate import copy_of

WIRE = (
    "A passenger ferry with 212 people aboard sank in heavy seas off the coast on Friday night, the coast guard said."
)
Case = tuple[str, str, str | None, bool]


def knowing(opened: Callable[..., Story], append: Callable[..., Story], entry: Entry) -> Story:
    linked = EntryLinked(refer(entry, "AP"), 0.9, "", None, (), entry.id)
    return append(opened("Ferry", "A ferry sank."), [NewEvent("x", linked, "test")], entry.seen + timedelta(minutes=1))


@pytest.mark.parametrize(
    "case",
    [
        ("Ferry with 212 aboard sinks off the coast", "Short.", None, True),
        ("Disaster at sea", f"{WIRE} More soon.", None, True),
        ("Disaster at sea", "Short.", "https://b.example/9/ferry-with-212-aboard-sinks-off-the-coast", True),
        (
            "Ferry with 212 aboard sinks off the coast: owner arrested, minister resigns, port closed for good",
            "",
            None,
            False,
        ),
        ("Coast guard ends its search", "Nobody is missing any more, the coast guard said.", None, False),
        ("Ferry with 312 aboard sinks off the coast", "Short.", None, False),
        ("Disaster at sea", WIRE.replace("212", "312"), None, False),
    ],
)
def test_a_copy_is_known_by_headline_text_or_address(
    opened: Callable[..., Story], append: Callable[..., Story], write: Callable[..., Entry], case: Case
) -> None:
    """The same headline, the same text, or the headline in the address make a copy; more news, or a new figure, not."""
    title, summary, url, copied = case
    first = write("Ferry with 212 aboard sinks off the coast", WIRE, url="https://a.example/1")
    found = copy_of(write(title, summary, url=url, hours=30), knowing(opened, append, first))
    assert (found is not None) == copied


def test_an_entry_is_no_copy_of_itself(
    opened: Callable[..., Story], append: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """A new version of an entry is a revision, no repost."""
    first = write("Ferry with 212 aboard sinks off the coast", WIRE)
    assert copy_of(first, knowing(opened, append, first)) is None
