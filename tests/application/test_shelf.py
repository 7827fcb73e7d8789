"""Stories kept folded: never other than what the log says."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from tracker.adapters.sql.engine import open_engine, writing
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.tables import log as head
from tracker.adapters.sql.tables import metadata
from tracker.application.shelf import Shelf
from tracker.domain.claims import Claim
from tracker.domain.events import (
    ClaimTracked,
    NewEvent,
    StoryClosed,
    StoryEvent,
    StoryOpened,
    StoryReopened,
    story_stream,
)
from tracker.domain.story import Story, evolve

NOON = datetime(2031, 3, 1, 12, tzinfo=UTC)
STORIES = ("a", "b", "c")
STEPS = st.lists(
    st.tuples(st.sampled_from(["append", "ask", "moved", "followed"]), st.sampled_from(STORIES)), max_size=25
)


def empty() -> Engine:
    engine = open_engine("sqlite://")
    metadata.create_all(engine)
    with writing(engine) as connection:
        connection.execute(insert(head).values(id=1, position=0, recorded_at=NOON))
    return engine


def next_event(story: Story | None, name: str) -> StoryEvent:
    """What may happen to a story next: it is opened, gets a claim, is closed, opened again, and so on."""
    if story is None:
        return StoryOpened(name, "t", "en", None, None, NOON)
    happens = (
        ClaimTracked(Claim(f"C{story.version}", "The dam holds."), "seed"), StoryClosed(name), StoryReopened(name),
    )  # fmt: skip
    return happens[story.version % 3]


@settings(max_examples=40)
@given(STEPS)
def test_a_story_on_the_shelf_is_what_the_log_folds_to(steps: list[tuple[str, str]]) -> None:
    """Whatever is appended by others and asked in whichever order, a shelf hands out what the whole log says."""
    log = SqlEventLog(empty(), lambda: NOON)
    shelf = Shelf(log)
    handed: dict[str, Story] = {}
    for kind, name in steps:
        true = {one: evolve(None, tuple(log.read(stream=story_stream(one)))) for one in STORIES}
        if kind == "append":
            story = true[name]
            version = story.version if story else 0
            new = NewEvent(f"{name}-{version}", next_event(story, name), "test")
            log.append(story_stream(name), version, (new,))
        elif kind == "ask":
            found = shelf.story(name)
            assert found == true[name]
            if found:
                handed[name] = found
        elif kind == "moved":
            assert shelf.moved(handed.values()) == {one for one, story in handed.items() if story != true[one]}
        else:
            assert set(shelf.followed()) == {one for one, story in true.items() if story and not story.closed}
