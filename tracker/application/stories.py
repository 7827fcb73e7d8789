"""Commands on stories: open one from a seed, close it."""

import re

from tracker.application.near import no_story
from tracker.application.retry import retried
from tracker.domain.events import (
    ClaimTracked,
    Event,
    NewEvent,
    StoryClosed,
    StoryOpened,
    StoryReopened,
    story_stream,
)
from tracker.domain.ids import content_id
from tracker.domain.story import Story, fold
from tracker.errors import UsageError
from tracker.ports.log import EventLog
from tracker.ports.seeds import Seed

_LONGEST_ID = 64


@retried
def open_story(log: EventLog, seed: Seed, actor: str) -> Story:
    """Record that a story is followed from now on, and each of its claims, in one transaction; return it folded.

    Opening the same seed twice records nothing, and opens the story again if it was closed. Raises UsageError when a
    story of that id stands on another seed, and for ids that could not be typed or be part of an address.
    """
    _check(seed)
    stream = story_stream(seed.id)
    events = _opening(seed, actor)
    held = tuple(log.read(stream=stream, limit=len(events)))
    if held and tuple(recorded.id for recorded in held) != tuple(event.id for event in events):
        raise UsageError(f"a story {seed.id} is already open from another seed; choose another id with --id")
    log.append(stream, held[-1].version if held else 0, events)
    story = _opened(log, stream)
    if not story.closed:
        return story
    event = NewEvent(content_id("reopen", (stream, str(story.version))), StoryReopened(seed.id), actor)
    log.append(stream, story.version, (event,))
    return _opened(log, stream)


@retried
def close_story(log: EventLog, story_id: str, actor: str) -> None:
    """Record that a story is followed no longer. Raises NotFound; closing a closed story records nothing."""
    stream = story_stream(story_id)
    story = fold(log.read(stream=stream))
    if story is None:
        raise no_story(log, story_id)
    if not story.closed:
        event = NewEvent(content_id("close", (stream, str(story.version))), StoryClosed(story_id), actor)
        log.append(stream, story.version, (event,))


def _check(seed: Seed) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", seed.id):
        raise UsageError(f"a story's id is up to 64 letters, digits, dots and dashes, not {seed.id!r}; see --id")
    for claim in seed.claims:
        if not 1 <= len(claim.id) <= _LONGEST_ID or " " in claim.id or not claim.id.isprintable():
            raise UsageError(
                f"a claim's id is up to {_LONGEST_ID} printable characters without blanks, not {claim.id!a}"
            )


def _opened(log: EventLog, stream: str) -> Story:
    story = fold(log.read(stream=stream))
    assert story is not None, "a story that was just opened"
    return story


def _opening(seed: Seed, actor: str) -> tuple[NewEvent, ...]:
    opened = StoryOpened(seed.id, seed.title, seed.language, seed.document, seed.document_sha256, seed.as_of)
    events: list[tuple[str, Event]] = [("", opened)]
    events += [(claim.id, ClaimTracked(claim, "seed", source=seed.source)) for claim in seed.claims]
    said = seed.published or seed.as_of
    seed_id = content_id("seed", (repr(opened), *(repr(claim) for claim in seed.claims)))
    return tuple(
        NewEvent(content_id("open", (seed_id, key)), event, actor, causation=seed_id, published_at=said)
        for key, event in events
    )
