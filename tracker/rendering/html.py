"""A report as one HTML file: no script, nothing fetched from anywhere."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from tracker.projections.rows import stamp
from tracker.rendering import phrases, reading
from tracker.rendering.plain import line, moment, source_name, span, web_address
from tracker.rendering.view import LATEST, Change, ClaimView, SourceView, StatusView, Voice

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
body { overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin-top: 2rem; border-bottom: 1px solid; }
ul { list-style: none; padding: 0; }
li ul { padding-left: 1rem; }
li { margin: 0.75rem 0; }
li li { margin: 0.25rem 0; }
small { display: block; opacity: 0.75; }
q { display: block; font-style: italic; quotes: none; }
""".strip()


def status_html(view: StatusView) -> str:
    """Return how a story stands as a page that stands alone."""
    return "\n".join(_lines(view)) + "\n"


def _lines(view: StatusView) -> Iterator[str]:
    claims = {claim.id: claim for claim in view.claims}
    yield from _header(view)
    yield from _news(view)
    for group, (heading, meaning) in phrases.GROUPS.items():
        shown = view.latest(group)
        remark = phrases.claims(view, group, len(shown))
        yield from _section(f"{heading}, {remark}: {meaning}", map(_claim, shown))
    remark = phrases.key_events(len(view.developments), view)
    yield from _section(f"Key events, {remark}", map(_anchored, view.developments), phrases.NOTHING_YET)
    yield from _section(f"To review, {phrases.doubts(len(view.pending), view)}", map(_event, view.pending))
    voices = [_voice(voice, claims) for voice in view.voices[:LATEST]]
    yield from _section(f"Who said what: {phrases.VOICES}", [*voices, *_more(len(view.voices) - LATEST)])
    sources = [*map(_source, view.sources[:LATEST]), *_more(len(view.sources) - LATEST)]
    yield from _section("Sources: those with most developments first", sources)
    yield f"<h2>Head of the log</h2>\n<p>Position {view.head.position}: <code>{_text(view.head.hash)}</code>; "
    yield f"{_text(phrases.PROOF)}.</p>"
    yield "</body>\n</html>"


def _header(view: StatusView) -> Iterator[str]:
    title = _text(view.title)
    yield f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<h1>{title}</h1>"
    if reading.unread(view):
        yield f"<p><strong>{_text(reading.unread(view))}.</strong></p>"
    yield f"<p>As of {_text(phrases.moments(view))}; {_text(reading.freshness(view))}.<br>"
    yield f"{_text(phrases.numbers(view))}.</p>"
    troubles = (f"{_text(at.feed)} ({at.state}): {_text(at.error)}" for at in view.freshness.troubles)
    yield from _section("Feeds in trouble", troubles)


def _news(view: StatusView) -> Iterator[str]:
    yield f"<h2>{_text(f'{phrases.newness(view)}: {phrases.news(view, LATEST)}')}</h2>"
    if tally := phrases.tally(view):
        yield f"<p><strong>{_text(tally)}</strong></p>"
    told = [f"<li>{_event(told)}</li>" for told in view.news[-LATEST:]]
    yield "\n".join(["<ul>", *told, "</ul>"]) if told else f"<p>{_text(phrases.nothing_new(view))}</p>"


def _section(heading: str, items: Iterable[str], otherwise: str | None = None) -> Iterator[str]:
    listed = [item if item.startswith("<li") else f"<li>{item}</li>" for item in items]
    if not listed and otherwise is None:
        return
    yield f"<h2>{_text(heading)}</h2>"
    yield "\n".join(["<ul>", *listed, "</ul>"]) if listed else f"<p>{_text(otherwise)}</p>"


def _anchored(told: Change) -> str:
    return f'<li id="event-{told.position}">{_event(told)}</li>'


def _event(told: Change) -> str:
    text = f"<small>claim: {_text(told.claim_then)}</small>" if told.claim_then and told.kind != "new" else ""
    said = phrases.sentence(told)
    quote = f"<q>{_text(said)}</q>" if said else ""
    seen = f'<time datetime="{stamp(told.seen)}">{moment(told.seen)}</time>'
    why = f"why: {_text(phrases.reason(told))}; position {told.position}"
    return (
        f"{seen} <b>{_text(phrases.kind(told))}</b> {_text(told.claim)} {_text(phrases.change(told))}{text}{quote}"
        f"<small>{_link(phrases.whence(told), told.url)}; {why}</small>"
    )


def _claim(claim: ClaimView) -> str:
    before = f"<small>at first: {_text(claim.text)}</small>" if claim.current != claim.text else ""
    sides = "".join(f"<li>{_text(phrases.side(side))}</li>" for side in claim.sides)
    listed = f"<ul>{sides}</ul>" if sides else ""
    return (
        f"<b>{_text(claim.id)}</b> {_text(claim.current)}{before}{listed}<small>{_text(phrases.stands(claim))}</small>"
    )


def _voice(voice: Voice, claims: Mapping[str, ClaimView]) -> str:
    says = [f"<b>{_text(claim)}</b> {_text(phrases.said(claims[claim]))}" for claim in voice.says]
    says += [f"denies <b>{_text(claim)}</b> {_text(claims[claim].current)}" for claim in voice.denies]
    return f"{_text(voice.name)}: {'; '.join(says)}"


def _source(source: SourceView) -> str:
    told = (phrases.source(source), phrases.outlets(source), span(source.first_seen, source.last_seen))
    last = f"<small>{_link(phrases.latest(source), source.latest.url)}</small>" if source.latest else ""
    return f"<b>{_text(source_name(source.name))}</b> {_text('; '.join(filter(None, told)))}{last}"


def _more(many: int) -> Iterator[str]:
    if many > 0:
        yield f"and {many} more"


def _link(text: str, url: str | None) -> str:
    address = web_address(url)
    return f'<a href="{escape(address)}" rel="noreferrer">{_text(text)}</a>' if address else _text(text)


def _text(text: str | None) -> str:
    return escape(line(text))
