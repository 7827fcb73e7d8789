"""A report as plain text, for a terminal or a pipe."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, tzinfo

from tracker.rendering import phrases, reading
from tracker.rendering.page import INNER, Page
from tracker.rendering.plain import line, minute, moment, source_name
from tracker.rendering.view import Change, ClaimDiff, ClaimView, Group, Head, StatusView, Voice

NEWS = 20
KEY_EVENTS = 12
SOURCES = 10
VOICES = 10
DOUBTS = 10
REASONS = 8
TROUBLES = 3
"""How many of each are shown in a status report; the timeline shows every development."""

_KIND = 12
_CLAIM = 12
_BRIEF = 60


def status_text(view: StatusView, *, width: int = 100, colour: bool = False, zone: tzinfo = UTC) -> str:
    """Return how a story stands: what is new, what is disputed, known, unconfirmed and withdrawn, then the rest.

    `zone` is that of the reader's clock, by which the report says when it is of; all other times are in UTC.
    """
    page = Page(width, colour=colour)
    _header(page, view, zone)
    _news(page, view)
    for group in phrases.GROUPS:
        _claims(page, view, group)
    _key_events(page, view)
    _pending(page, view)
    _voices(page, view)
    _reasons(page, view)
    _sources(page, view)
    _head(page, view.head)
    return page.text()


def overview_text(views: Sequence[StatusView], *, width: int = 100, colour: bool = False) -> str:
    """Return a short paragraph for each of several stories, and the newest head of the log among them."""
    page = Page(width, colour=colour)
    for view in views:
        page.put(line(view.title), lead=f"{line(view.id)}  ", lead_style="bold")
        latest = f"; latest {moment(view.developments[-1].seen)}" if view.developments else ""
        done = phrases.count(view.counts["developments"], "development")
        page.put(f"{phrases.numbers(view)}; {done}{latest}", lead="  ", style="dim")
    _head(page, max((view.head for view in views), key=lambda head: head.position, default=None))
    return page.text()


def timeline_text(changes: Sequence[Change], head: Head | None, *, width: int = 100, colour: bool = False) -> str:
    """Return everything that happened, oldest first; a run of repeats is one line, a run of seed claims another."""
    page = Page(width, colour=colour)
    for run in _runs(changes):
        if run[0].kind in {"repeat", "tracked"} and len(run) > 1:
            what = "entries repeat what is known" if run[0].kind == "repeat" else "claims are followed from now on"
            page.put(f"{len(run)} {what}", lead=_lead(run[0], ""), style="dim")
        else:
            for told in run:
                _event(page, told)
    _head(page, head)
    return page.text()


def diff_text(diffs: Sequence[ClaimDiff], head: Head | None, *, width: int = 100, colour: bool = False) -> str:
    """Return the claims that differ between two moments, each as it was and as it is; `head` at the later one."""
    page = Page(width, colour=colour)
    for diff in diffs:
        page.put("", lead=line(diff.id), lead_style="bold")
        page.put(_at(diff.before), lead="  - ", style="denies")
        page.put(_at(diff.after), lead="  + ", style="new")
    if not diffs:
        page.put("No claim differs between these two moments.")
    _head(page, head)
    return page.text()


def _at(claim: ClaimView | None) -> str:
    if claim is None:
        return "(not tracked)"
    return f"{line(claim.current)}  [{phrases.standing(claim)}]"


def _header(page: Page, view: StatusView, zone: tzinfo) -> None:
    closed = "  (closed)" if view.closed else ""
    page.put(f"{line(view.title)}{closed}", style="bold")
    page.put(f"as of {phrases.moments(view, zone)}", style="dim")
    if reading.unread(view):
        page.put(f"{reading.unread(view)}.", style="denies")
    page.put(reading.freshness(view), style="dim")
    for trouble in view.freshness.troubles[:TROUBLES]:
        page.put(f"{line(trouble.feed)}: {line(trouble.error)}", lead=f"  {trouble.state}: ", style="denies")
    if len(view.freshness.troubles) > TROUBLES:
        page.put(f"and {len(view.freshness.troubles) - TROUBLES} more: tracker feed list", lead="  ", style="denies")
    page.put(phrases.numbers(view), style="dim")


def _news(page: Page, view: StatusView) -> None:
    page.head(phrases.newness(view), phrases.news(view, NEWS) if view.news else "")
    if tally := phrases.tally(view):
        page.put(tally, lead="  ", style="bold")
    for told in view.news[-NEWS:]:
        _event(page, told)
    if not view.news:
        page.put(phrases.nothing_new(view), lead="  ")


def _key_events(page: Page, view: StatusView) -> None:
    shown = view.developments[-KEY_EVENTS:]
    page.head("Key events", f"{phrases.key_events(len(shown), view)}; tracker why N explains #N")
    new = {told.position for told in view.news[-NEWS:]}
    for told in shown:
        if told.position in new:
            page.put(f"{phrases.change(told)} (above)  #{told.position}", lead=_lead(told), lead_style=told.kind)
        else:
            _event(page, told)
    if not shown:
        page.put(phrases.NOTHING_YET, lead="  ")


def _lead(told: Change, claim: str | None = None) -> str:
    about = told.claim or "-" if claim is None else claim
    return f"  {minute(told.seen)}  {phrases.kind(told):<{_KIND}}{line(about, _CLAIM - 1):<{_CLAIM}}"


def _event(page: Page, told: Change) -> None:
    page.put(phrases.change(told), lead=_lead(told), lead_style=told.kind)
    if told.claim_then and told.kind != "new":
        page.put(line(told.claim_then), lead=f"{INNER}claim: ", lead_style="dim")
    if said := phrases.sentence(told):
        page.put(said, lead=INNER)
    doubt = " (not counted: waits for a person)" if told.needs_review else ""
    verdict = f" ({told.verdict} by a person)" if told.verdict and told.kind != "review" else ""
    why = f"why: {phrases.reason(told)}{doubt}{verdict}  #{told.position}"
    page.put(f"{phrases.whence(told)}; {why}", lead=INNER, style="dim")


def _claims(page: Page, view: StatusView, group: Group) -> None:
    shown = view.latest(group)
    if not shown:
        return
    heading, meaning = phrases.GROUPS[group]
    page.head(heading, f"{phrases.claims(view, group, len(shown))}: {meaning}")
    widest = min(_CLAIM, max(len(line(claim.id)) for claim in shown) + 2)
    for claim in shown:
        lead = f"  {line(claim.id, widest - 2):<{widest}}"
        page.put(line(claim.current), lead=lead, lead_style="bold")
        inner = " " * len(lead)
        if claim.current != claim.text:
            page.put(f"at first: {line(claim.text)}", lead=inner, style="dim")
        for side in claim.sides:
            page.put(phrases.side(side), lead=f"{inner}- ", lead_style="denies" if side.denies else None)
        stands = phrases.because(claim) if claim.sides else phrases.standing(claim)
        said = "; ".join(filter(None, (phrases.condition(claim), stands, phrases.seen(claim))))
        page.put(said, lead=inner, style="dim")


def _pending(page: Page, view: StatusView) -> None:
    shown = view.pending[-DOUBTS:]
    if not shown:
        return
    page.head("To review", phrases.doubts(len(shown), view))
    for told in shown:
        page.put(phrases.change(told), lead=_lead(told))


def _voices(page: Page, view: StatusView) -> None:
    if not view.voices:
        return
    page.head("Who said what", phrases.VOICES)
    claims = {claim.id: claim for claim in view.claims}
    for voice in view.voices[:VOICES]:
        lead = f"  {line(voice.name)}: "
        for said in _sayings(voice, claims):
            page.put(said, lead=lead)
            lead = " " * len(lead)
    _and_more(page, len(view.voices) - VOICES)


def _sayings(voice: Voice, claims: Mapping[str, ClaimView]) -> Iterator[str]:
    yield from (f"{line(claim)} {phrases.said(claims[claim], _BRIEF)}" for claim in voice.says)
    yield from (f"denies {line(claim)} {line(claims[claim].current, _BRIEF)}" for claim in voice.denies)


def _reasons(page: Page, view: StatusView) -> None:
    """Put why claims stand as they do: those that came to do so last."""
    known = [(claim.since, claim.id, phrases.because(claim)) for claim in view.claims]
    told = sorted(one for one in known if one[2])[-REASONS:]
    if told:
        page.head("Why they stand so", "the latest last; tracker why N explains #N")
    for _, claim, why in told:
        page.put(why, lead=f"  {line(claim, _CLAIM - 1):<{_CLAIM}}")


def _sources(page: Page, view: StatusView) -> None:
    if not view.sources:
        return
    page.head("Sources", "those with most developments first")
    for source in view.sources[:SOURCES]:
        told = (phrases.source(source), phrases.outlets(source), phrases.latest(source, _BRIEF))
        page.put("; ".join(filter(None, told)), lead=f"  {source_name(source.name)}: ")
    _and_more(page, len(view.sources) - SOURCES)


def _and_more(page: Page, many: int) -> None:
    if many > 0:
        page.put(f"and {many} more", lead="  ", style="dim")


def _head(page: Page, head: Head | None) -> None:
    if head is None:
        return
    page.head("Head of the log", f"position {head.position}")
    page.put(head.hash, lead="  ")
    page.put(phrases.PROOF, lead="  ", style="dim")


def _runs(changes: Sequence[Change]) -> list[list[Change]]:
    runs: list[list[Change]] = []
    for told in changes:
        if runs and runs[-1][-1].kind == told.kind:
            runs[-1].append(told)
        else:
            runs.append([told])
    return runs
