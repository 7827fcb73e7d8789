"""Questions on the whole tracker: its log, its feeds, what it owes, what waits for a person, how it is."""

from collections.abc import Mapping
from typing import Any, TypedDict

from tracker import __version__
from tracker.application.queue import queue
from tracker.application.report import head_of
from tracker.domain.events import Recorded, feed_stream, story_stream
from tracker.entrypoints.documents import deliveries, feeds
from tracker.entrypoints.web.api.about_stories import of_log
from tracker.entrypoints.web.api.asked import Asked
from tracker.entrypoints.web.api.parameters import moment, number, one_of, words
from tracker.entrypoints.web.api.questions import Made, Question
from tracker.ports.feeds import FeedState
from tracker.ports.outbox import Sought
from tracker.projections import ALL
from tracker.projections.rows import stamp_or_none
from tracker.rendering.documents import changes, explanation
from tracker.rendering.documents.kinds import SCHEMA_VERSION, Count, Position, Time, Version

_OPEN = (story_stream(""), feed_stream(""))
"""How streams begin that speak of no subscriber."""
_HARMLESS = frozenset((
    "subscription", "channel", "story", "sources", "endpoints", "only", "timing", "mute", "what", "about", "until",
    "endpoint", "failures", "since",
))  # fmt: skip
"""What the events of the other streams say to everybody: no address, no person, no words that may quote either."""


class Owed(TypedDict):
    """Messages that are owed: `pending` are to be sent, the first of them since `oldest`; `dead` were given up."""

    pending: Count
    dead: Count
    oldest: Time | None


class Health(TypedDict):
    """How the tracker is. `behind`: how many events the views lack; the next question makes up for them.

    Of the `feeds`, `due` are to be polled now, and `failing` could not be read last time.
    """

    schema_version: Version
    version: str
    position: Position
    behind: Count
    views: dict[str, Position]
    feeds: Count
    due: Count
    failing: Count
    deliveries: Owed


def _events(asked: Asked) -> Made:
    stream, story = None, asked.values.get("story")
    if story is not None:
        head_of(asked.room.views(), story)
        stream = story_stream(story)
    after = int(asked.after or asked.values.get("after", 0))
    found = list(asked.app.log.read(after=after, stream=stream, limit=asked.limit + 1))
    shown = found[: asked.limit]
    trusted = asked.trusted()
    described = [asked.app.describe(one) if trusted else _harmless(asked, one) for one in shown]
    return Made(explanation.events(described), str(shown[-1].position) if len(found) > len(shown) else None)


def _harmless(asked: Asked, recorded: Recorded) -> Mapping[str, Any]:
    described = asked.app.describe(recorded)
    if recorded.stream.startswith(_OPEN):
        return described
    data = {name: value if name in _HARMLESS else None for name, value in described["data"].items()}
    return {**described, "data": data}


def _feeds(asked: Asked) -> Made:
    book = asked.app.feeds
    states = book.all(asked.values.get("story"), after=asked.after, most=asked.limit + 1)
    shown, trusted = states[: asked.limit], asked.trusted()
    document = feeds.feeds(shown, book.resting({state.host for state in shown}, asked.app.clock()))
    if not trusted:
        document = {**document, "feeds": [_without_references(row) for row in document["feeds"]]}
    return Made(document, _last(shown) if len(states) > len(shown) else None)


def _last(shown: Any) -> str:
    last: FeedState = shown[-1]
    return last.id


def _without_references(row: feeds.FeedRow) -> feeds.FeedRow:
    return {**row, "headers": [], "login": None, "cookie": None, "proxy": None}


def _deliveries(asked: Asked) -> Made:
    sought = Sought(**{name: asked.values.get(name) for name in ("state", "story", "subscription", "since")})
    position, _, name = asked.after.partition(" ")
    found = asked.app.outbox.search(sought, asked.limit + 1, (int(position), name) if asked.after else None)
    shown = found[: asked.limit]
    document = deliveries.deliveries(shown)
    if not asked.trusted():
        document = {**document, "deliveries": [{**row, "last_error": None} for row in document["deliveries"]]}
    more = len(found) > len(shown)
    return Made(document, f"{shown[-1].position} {shown[-1].id}" if more else None)


def _review(asked: Asked) -> Made:
    before = int(asked.after) if asked.after else None
    found = queue(asked.room.views(), before=before, most=asked.limit)
    document = changes.review((case.story, case.told) for case in found.cases)
    return Made(document, str(found.older) if found.older else None)


def _health(asked: Asked) -> Made:
    vitals = asked.app.observer.vitals(asked.app.clock(), 0)
    reached = {view.name: vitals.reached.get(view.name, 0) for view in ALL}
    document: Health = {
        "schema_version": SCHEMA_VERSION,
        "version": __version__,
        "position": vitals.head,
        "behind": max(0, vitals.head - min(reached.values())),
        "views": reached,
        "feeds": vitals.feeds,
        "due": vitals.due,
        "failing": vitals.failing,
        "deliveries": {"pending": vitals.pending, "dead": vitals.dead, "oldest": stamp_or_none(vitals.oldest)},
    }
    return Made(document)


_HIDDEN = "Addresses, and words of servers that may quote them, are null without the token."
QUESTIONS = (
    Question(
        "/events", "listEvents", f"The events of the log, oldest first, as `tracker log --format jsonl`. {_HIDDEN}",
        explanation.Events, _events,
        (
            number("after", "Only what comes after this position; to go on later, that of the last event.", least=0),
            words("story", "Only the events of one story."),
        ),
        lambda asked: (of_log(asked), asked.trusted()), paged=True, fuller=True,
    ),
    Question(
        "/feeds", "listFeeds", "The feeds and how they fare, by id. How they are asked is told with the token only.",
        feeds.Feeds, _feeds, (words("story", "Only those that this story hears."),), paged=True, fuller=True,
    ),
    Question(
        "/deliveries", "listDeliveries", f"Deliveries, the newest first. {_HIDDEN}", deliveries.Deliveries, _deliveries,
        (
            one_of("state", "Only these.", ("pending", "delivered", "dead")), words("story", "Only of this story."),
            words("subscription", "Only to this subscription."),
            moment("since", "Only what was owed then or later.", end_of_day=False),
        ),
        paged=True, fuller=True,
    ),
    Question(
        "/review", "listReview", "The findings that wait for a person, the newest first", changes.Review, _review,
        rests_on=of_log, paged=True,
    ),
    Question("/health", "getHealth", "How the tracker is, in numbers", Health, _health),
)  # fmt: skip
