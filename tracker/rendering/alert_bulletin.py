"""A message on many things: a group, what quiet hours held back, a digest."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from tracker.domain.subscription_events import SubscriptionAdded, Timing
from tracker.rendering.alert_letter import Letter, fill, letter, rfc3339
from tracker.rendering.alert_rows import SECTIONS, Kind, Row, Share, document, in_words, rows, sections
from tracker.rendering.alert_sheet import Part, Section, Sheet
from tracker.rendering.alert_times import Clockface
from tracker.rendering.alert_why import footer
from tracker.rendering.alert_words import MOST
from tracker.rendering.phrases import count
from tracker.rendering.plain import line
from tracker.rendering.view import Head

LATE = timedelta(minutes=15)
"""How long after it was due a digest is made that is called late."""
_NOTES = 20
_NOTE = 400


@dataclass(frozen=True, slots=True)
class Issue:
    """What kind of message, when it was made, and of a digest the period, from and until."""

    kind: Literal["group", "catch-up", "digest"]
    made_at: datetime
    period: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A line on how a source fares. `type` is that of a webhook on it alone."""

    type: str
    text: str
    position: int


@dataclass(frozen=True, slots=True)
class _Story:
    """A story's share sorted into rows, and those of them that the mail tells."""

    share: Share
    rows: Sequence[Row]
    chosen: Sequence[Row]

    @property
    def total(self) -> Mapping[Kind, int]:
        return Counter(row.kind for row in self.rows)


def compose_bulletin(
    issue: Issue,
    shares: Sequence[Share],
    notes: Sequence[Note],
    *,
    positions: Collection[int],
    head: Head,
    subscription: SubscriptionAdded,
) -> Letter:
    """Return the message on what several events say; `positions` are theirs, `head` is that of the last of them.

    A mail tells at most `MOST` things in full and says where the others are. The same events give the same letter.
    """
    clock = Clockface(subscription.timing.zone)
    stories = _chosen([(share, rows(share, clock)) for share in shares])
    shown = [one for one in stories if one.chosen] or stories[:1]
    alone = stories[0] if len(stories) == 1 and not notes else None
    title = _title(alone.share) if alone else ""
    sheet = Sheet(
        headline=_headline(issue, stories, notes, clock, subscription.timing),
        about=title,
        intro=tuple(_intro(issue, clock, subscription.timing)),
        parts=(*(_part(one, clock, issue, titled=alone is None) for one in shown), *_notes(notes)),
        footer=footer(subscription, alone.share.story if alone else None, positions, head),
        outro=tuple(_others(stories)),
    )
    payload = _payload(issue, stories, notes, head, subscription)
    return letter(sheet.headline, title or "tracker", payload, lambda: sheet)


def _chosen(found: Sequence[tuple[Share, Sequence[Row]]]) -> list[_Story]:
    """Return the stories, those with the weightiest things first, with as many rows as a mail has room for."""
    ranked = sorted((row.rank, nth, at) for nth, (_, mine) in enumerate(found) for at, row in enumerate(mine))
    room = {(nth, at) for _, nth, at in ranked[:MOST]}
    order = dict.fromkeys(nth for _, nth, _ in ranked)
    return [
        _Story(found[nth][0], found[nth][1], [row for at, row in enumerate(found[nth][1]) if (nth, at) in room])
        for nth in order
    ]


def _headline(issue: Issue, stories: Sequence[_Story], notes: Sequence[Note], clock: Clockface, timing: Timing) -> str:
    """Return what is in it, in numbers and with the day of a digest; of a group the weightiest thing by its name."""
    total = _total(stories)
    where = f" in {len(stories)} stories" if len(stories) > 1 else ""
    told = [f"{in_words(total)}{where}"] if stories else []
    numbers = ", ".join([*told, *([count(len(notes), "note")] if notes else [])])
    if issue.kind == "catch-up":
        return f"While it was quiet: {numbers}"
    if issue.period:
        return f"{numbers}, {_dated(issue, clock, timing)}"
    lead = min((row for one in stories for row in one.rows), key=lambda row: row.rank, default=None)
    left = sum(total.values()) + len(notes) - 1
    return f"{lead.headline}, and {left} more" if lead and left else lead.headline if lead else numbers


def _dated(issue: Issue, clock: Clockface, timing: Timing) -> str:
    assert issue.period, "a digest has a period"
    end = issue.period[1]
    day = clock.day(end)
    return {"hourly": f"{day} {clock.hour(end)}", "weekly": f"week to {day}"}.get(_every(issue, timing), day)


def _every(issue: Issue, timing: Timing) -> str:
    """Return how often such digests come; by its period where the subscription has changed since."""
    if timing.every != "immediate":
        return timing.every
    start, end = issue.period or (issue.made_at, issue.made_at)
    if end - start > timedelta(days=3):
        return "weekly"
    return "daily" if end - start > timedelta(hours=12) else "hourly"


def _intro(issue: Issue, clock: Clockface, timing: Timing) -> Iterator[str]:
    if issue.period:
        start, end = map(clock.moment, issue.period)
        yield f"{_every(issue, timing).capitalize()} digest: what came from {start} until {end}."
        if issue.made_at - issue.period[1] > LATE:
            yield f"This digest is late: it was due {end} and was made {clock.moment(issue.made_at)}."
    elif issue.kind == "catch-up" and timing.quiet:
        yield f"This waited for the end of your quiet hours, {timing.quiet[0]} to {timing.quiet[1]} {clock.name}."


def _part(one: _Story, clock: Clockface, issue: Issue, *, titled: bool) -> Part:
    headed = bool(issue.period) or len(one.total) > 1 or "new" not in one.total
    left = len(one.rows) - len(one.chosen)
    return Part(
        title=_title(one.share) if titled else "",
        sections=tuple(sections(one.chosen, clock, headed=headed, total=one.total)),
        more=f"And {left} more: tracker timeline {line(one.share.story)}" if left else "",
    )


def _notes(notes: Sequence[Note]) -> tuple[Part, ...]:
    if not notes:
        return ()
    left = len(notes) - _NOTES
    told = Section("", notes=tuple(line(note.text, _NOTE) for note in notes[:_NOTES]))
    return (Part("Sources", (told,), f"And {left} more: tracker feed list" if left > 0 else ""),)


def _others(stories: Sequence[_Story]) -> Iterator[str]:
    """Yield how much there is on stories of which the mail has no room to tell anything."""
    others = [one for one in stories[1:] if not one.chosen]
    if others:
        things = sum(len(one.rows) for one in others)
        yield f"And {things} more in {count(len(others), 'other story', 'other stories')}: tracker status"


def _named(share: Share) -> dict[str, str]:
    return {"id": line(share.story, 200), "title": _title(share)}


def _title(share: Share) -> str:
    return line(share.title, 200) or share.story


def _payload(
    issue: Issue, stories: Sequence[_Story], notes: Sequence[Note], head: Head, subscription: SubscriptionAdded
) -> dict[str, Any]:
    only = stories[0].share if len(stories) == 1 else None
    total = _total(stories)
    data: dict[str, Any] = {
        "story": _named(only) if only else None,
        "period": _period(issue, subscription.timing),
        "counts": {kind: total[kind] for kind in SECTIONS} | {"sources": len(notes)},
        "items": [],
        "omitted": 0,
        "subscription": subscription.subscription,
        "log": {"position": head.position, "head": head.hash},
    }
    fill(data, "items", [*_items(stories), *map(_noted, notes)])
    name = _every(issue, subscription.timing) if issue.period else issue.kind.replace("-", "_")
    return {"type": f"digest.{name}", "timestamp": rfc3339(issue.made_at), "data": data}


def _items(stories: Sequence[_Story]) -> list[dict[str, Any]]:
    """Return everything, the weightiest first, as webhooks bear it."""
    ranked = sorted((row.rank, nth, at) for nth, one in enumerate(stories) for at, row in enumerate(one.rows))
    return [document(stories[nth].rows[at], _named(stories[nth].share)) for _, nth, at in ranked]


def _noted(note: Note) -> dict[str, Any]:
    return {"section": "sources", "type": note.type, "what": line(note.text, _NOTE), "position": note.position}


def _period(issue: Issue, timing: Timing) -> dict[str, Any] | None:
    if issue.period is None:
        return None
    start, end = issue.period
    zone, late = line(timing.zone, 64), issue.made_at - end > LATE
    return {"from": rfc3339(start), "until": rfc3339(end), "zone": zone, "late": late}


def _total(stories: Sequence[_Story]) -> Counter[Kind]:
    return Counter(row.kind for one in stories for row in one.rows)
