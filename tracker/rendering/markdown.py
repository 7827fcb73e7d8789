"""A report as Markdown (CommonMark)."""

import re
from collections.abc import Iterator, Mapping

from tracker.rendering import phrases, reading
from tracker.rendering.plain import line, moment, source_name, span, web_address
from tracker.rendering.view import LATEST, Change, ClaimView, StatusView

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#|~!&])")


def status_markdown(view: StatusView) -> str:
    """Return how a story stands: what is new, the claims, every development, the sources."""
    return "\n".join(_lines(view)) + "\n"


def _lines(view: StatusView) -> Iterator[str]:
    claims = {claim.id: claim for claim in view.claims}
    yield from _header(view)
    yield from _section(f"{phrases.newness(view)}: {phrases.news(view, LATEST)}")
    if tally := phrases.tally(view):
        yield f"**{_escape(tally)}**"
        yield ""
    yield from (_event(told) for told in view.news[-LATEST:])
    if not view.news:
        yield _escape(phrases.nothing_new(view))
    for group, (heading, meaning) in phrases.GROUPS.items():
        shown = view.latest(group)
        if shown:
            yield from _section(f"{heading}, {phrases.claims(view, group, len(shown))}: {meaning}")
            yield from map(_claim, shown)
    yield from _section(f"Key events, {phrases.key_events(len(view.developments), view)}")
    yield from (_event(told) for told in view.developments)
    if not view.developments:
        yield phrases.NOTHING_YET
    if view.pending:
        yield from _section(f"To review, {phrases.doubts(len(view.pending), view)}")
        yield from (_event(told) for told in view.pending)
    yield from _voices(view, claims)
    yield from _sources(view)
    yield from _section("Head of the log")
    yield f"Position {view.head.position}: `{_code(view.head.hash)}`; {phrases.PROOF}."


def _header(view: StatusView) -> Iterator[str]:
    yield f"# {_escape(view.title)}"
    yield ""
    if reading.unread(view):
        yield f"**{_escape(reading.unread(view))}.**"
        yield ""
    yield f"As of {phrases.moments(view)}; {reading.freshness(view)}."
    yield f"{phrases.numbers(view)}."
    for trouble in view.freshness.troubles:
        yield f"- {trouble.state}: {_escape(trouble.feed)}: {_escape(trouble.error)}"


def _section(heading: str) -> tuple[str, str, str]:
    return "", f"## {_escape(heading)}", ""


def _event(told: Change) -> str:
    text = f" ({_escape(told.claim_then)})" if told.claim_then and told.kind != "new" else ""
    about = f" {_escape(told.claim)}{text}" if told.claim else ""
    said = phrases.sentence(told)
    return (
        f"- {moment(told.seen)} **{_escape(phrases.kind(told))}**{about}: "
        f"{_escape(phrases.change(told).rstrip('.'))}.{f' {_escape(said)}' if said else ''} "
        f"({_link(phrases.whence(told), told.url)}; why: {_escape(phrases.reason(told))}; position {told.position})"
    )


def _claim(claim: ClaimView) -> str:
    before = f" (at first: {_escape(claim.text)})" if claim.current != claim.text else ""
    rows = [
        f"- **{_escape(claim.id)}** {_escape(claim.current)}{before}",
        *(f"  {_escape(phrases.side(side))}" for side in claim.sides),
        f"  {_escape(phrases.stands(claim))}",
    ]
    return "  \n".join(rows)


def _voices(view: StatusView, claims: Mapping[str, ClaimView]) -> Iterator[str]:
    if not view.voices:
        return
    yield from _section("Who said what")
    yield f"{_escape(phrases.VOICES)}:"
    yield ""
    for voice in view.voices[:LATEST]:
        says = [f"**{_escape(claim)}** {_escape(phrases.said(claims[claim]))}" for claim in voice.says]
        says += [f"denies **{_escape(claim)}** {_escape(claims[claim].current)}" for claim in voice.denies]
        yield f"- {_escape(voice.name)}: {' · '.join(says)}"
    yield from _more(len(view.voices) - LATEST)


def _sources(view: StatusView) -> Iterator[str]:
    if not view.sources:
        return
    yield from _section("Sources")
    yield "| source | entries | developments | silent edits noticed | last entry | seen |"
    yield "| --- | ---: | ---: | ---: | --- | --- |"
    for source in view.sources[:LATEST]:
        read, days = phrases.outlets(source), span(source.first_seen, source.last_seen)
        name = _escape(source_name(source.name) + (f" ({read})" if read else ""))
        last = _link(phrases.latest(source), source.latest.url) if source.latest else ""
        yield f"| {name} | {source.entries} | {source.developments} | {source.edits} | {last} | {days} |"
    yield from _more(len(view.sources) - LATEST)


def _more(many: int) -> Iterator[str]:
    if many > 0:
        yield ""
        yield f"and {many} more"


def _link(text: str, url: str | None) -> str:
    address = web_address(url)
    return f"[{_escape(text)}](<{address}>)" if address else _escape(text)


def _escape(text: str | None) -> str:
    """Return text in which nothing is taken for markup."""
    return _SPECIAL.sub(r"\\\1", line(text))


def _code(text: str) -> str:
    return line(text).replace("`", "'")
