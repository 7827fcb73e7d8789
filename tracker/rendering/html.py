"""A report as one HTML file: no script, nothing fetched from anywhere."""

from collections.abc import Iterable, Iterator
from html import escape

from tracker.projections.rows import stamp
from tracker.rendering import phrases
from tracker.rendering.plain import line, moment, source_name, span, web_address
from tracker.rendering.view import LATEST, Change, ClaimView, StatusView

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
h2 { font-size: 1.1rem; margin-top: 2rem; border-bottom: 1px solid; }
ul { list-style: none; padding: 0; }
li { margin: 0.75rem 0; overflow-wrap: anywhere; }
small { display: block; opacity: 0.75; }
q { display: block; font-style: italic; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 0.2rem 0.6rem 0.2rem 0; overflow-wrap: anywhere; }
""".strip()


def status_html(view: StatusView) -> str:
    """Return how a story stands as a page that stands alone."""
    return "\n".join(_lines(view)) + "\n"


def _lines(view: StatusView) -> Iterator[str]:
    title = _text(view.title)
    yield f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<h1>{title}</h1>"
    if phrases.unread(view):
        yield f"<p><strong>{_text(phrases.unread(view))}.</strong></p>"
    yield f"<p>As of {_text(phrases.moments(view))}; {_text(phrases.freshness(view))}.<br>"
    yield f"{_text(phrases.numbers(view))}.</p>"
    troubles = (f"{_text(at.feed)} ({at.state}): {_text(at.error)}" for at in view.freshness.troubles)
    yield from _section("Feeds in trouble", troubles)
    heading = f"{phrases.newness(view)}: {phrases.news(view, LATEST)}"
    yield from _section(heading, map(_event, view.news[-LATEST:]), phrases.nothing_new(view))
    for group, (heading, meaning) in phrases.GROUPS.items():
        shown = view.latest(group)
        remark = phrases.claims(view, group, len(shown))
        yield from _section(f"{heading}, {remark}: {meaning}", map(_claim, shown))
    remark = phrases.key_events(len(view.developments), view)
    yield from _section(f"Key events, {remark}", map(_anchored, view.developments), phrases.NOTHING_YET)
    yield from _section(f"To review, {phrases.doubts(len(view.pending), view)}", map(_event, view.pending))
    yield from _sources(view)
    yield f"<h2>Head of the log</h2>\n<p>Position {view.head.position}: <code>{_text(view.head.hash)}</code>; "
    yield f"{_text(phrases.PROOF)}.</p>"
    yield "</body>\n</html>"


def _section(heading: str, items: Iterable[str], otherwise: str | None = None) -> Iterator[str]:
    listed = [item if item.startswith("<li") else f"<li>{item}</li>" for item in items]
    if not listed and otherwise is None:
        return
    yield f"<h2>{_text(heading)}</h2>"
    yield "\n".join(["<ul>", *listed, "</ul>"]) if listed else f"<p>{_text(otherwise)}</p>"


def _anchored(told: Change) -> str:
    return f'<li id="event-{told.position}">{_event(told)}</li>'


def _event(told: Change) -> str:
    quote = f"<q>{_text(told.sentence)}</q>" if line(told.sentence) else ""
    seen = f'<time datetime="{stamp(told.seen)}">{moment(told.seen)}</time>'
    return (
        f"{seen} <b>{_text(told.kind)}</b> {_text(told.claim)} {_text(phrases.change(told))}{quote}"
        f"<small>{_link(phrases.whence(told), told.url)}; why: {_text(told.reason)}; position {told.position}</small>"
    )


def _claim(claim: ClaimView) -> str:
    before = f"<small>at first: {_text(claim.text)}</small>" if claim.current != claim.text else ""
    stands = f"<small>{_text(phrases.standing(claim))}; {phrases.seen(claim)}</small>"
    return f"<b>{_text(claim.id)}</b> {_text(claim.current)}{before}{stands}"


def _sources(view: StatusView) -> Iterator[str]:
    if not view.sources:
        return
    yield "<h2>Sources</h2>\n<table>\n<tr><th>source</th><th>entries</th><th>developments</th><th>seen</th></tr>"
    for source in view.sources:
        cells = (source_name(source.name), str(source.entries), str(source.developments))
        row = "".join(f"<td>{_text(cell)}</td>" for cell in cells)
        yield f"<tr>{row}<td>{span(source.first_seen, source.last_seen)}</td></tr>"
    yield "</table>"


def _link(text: str, url: str | None) -> str:
    address = web_address(url)
    return f'<a href="{escape(address)}" rel="noreferrer">{_text(text)}</a>' if address else _text(text)


def _text(text: str | None) -> str:
    return escape(line(text))
