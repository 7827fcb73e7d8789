"""Stories and entries made up for the tests, and the shipped encoder, loaded once."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest

from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.domain.entry import Entry
from tracker.domain.events import ClaimTracked, Event, NewEvent, Recorded, StoryOpened
from tracker.domain.extraction import read_claim
from tracker.domain.story import Story, evolve
from tracker.judging.judge import Judge

START = datetime(2031, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def judge() -> Judge:
    return Judge(MiniLmEncoder())


@pytest.fixture(scope="session")
def opened() -> Callable[..., Story]:
    return open_story


@pytest.fixture(scope="session")
def write() -> Callable[..., Entry]:
    return made


@pytest.fixture(scope="session")
def append() -> Callable[[Story, Iterable[NewEvent], datetime], Story]:
    return appended


def open_story(title: str, *claims: str, language: str = "en") -> Story:
    events: list[Event] = [StoryOpened("made", title, language, None, None, START)]
    events += [
        ClaimTracked(read_claim(f"C{at}", text, published=START.date()), "seed") for at, text in enumerate(claims)
    ]
    story = evolve(None, [recorded(event, at, START) for at, event in enumerate(events, 1)])
    assert story is not None
    return story


def recorded(event: Event, position: int, at: datetime, identity: str = "") -> Recorded:
    return Recorded(position, "story-made", position, identity or f"e{position}", event, "test", None, None, at, "")


def appended(story: Story, events: Iterable[NewEvent], at: datetime) -> Story:
    out = evolve(story, [recorded(new.event, story.version + n, at, new.id) for n, new in enumerate(events, 1)])
    assert out is not None
    return out


def made(
    title: str, summary: str = "", *, hours: float = 24, url: str | None = None, publisher: str = "The Courier",
    language: str = "en",
) -> Entry:  # fmt: skip
    at = START + timedelta(hours=hours)
    return Entry(f"i-{title}-{hours}-{publisher}", title, summary, at, url, publisher, at, language)
