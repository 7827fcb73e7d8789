"""Questions on stories, and on one of them as it stands or stood."""

from datetime import datetime
from typing import Any

from tracker.application.browse import Wanted, browse
from tracker.application.claim_history import claim_row
from tracker.application.explain import explain
from tracker.application.freshness import freshness_now
from tracker.application.look import last_look
from tracker.application.news import Look
from tracker.application.parts import (
    claims_part,
    entries_part,
    entry_of,
    history_part,
    sources_part,
    stories_part,
    timeline_part,
)
from tracker.application.report import claim_view, head_of, newest, report
from tracker.entrypoints.web.api.asked import READER, Asked, refuse_strangers_to
from tracker.entrypoints.web.api.parameters import (
    CLAIM,
    ENTRY,
    KIND,
    LIMIT,
    PAST,
    POSITION,
    STANDING,
    STORY,
    Parameter,
    flag,
    moment,
    words,
)
from tracker.entrypoints.web.api.questions import Made, Question
from tracker.errors import NotFound
from tracker.projections.rows import story_of
from tracker.rendering.documents import changes, claims, entries, explanation, status, stories

_LAST = "last"
_moment = moment("since", "", end_of_day=False)
SINCE = Parameter(
    "since",
    "What is new since then: a time of seeing, a date means its beginning; or `last`: since who is named by "
    "`Tracker-Reader` last looked, which needs the token.",
    {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}, {"const": _LAST}]},
    lambda text: _LAST if text == _LAST else _moment.read(text),
)
WHOLE = flag(
    "whole",
    "All developments and the history of each claim, as `tracker status --format json` prints; without it the latest, "
    "and no history. Takes as long as the story is.",
)


def of_log(asked: Asked) -> object:
    """Return what vouches for everything that was recorded."""
    log = asked.app.log
    return log.seal(log.head())


def of_story(asked: Asked) -> object:
    """Return what vouches for everything that was recorded of a story. Raises NotFound."""
    return head_of(asked.room.views(), asked.story)["hash"]


def _of_status(asked: Asked) -> object:
    """A report also tells how the feeds fare, which the log does not say, and which time alone may change."""
    if asked.moments.as_of:
        return of_log(asked), _since(asked)
    return of_story(asked), freshness_now(asked.app.feeds, asked.story, asked.app.clock()), _since(asked)


def _stories(asked: Asked) -> Made:
    part = stories_part(asked.room.views(), asked.after, asked.limit)
    return Made(stories.stories(part.items), part.after)


def _status(asked: Asked) -> Made:
    moments, whole = asked.moments, asked.values.get("whole", False)
    feeds = asked.app.feeds if moments.as_of is None else None
    view = report(
        asked.views(), feeds, asked.story, as_of=moments.as_of, valid_at=moments.valid_at, since=_since(asked),
        whole=whole, now=asked.app.clock(),
    )  # fmt: skip
    return Made(status.status(view, whole=whole))


def _since(asked: Asked) -> datetime | Look | None:
    since: Any = asked.values.get("since")
    if READER in asked.request.headers:
        asked.reader()  # who says who they are, says it in a form that is taken, whatever they ask
    if since != _LAST:
        return since  # type: ignore[no-any-return]  # as its parameter reads it
    if not asked.trusted():
        raise refuse_strangers_to("see what is new since somebody last looked")
    opened = datetime.fromisoformat(head_of(asked.room.views(), asked.story)["opened_at"])
    return last_look(asked.app.views, asked.story, asked.reader()) or Look(0, opened)


def _claims(asked: Asked) -> Made:
    part = claims_part(asked.views(), asked.story, asked.after, asked.limit)
    return Made(claims.claims(asked.story, part.items), part.after)


def _claim(asked: Asked) -> Made:
    views, name = asked.views(), asked.values["claim"]
    claim = claim_view(claim_row(views, asked.story, name))
    part = history_part(views, asked.story, name, asked.after, asked.limit)
    return Made(claims.claim_history(asked.story, claim, part.items), part.after)


def _developments(asked: Asked) -> Made:
    wanted = Wanted(**{field: asked.values.get(name) for field, name in _FILTERS.items()})
    before = int(asked.after) if asked.after else None
    found = browse(asked.views(), asked.story, wanted, before=before, most=asked.limit)
    return Made(changes.developments(asked.story, found.developments), str(found.older) if found.older else None)


_FILTERS = {"kind": "kind", "claim": "claim", "source": "source", "standing": "standing", "words": "q"}


def _development(asked: Asked) -> Made:
    position = asked.values["position"]
    why = explain(asked.app.log, asked.views(), position)
    if story_of(why.recorded) != asked.story:
        raise NotFound(f"the event at position {position} is not of story {asked.story}")
    return Made(explanation.explanation(why, asked.app.describe(why.recorded)))


def _timeline(asked: Asked) -> Made:
    views, moments = asked.views(), asked.moments
    part = timeline_part(views, asked.story, asked.after, asked.limit)
    head = newest(views, asked.story)
    told = changes.timeline(asked.story, part.items, head, as_of=moments.as_of, valid_at=moments.valid_at)
    return Made(told, part.after)


def _entries(asked: Asked) -> Made:
    part = entries_part(asked.views(), asked.story, asked.after, asked.limit)
    return Made(entries.entries(asked.story, part.items), part.after)


def _entry(asked: Asked) -> Made:
    listed = entry_of(asked.views(), asked.story, asked.values["entry"])
    held = asked.app.archive.dossier(listed.id, asked.story, asked.limit)
    by = asked.moments.as_of
    versions = [one for one in held.versions if by is None or one.seen <= by]
    return Made(entries.entry_versions(asked.story, listed, versions, held.earlier))


def _sources(asked: Asked) -> Made:
    part = sources_part(asked.views(), asked.story, asked.after, asked.limit)
    return Made(status.sources(asked.story, part.items), part.after)


_ONE = "/stories/{story}"
_NARROW = (
    KIND, words("claim", "Only what bears on the claim of this id."), words("source", "Only what this source said."),
    STANDING, words("q", "Only where all these words are, whatever their case and accents."),
)  # fmt: skip
QUESTIONS = (
    Question(
        "/stories", "listStories", "The stories, by id", stories.Stories, _stories, rests_on=of_log, paged=True,
    ),
    Question(
        _ONE, "getStory", "How a story stands", status.Status, _status, (STORY, *PAST, SINCE, WHOLE), _of_status,
        fuller=True,
    ),
    Question(
        f"{_ONE}/claims", "listClaims", "The claims of a story, by id", claims.Claims, _claims, (STORY, *PAST),
        of_story, paged=True,
    ),
    Question(
        f"{_ONE}/claims/{{claim}}", "getClaim", "A claim, and what happened to it, oldest first", claims.ClaimHistory,
        _claim, (STORY, CLAIM, *PAST), of_story, paged=True,
    ),
    Question(
        f"{_ONE}/developments", "listDevelopments", "What changed what is known, the newest first",
        changes.Developments, _developments, (STORY, *PAST, *_NARROW), of_story, paged=True,
    ),
    Question(
        f"{_ONE}/developments/{{position}}", "explainDevelopment", "Everything behind one event of a story",
        explanation.Explanation, _development, (STORY, POSITION), of_story,
    ),
    Question(
        f"{_ONE}/timeline", "getTimeline", "What happened in a story, oldest first", changes.Timeline, _timeline,
        (STORY, *PAST), of_story, paged=True,
    ),
    Question(
        f"{_ONE}/entries", "listEntries", "The entries of a story, in the order in which they came", entries.Entries,
        _entries, (STORY, *PAST), of_story, paged=True,
    ),
    Question(
        f"{_ONE}/entries/{{entry}}", "getEntry", "An entry with its newest versions", entries.EntryVersions, _entry,
        (STORY, ENTRY, *PAST, LIMIT),
    ),
    Question(
        f"{_ONE}/sources", "listSources", "The sources of a story, by name", status.Sources, _sources, (STORY, *PAST),
        of_story, paged=True,
    ),
)  # fmt: skip
