"""What an alert on a source says: what happened, what tracker does meanwhile, and what a person can do."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.domain.feed_events import (
    FeedFailing,
    FeedGone,
    FeedMoved,
    FeedSilent,
)
from tracker.domain.source import Source, SourceEvent
from tracker.errors import Trouble
from tracker.rendering.phrases import count
from tracker.rendering.plain import line, moment
from tracker.rendering.sources import Condition, failure, rhythm, silence


@dataclass(frozen=True, slots=True)
class Said:
    """The parts of the message in words. `kind` is the name after the dot in a webhook's type."""

    kind: str
    word: str
    what: str
    meanwhile: str
    remedy: str


def said(event: SourceEvent, after: Source) -> Said:
    """Return what to say of an event that left a source as `after`."""
    match event:
        case FeedFailing():
            return _failing(event, after)
        case FeedGone():
            return Said(
                "gone", "Source gone", "It says that it is gone for good (HTTP 410).",
                "tracker asks again once in a while, in case that is a slip.",
                remedy("gone", None, event.feed),
            )  # fmt: skip
        case FeedSilent():
            return Said(
                "silent", "Source silent",
                f"It answers, but {silence(event.since)}; it used to bring something {rhythm(event.gap)}."
                + _flapping(after),
                "tracker goes on asking. As far as this source goes, nothing new may mean nothing was published there.",
                remedy("silent", None, event.feed),
            )  # fmt: skip
        case FeedMoved():
            return Said(
                "moved", "Source moved",
                f"Permanent redirects led from {line(event.old, 300)} to {line(event.new, 300)}, time and again.",
                "it is read at its new address from now on.",
                "nothing, if the new address is what you follow; otherwise "
                f"`tracker feed remove {event.feed}`.",
            )  # fmt: skip
        case _:
            return _recovered(after)


def _failing(event: FeedFailing, after: Source) -> Said:
    read = f"last read well {moment(event.last_ok_at)}" if event.last_ok_at else "no good answer before that"
    return Said(
        "failing",
        "Source failing",
        f"{_capital(failure(event.trouble, event.error))}. Failed {count(event.failures, 'time')} in a row; {read}."
        + _flapping(after),
        "tracker goes on trying, with longer and longer pauses. As far as this source goes, nothing new may mean that "
        "nothing was read; the other sources are read as before.",
        remedy("failing", event.trouble, event.feed),
    )


def remedy(fares: Condition, trouble: Trouble | None, feed: str) -> str:
    """Return what a person can do about a source that fares so, "" where it is well."""
    match fares:
        case "gone":
            return f"find what took its place and add it; drop this one with `tracker feed remove {feed}`."
        case "silent":
            return "see whether the site still publishes, and whether it announces another feed."
        case "failing":
            return _REMEDIES[trouble]
        case _:
            return ""


_REMEDIES: Mapping[Trouble | None, str] = {
    "unreachable": "see whether the address opens in a browser; if its host is no more, find the new one.",
    "refused": "see whether the address opens in a browser; if not, its site may announce another.",
    "wall": "ask the site for access for programs, and give tracker what it gives you; or follow another source.",
    "rate limited": "nothing, unless it goes on: then follow fewer feeds of that host, or ask less often.",
    "gone": "find what took its place.",
    "broken": "see what it serves; its publisher may not know that it is broken.",
    "unasked": "mend the setting that is named, or follow the source in another way; nothing is wrong with it.",
    None: "see whether the address opens in a browser.",
}


def _recovered(after: Source) -> Said:
    silent = isinstance(after.ended, FeedSilent)
    what = "It brings entries again" if silent else "It answers again"
    since = f"; trouble was noticed {moment(after.began)}" if after.began else ""
    return Said(
        "recovered",
        "Source well again",
        f"{what}{since}.",
        "what it still shows of the time between is read now.",
        "nothing. What it no longer shows was missed.",
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _flapping(after: Source) -> str:
    if not after.flapping:
        return ""
    return " It comes and goes: you are told nothing more of that for up to a day, not even that it is well again."
