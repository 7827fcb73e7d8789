"""A report as Markdown (CommonMark)."""

import re
from collections.abc import Iterator

from tracker.rendering import phrases
from tracker.rendering.plain import line, moment, quoted, source_name, span, web_address
from tracker.rendering.view import LATEST, Change, ClaimView, StatusView

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#|~!&])")


def status_markdown(view: StatusView) -> str:
    """Return how a story stands: what is new, the claims, every development, the sources."""
    return "\n".join(_lines(view)) + "\n"


def _lines(view: StatusView) -> Iterator[str]:
    yield f"# {_escape(view.title)}"
    yield ""
    if phrases.unread(view):
        yield f"**{_escape(phrases.unread(view))}.**"
        yield ""
    yield f"As of {phrases.moments(view)}; {phrases.freshness(view)}."
    yield f"{phrases.numbers(view)}."
    for trouble in view.freshness.troubles:
        yield f"- {trouble.state}: {_escape(trouble.feed)}: {_escape(trouble.error)}"
    yield from _section(f"{phrases.newness(view)}: {phrases.news(view, LATEST)}")
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
    yield from _sources(view)
    yield from _section("Head of the log")
    yield f"Position {view.head.position}: `{_code(view.head.hash)}`; {phrases.PROOF}."


def _section(heading: str) -> tuple[str, str, str]:
    return "", f"## {_escape(heading)}", ""


def _event(told: Change) -> str:
    claim = f" {_escape(told.claim)}" if told.claim else ""
    said = f" {_escape(quoted(told.sentence))}" if told.sentence else ""
    return (
        f"- {moment(told.seen)} **{told.kind}**{claim}: {_escape(phrases.change(told).rstrip('.'))}.{said} "
        f"({_link(phrases.whence(told), told.url)}; why: {_escape(told.reason)}; position {told.position})"
    )


def _claim(claim: ClaimView) -> str:
    before = f" (at first: {_escape(claim.text)})" if claim.current != claim.text else ""
    stands = f"{_escape(phrases.standing(claim))}; {phrases.seen(claim)}"
    return f"- **{_escape(claim.id)}** {_escape(claim.current)}{before}  \n  {stands}"


def _sources(view: StatusView) -> Iterator[str]:
    if not view.sources:
        return
    yield from _section("Sources")
    yield "| source | entries | developments | edits noticed | seen |"
    yield "| --- | ---: | ---: | ---: | --- |"
    for source in view.sources:
        name, days = _escape(source_name(source.name)), span(source.first_seen, source.last_seen)
        yield f"| {name} | {source.entries} | {source.developments} | {source.edits} | {days} |"


def _link(text: str, url: str | None) -> str:
    address = web_address(url)
    return f"[{_escape(text)}](<{address}>)" if address else _escape(text)


def _escape(text: str | None) -> str:
    """Return text in which nothing is taken for markup."""
    return _SPECIAL.sub(r"\\\1", line(text))


def _code(text: str) -> str:
    return line(text).replace("`", "'")
