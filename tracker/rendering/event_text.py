"""A recorded event as text: one line of the log, or everything behind it."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tracker.domain.events import finding_of
from tracker.rendering import phrases
from tracker.rendering.page import Page
from tracker.rendering.plain import line
from tracker.rendering.sources import failure, silence
from tracker.rendering.view import Change, ClaimDiff, ClaimView, Explanation

_TYPE = 19
_LIMIT = 160
_ABOUT = ("claim.id", "finding.claim", "claim", "position", "subscription")
_BARE = {
    "feed.gone": "gone for good, as it says itself",
    "feed.recovered": "answers again",
    "feed.removed": "followed no longer",
    "judge.reset": "as it was made",
}
"""What is said of events whose type is all that they say."""
_SAID = ("claim.text", "finding.sentence", "entry.title", "title", "verdict", "reason", "error", "url", "target")


def event_line(described: Mapping[str, Any]) -> str:
    """Return one line on an event, given as JSON-ready values: position, time, type, stream, and what it says."""
    at = line(described["recorded_at"])[:16].replace("T", " ")
    said = line(_gist(described), _LIMIT)
    return (
        f"{described['position']:>6}  {at}  {described['type']:<{_TYPE}} {line(described['stream'])}  {said}".rstrip()
    )


def why_text(why: Explanation, described: Mapping[str, Any], *, width: int = 100, colour: bool = False) -> str:
    """Return what an event says and why, what it did to its claim, and the record as the log holds it."""
    page = Page(width, colour=colour)
    page.put(f"#{why.recorded.position}  {line(described['type'])}", style="bold")
    if why.source is not None:
        page.put(line(why.source), lead="  source    ", lead_style="dim")
        page.put(line(_gist(described)), lead="  what      ", lead_style="dim")
    if why.told is not None:
        _told(page, why.told, _doubt(why))
    if why.claim is not None:
        _claim(page, why.claim)
    page.head("The record")
    record = {line(name): line(value) for name, value in _leaves(described)}
    widest = max(map(len, record), default=0)
    for name, value in record.items():
        page.put(value, lead=f"  {name:<{widest}}  ", lead_style="dim")
    return page.text()


def _doubt(why: Explanation) -> str | None:
    if why.told is None or not why.told.needs_review:
        return None
    finding = finding_of(why.recorded.event)
    cause = f" ({line(finding.doubt)})" if finding is not None and finding.doubt else ""
    return f"the judge is not sure{cause}: it counts for nothing until a person has spoken"


def _told(page: Page, told: Change, doubt: str | None) -> None:
    score = None if told.score is None else f"{told.score:.2f} of 1"
    rows = {
        "what": f"{phrases.kind(told)}: {phrases.change(told)}",
        "said by": phrases.whence(told),
        "in": line(told.headline),
        "at": line(told.url),
        "sentence": line(told.sentence),
        "why": line(told.reason),
        "belief": score,
        "doubt": doubt,
        "review": f"{told.verdict} by a person" if told.verdict else None,
    }
    for name, value in rows.items():
        if value:
            page.put(value, lead=f"  {name:<10}", lead_style="dim")


def _claim(page: Page, claim: ClaimDiff) -> None:
    page.head(f"Claim {line(claim.id)}")
    page.put(_stance(claim.before), lead="  before  ", lead_style="dim")
    page.put(_stance(claim.after), lead="  after   ", lead_style="dim")


def _stance(claim: ClaimView | None) -> str:
    if claim is None:
        return "(not tracked)"
    return f"{line(claim.current)}  [{phrases.standing(claim)}]"


def _gist(described: Mapping[str, Any]) -> str:
    """Return the words of an event that say most."""
    if described["type"] in _BARE:
        return _BARE[described["type"]]
    data: Mapping[str, Any] = described["data"]
    match data:
        case {"error": error, "trouble": trouble}:
            return failure(trouble, error)
        case {"feed": _, "since": since}:
            return silence(datetime.fromisoformat(since))
        case {"feed": _, "old": old, "new": new}:
            return f"{old} → {new}"
        case {"curves": curves}:
            return ", ".join(f"{one['relation']}: {one['right']} of {one['reviews']} right" for one in curves)
        case _:
            return _sayings(data)


def _sayings(data: Mapping[str, Any]) -> str:
    flat = dict(_leaves(data))
    said = next((flat[name] for name in _SAID if name in flat), "")
    return f"{next((flat[name] for name in _ABOUT if name in flat), '')} {said}".strip()


def _leaves(value: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Yield every value that says something, under its dotted name."""
    for name, item in value.items():
        if isinstance(item, Mapping):
            yield from _leaves(item, f"{above}{name}.")
        elif isinstance(item, list | tuple):
            yield from _leaves({str(nth): one for nth, one in enumerate(item)}, f"{above}{name}.")
        elif item is not None and item != "":
            yield f"{above}{name}", item if isinstance(item, str) else json.dumps(item)
