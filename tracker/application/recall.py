"""What the log says, kept at hand for the messages of one process: each event is read once, however many are told."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tracker.domain.events import (
    ClaimTracked,
    EntryErased,
    Recorded,
    StoryOpened,
    StoryRenamed,
    finding_of,
    story_stream,
)
from tracker.domain.routing import NOBODY, fold_subscriptions
from tracker.domain.story import Story, evolve
from tracker.domain.subscription_events import ALERTS
from tracker.errors import NotFound
from tracker.ports.log import EventLog

_NEAR = 16
"""Positions so close to each other are read at once, with what lies between."""
_KEPT = 4096
_STORIES = 64


@dataclass(slots=True)
class Wording:
    """The title of a story and the first wording of its claims, as they came, each with its position."""

    titles: list[tuple[int, str]] = field(default_factory=list)
    claims: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def take(self, recorded: Recorded) -> None:
        """Go on to the next event of the stream."""
        match recorded.event:
            case StoryOpened(title=title) | StoryRenamed(title=title):
                self.titles.append((recorded.position, title))
            case ClaimTracked(claim=claim):
                self.claims.setdefault(claim.id, []).append((recorded.position, claim.text))
            case _:
                pass

    def title(self, upto: int) -> str:
        """Return the title as of a position."""
        return _last(self.titles, upto)

    def of(self, events: Iterable[Recorded], upto: int) -> dict[str, str]:
        """Return the wording, as of a position, of the claims on which findings bear."""
        named = {finding.claim or "" for one in events if (finding := finding_of(one.event))}
        return {claim: _last(self.claims.get(claim, ()), upto) for claim in named}


def _last(said: Sequence[tuple[int, str]], upto: int) -> str:
    return next((words for position, words in reversed(said) if position <= upto), "")


class Recall:
    """A cache only: it follows the log, and forgets what was erased. For one thread."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._position = 0
        self.subscribed = NOBODY
        self._wordings: dict[str, Wording] = {}
        self._stories: dict[tuple[str, int], Story] = {}
        self._events: dict[int, Recorded] = {}

    def look(self) -> None:
        """Bring everything level with the log; `subscribed` is who is told of what, as of then."""
        head = self._log.head()
        if self._position == 0:
            self.subscribed = fold_subscriptions(self._log.read(stream=ALERTS, upto=head))
        elif head > self._position:
            self._follow(tuple(self._log.read(after=self._position, upto=head)))
        self._position = head

    def events(self, positions: Iterable[int]) -> tuple[Recorded, ...]:
        """Return the events at positions, in order; one that the log does not hold is left out."""
        wanted = sorted({*positions})
        if len(self._events) > _KEPT:
            self._events.clear()
        for first, last in _runs([one for one in wanted if one not in self._events]):
            self._events |= {one.position: one for one in self._log.read(after=first - 1, upto=last)}
        return tuple(self._events[one] for one in wanted if one in self._events)

    def wording(self, story: str) -> Wording:
        """Return how a story and its claims are called. Raises NotFound where there is no such story."""
        stream = story_stream(story)
        if stream not in self._wordings:
            events, held = tuple(self._log.read(stream=stream, upto=self._position)), Wording()
            if not events:
                raise NotFound(f"no story {story}")
            for recorded in events:
                held.take(recorded)
            if not held.titles:
                raise ValueError(f"stream {stream} does not begin with story.opened")
            self._wordings[stream] = held
        return self._wordings[stream]

    def story(self, story: str, upto: int) -> Story:
        """Return a story as of a position. Raises NotFound where there was none."""
        earlier = [at for name, at in self._stories if name == story and at <= upto]
        base = max(earlier, default=0)
        told = evolve(
            self._stories.get((story, base)), self._log.read(after=base, upto=upto, stream=story_stream(story))
        )
        if told is None:
            raise NotFound(f"no story {story}")
        if len(self._stories) >= _STORIES:
            self._stories.clear()
        self._stories[story, upto] = told
        return told

    def stream(self, story: str, upto: int) -> tuple[Recorded, ...]:
        """Return all that a story tells up to a position."""
        return tuple(self._log.read(stream=story_stream(story), upto=upto))

    def after(self, position: int, stream: str) -> Iterator[Recorded]:
        """Yield what a stream tells after a position."""
        return self._log.read(after=position, stream=stream)

    def _follow(self, fresh: Iterable[Recorded]) -> None:
        told = []
        for recorded in fresh:
            if recorded.stream == ALERTS:
                told.append(recorded)
            elif isinstance(recorded.event, EntryErased):
                self._forget(recorded.stream)
            elif held := self._wordings.get(recorded.stream):
                held.take(recorded)
        self.subscribed = fold_subscriptions(told, self.subscribed)

    def _forget(self, stream: str) -> None:
        """Keep no words that had to go: what is left of them is read anew."""
        self._wordings.pop(stream, None)
        self._stories.clear()
        self._events.clear()


def _runs(positions: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of those that lie near each other."""
    run: list[int] = []
    for position in positions:
        if run and position - run[-1] > _NEAR:
            yield run[0], run[-1]
            run = []
        run.append(position)
    if run:
        yield run[0], run[-1]
