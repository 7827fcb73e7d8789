"""The words that every form of a report shares."""

from tracker.domain.actors import shown
from tracker.rendering.edit import edit
from tracker.rendering.plain import line, moment, source_name, span
from tracker.rendering.view import Change, ClaimView, Group, StatusView

GROUPS = {
    Group.DISPUTED: ("Disputed", "sources disagree"),
    Group.KNOWN: ("Known", "independent sources agree"),
    Group.OPEN: ("Open", "one source only"),
    Group.WITHDRAWN: ("Withdrawn", "no longer followed"),
}
"""Heading and meaning of each group, in the order of a report."""

NOTHING_YET = "Nothing has changed since the story was opened."

PROOF = "tracker verify --head HASH proves that nothing up to here was changed since"
"""What the hash in every report and alert is good for."""


def moments(view: StatusView) -> str:
    """Return as of which moment a story is shown, and how far the log was read for it."""
    said = f", what had been said by {moment(view.valid_at)}" if view.valid_at else ""
    return f"{moment(view.as_of)}{said}; position {view.head.position}"


def claims(view: StatusView, group: Group, shown: int) -> str:
    """Return how many claims a group has, and where they all are when only those said last are shown."""
    number = view.counts[group]
    return f"{number}, those said last; all: tracker story claims {line(view.id)}" if number > shown else str(number)


def key_events(shown: int, view: StatusView) -> str:
    """Return what is to be said of the list of developments: their order, and where those are that are not shown."""
    left = view.counts["developments"] - shown
    return f"oldest first; {left} earlier: tracker timeline {line(view.id)}" if left else "oldest first"


def doubts(shown: int, view: StatusView) -> str:
    """Return how many findings wait for a person, and what is to be done about them."""
    waiting = view.counts["needs_review"]
    more = "" if shown == waiting else f", the latest {shown}"
    return f"{waiting}{more}: the judge is not sure; tracker review list"


def standing(claim: ClaimView) -> str:
    """Return who stands behind a claim, in words, and who took away what they said of it."""
    return f"{_backing(claim)}; taken away since by {_names(claim.removed)}" if claim.removed else _backing(claim)


def _backing(claim: ClaimView) -> str:
    said = _names(claim.sources)
    if claim.group is Group.WITHDRAWN:
        return f"withdrawn: {line(claim.withdrawn) or 'no reason was given'}"
    if claim.group is Group.DISPUTED:
        return f"said by {said}; denied by {_names(claim.denied_by)}"
    if claim.group is Group.OPEN:
        return f"one source: {said}"
    return f"{len(claim.sources)} independent sources: {said}"


def seen(claim: ClaimView) -> str:
    """Return when a claim was first and last said."""
    return span(claim.first_seen, claim.last_seen)


def change(told: Change) -> str:
    """Return what changed, in one line: old and new where there are two values, the words otherwise."""
    if told.kind == "review":
        return f"{line(told.headline)} ({line(told.new)} by {line(shown(told.actor))})"
    if told.kind == "revised":
        return f"edited by its publisher: {edit(told.old, told.new)}"
    if told.kind == "removed":
        return f"taken away by its publisher: {line(told.headline)}"
    if told.kind == "restored":
        return f"put back by its publisher: {line(told.headline)}"
    if told.kind == "update" and (told.old or told.new):
        what = f"{line(told.field)}: " if told.field else ""
        return f"{what}{line(told.old) or 'not said'} → {line(told.new) or 'not said'}"
    return line(told.text) if told.kind in {"new", "tracked"} and line(told.text) else line(told.headline)


def whence(told: Change) -> str:
    """Return who said it, where it stands, and when it was published."""
    who = source_name(told.source) if told.source else line(shown(told.actor))
    publisher = line(told.publisher)
    via = f" (in {publisher})" if publisher and publisher != who else ""
    published = f", published {moment(told.published)}" if told.published else ""
    return f"{who}{via}{published}"


def freshness(view: StatusView) -> str:
    """Return how well the feeds have been read."""
    fresh = view.freshness
    if not fresh.feeds:
        return "no feeds are followed"
    polled = f", last read {moment(fresh.last_poll)}" if fresh.last_poll else ""
    silent = f", {len(fresh.silent)} silent" if fresh.silent else ""
    return f"{count(fresh.feeds, 'feed')}{polled}; {len(fresh.failing) or 'none'} failing{silent}"


def unread(view: StatusView) -> str:
    """Return that no feed was read for so long that a report says little; "" where one was."""
    fresh = view.freshness
    if not fresh.unread:
        return ""
    since = f"since {moment(fresh.last_poll)}" if fresh.last_poll else "so far"
    return f"No feed has been read {since}: nothing new may mean that nothing was read"


def numbers(view: StatusView) -> str:
    """Return the claims counted by how they stand, and what they rest on."""
    parts = [f"{view.counts[group]} {group}" for group in GROUPS if view.counts[group]]
    rests = f"{count(view.counts['entries'], 'entry', 'entries')} from {count(view.counts['sources'], 'source')}"
    return f"{count(view.counts['claims'], 'claim')}: {', '.join(parts) or 'none'}; {rests}"


def newness(view: StatusView) -> str:
    """Return the heading of what is new."""
    return f"New since {moment(view.since)}" if view.since else "New in the last 24 hours"


def news(view: StatusView, most: int) -> str:
    """Return how many developments are new, and where they all are when only the latest `most` are shown."""
    more = f", the latest {most}; all: tracker timeline {line(view.id)}" if len(view.news) > most else ""
    return f"{len(view.news)}{more}"


def nothing_new(view: StatusView) -> str:
    """Return what to say where nothing is new: that it is so, and when something last was."""
    if not view.developments:
        return NOTHING_YET
    return f"Nothing; the latest development is of {moment(view.developments[-1].seen)}."


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _names(sources: tuple[str, ...], most: int = 4) -> str:
    rest = [f"{len(sources) - most} more"] if len(sources) > most else []
    return ", ".join([*map(source_name, sources[:most]), *rest])
