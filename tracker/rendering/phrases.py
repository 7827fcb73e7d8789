"""The words that every form of a report shares."""

from collections.abc import Mapping
from datetime import UTC, tzinfo

from tracker.domain.actors import shown
from tracker.domain.claims import Status
from tracker.domain.when import spoken
from tracker.rendering.edit import edit
from tracker.rendering.plain import elsewhere, line, moment, quoted, source_name, span
from tracker.rendering.view import Change, ClaimView, Group, Side, SourceView, StatusView

GROUPS = {
    Group.DISPUTED: ("Disputed", "sources disagree"),
    Group.KNOWN: ("Known", "independent sources agree"),
    Group.OPEN: ("Unconfirmed", "one source only"),
    Group.WITHDRAWN: ("Withdrawn", "no longer followed"),
}
"""Heading and meaning of each group, in the order of a report."""

STANDINGS: Mapping[str, str] = {
    "reported": GROUPS[Group.OPEN][0].lower(),
    "corroborated": GROUPS[Group.KNOWN][0].lower(),
    "disputed": GROUPS[Group.DISPUTED][0].lower(),
    "withdrawn": GROUPS[Group.WITHDRAWN][0].lower(),
}
"""The word for each standing of a claim."""

_COUNTED = (Group.KNOWN, Group.OPEN, Group.WITHDRAWN, Group.DISPUTED)

KINDS: Mapping[str, str] = {
    "new": "new",
    "update": "update",
    "confirms": "confirms",
    "denies": "denies",
    "withdrawn": "withdrawn",
    "revised": "edited",
    "removed": "taken away",
    "restored": "put back",
    "review": "review",
}
"""The word for each kind that a development may be of."""

_TALLY = {
    "new": "new",
    "updated": "updated",
    "confirmed": "confirmed",
    "contested": "newly contested",
    "resolved": "resolved",
}
_RELATES = frozenset({"review", "withdrawn"})
"""Kinds whose reason says by itself who caused them."""

NOTHING_YET = "Nothing has changed since the story was opened."

VOICES = "whom the claims are put down to; outlets that relay one agency are one source"

PROOF = "tracker verify --head HASH proves that nothing up to here was changed since"
"""What the hash in every report and alert is good for."""


def moments(view: StatusView, zone: tzinfo = UTC) -> str:
    """Return as of which moment a story is shown, by UTC and the reader's own clock, and how far the log was read."""
    said = f", what had been said by {moment(view.valid_at)}" if view.valid_at else ""
    return f"{moment(view.as_of)}{elsewhere(view.as_of, zone)}{said}; position {view.head.position}"


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


def filed(claim: ClaimView) -> str:
    """Return how a claim stands, in a word: that of the heading under which it is filed."""
    return GROUPS[claim.group][0].lower()


def speaker(claim: ClaimView) -> str:
    """Return whom a claim is put down to, "" for nobody; and that it has been updated since they were quoted."""
    who = line(claim.attributed_to)
    return f"{who}, as it was at first; updated since" if who and claim.moved else who


def said(claim: ClaimView, longest: int | None = None) -> str:
    """Return what those said to whom a claim is put down: not what others have made of it since."""
    return f"{line(claim.text, longest)} (since updated)" if claim.moved else line(claim.current, longest)


def kind(told: Change) -> str:
    """Return what kind of thing happened, in a word."""
    return KINDS.get(told.kind, told.kind)


def status(claim: ClaimView) -> str:
    """Return how far the thing is that a claim speaks of ("planned"), "" for what is simply so."""
    return "" if claim.status == Status.FACT else line(claim.status)


def occurs(claim: ClaimView) -> str:
    """Return when it occurs, as precisely as it was said; "" where no date was."""
    return ", ".join(map(spoken, claim.dates))


def condition(claim: ClaimView) -> str:
    """Return how far the thing is, and when it occurs: "planned; when: until 14 March 2031"; "" for neither."""
    occurring = occurs(claim)
    return "; ".join(filter(None, (status(claim), f"when: {occurring}" if occurring else "")))


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


def side(one: Side) -> str:
    """Return what one side of a dispute says, and who says so: those whom it quotes, and where that was read."""
    says = one.value or ("denies it" if one.denies else "says so")
    read = _names(one.sources)
    return f"{says}: {', '.join(one.speakers)} ({read})" if one.speakers else f"{says}: {read}"


def stands(claim: ClaimView) -> str:
    """Return all that is to be said of a claim in one line: how far it is, who says so, since when, and why."""
    why = because(claim)
    told = bool(claim.sides or (why and claim.group is Group.WITHDRAWN))
    return "; ".join(filter(None, (condition(claim), "" if told else standing(claim), seen(claim), why)))


def because(claim: ClaimView) -> str:
    """Return since when a claim stands as it does and what brought it there; "" where nothing has."""
    why = claim.why
    if why is None:
        return ""
    if why.kind == "new":
        return f"new since {moment(claim.since)}: {line(why.source)} is the first to say it (#{why.position})"
    who = "" if why.kind in _RELATES else f"{whose(why)}: "
    return f"{filed(claim)} since {moment(claim.since)}: {who}{reason(why)} (#{why.position})"


def reason(told: Change) -> str:
    """Return why an event was recorded; the sentence that it rests on stands beside it."""
    return line(without_quote(told.reason, told.sentence or ""))


def without_quote(reason: str, sentence: str) -> str:
    """Return a reason without the sentence at its end: that is shown already."""
    quote = f"; '{sentence}'"
    if sentence and reason.endswith(quote):
        return reason.removesuffix(quote)
    start, mark, rest = reason.partition("; '")  # one that was cut short
    return start if mark and rest.endswith("…") and sentence.startswith(rest[:-1]) else reason


def seen(claim: ClaimView) -> str:
    """Return when a claim was first and last seen to be said: no date of the claim, and none of a publisher."""
    return f"seen {span(claim.first_seen, claim.last_seen)}"


def change(told: Change) -> str:
    """Return what changed, in one line: old and new where there are two values, the words otherwise."""
    if told.kind == "review":
        return f"{line(told.headline)} ({line(told.new)} by {line(shown(told.actor))})"
    if told.kind == "revised":
        return f"by its publisher: {edit(told.old, told.new)}"
    if told.kind == "removed":
        return f"by its publisher: {line(told.headline)}"
    if told.kind == "restored":
        return f"by its publisher: {line(told.headline)}"
    if told.kind == "update" and told.old != told.new:
        what = f"{line(told.field)}: " if told.field else ""
        return f"{what}{line(told.old) or 'not said'} → {line(told.new) or 'not said'}"
    return line(told.text) if told.kind in {"new", "tracked"} and line(told.text) else line(told.headline)


def sentence(told: Change) -> str:
    """Return the sentence that an event rests on, in quotes; "" for none, and where the line on it says the same."""
    said, known = line(told.sentence), change(told).rstrip(".…")
    return quoted(said) if said and not (known and said.startswith(known)) else ""


def whose(told: Change) -> str:
    """Return who said it, and in which outlet where that relays another."""
    who = source_name(told.source) if told.source else line(shown(told.actor))
    publisher = line(told.publisher)
    return f"{who} (in {publisher})" if publisher and publisher != who else who


def whence(told: Change) -> str:
    """Return who said it, where it stands, and when it was published."""
    return f"{whose(told)}, published {moment(told.published)}" if told.published else whose(told)


def source(one: SourceView) -> str:
    """Return what a source brought: entries used, developments, edits that it did not announce."""
    parts = [count(one.entries, "entry", "entries"), count(one.developments, "development")]
    if one.edits:
        parts.append(f"{count(one.edits, 'silent edit')} noticed")
    return ", ".join(parts)


def outlets(one: SourceView) -> str:
    """Return in which outlets a source was read that are not the source itself; "" where there are none."""
    others = tuple(name for name in one.outlets if name != one.name)
    return f"read in {_names(others)}" if others else ""


def latest(one: SourceView, longest: int | None = None) -> str:
    """Return when the last entry of a source was published, and its title; "" where it is not listed."""
    if one.latest is None:
        return ""
    at = one.latest.published
    said = f"published {moment(at)}" if at else f"seen {moment(one.latest.seen)}"
    return f"last {said}: {quoted(line(one.latest.title, longest))}"


def numbers(view: StatusView) -> str:
    """Return the claims counted by how they stand, and what they rest on."""
    known = [(view.counts[group], GROUPS[group][0].lower()) for group in _COUNTED]
    parts = [f"{number or 'none'} {name}" for number, name in known if number or name == "disputed"]
    rests = f"{count(view.counts['entries'], 'entry', 'entries')} from {count(view.counts['sources'], 'source')}"
    return f"{count(view.counts['claims'], 'claim')}: {', '.join(parts)}; {rests}"


def newness(view: StatusView) -> str:
    """Return the heading of what is new."""
    if view.looked and view.since:
        return f"Since you last looked, {moment(view.since)}"
    return f"New since {moment(view.since)}" if view.since else "New in the last 24 hours"


def tally(view: StatusView) -> str:
    """Return what is new in numbers: "1 claim new, 2 updated, 1 newly contested; 1 correction"; "" for nothing."""
    numbers = [(getattr(view.tally, name), word) for name, word in _TALLY.items()]
    parts = [f"{number} {word}" for number, word in numbers if number]
    if parts:
        first, _, word = parts[0].partition(" ")
        parts[0] = f"{count(int(first), 'claim')} {word}"
    claims = ", ".join(parts)
    corrected = count(view.tally.corrected, "correction") if view.tally.corrected else ""
    return "; ".join(filter(None, (claims, corrected)))


def news(view: StatusView, most: int) -> str:
    """Return how many developments are new, and where they all are when only the latest `most` are shown."""
    more = f", the latest {most}; all: tracker timeline {line(view.id)}" if len(view.news) > most else ""
    return f"{len(view.news)}{more}"


def nothing_new(view: StatusView) -> str:
    """Return what to say where nothing is new: that it is so, and when something last was."""
    if not view.developments:
        return NOTHING_YET
    return f"Nothing new; the latest development is of {moment(view.developments[-1].seen)}."


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _names(sources: tuple[str, ...], most: int = 3) -> str:
    rest = [f"{len(sources) - most} more"] if len(sources) > most else []
    return ", ".join([*map(source_name, sources[:most]), *rest])
