"""A message as HTML for mail programs.

Inline style only: some programs drop any other. There are no colours but bars and lines that show on a light and on a
dark ground: the reader's own scheme stays as it is, and nothing need be turned round for the night.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from tracker.rendering.alert_sheet import Change, Item, Part, Point, Section, Sheet, Tone, Words
from tracker.rendering.alert_why import ENDING

_BODY = (
    "margin:0;padding:16px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
    "font-size:16px;line-height:1.5;overflow-wrap:anywhere;-webkit-text-size-adjust:100%"
)
_SMALL = "margin:4px 0;font-size:14px;opacity:.8"
_FINE = "margin:0 0 4px;font-size:13px;opacity:.8"
_QUOTE = "margin:6px 0;font-style:italic"
_BAR: Mapping[Tone, str] = {
    "new": "#2f80d0",
    "changed": "#c77700",
    "doubted": "#d64545",
    "corrected": "#9a5fd0",
    "settled": "#2e9e5b",
}
"""At least 3 to 1 in contrast on white and on the darkest grey of a program at night."""
_END = "</div></body></html>\n"
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def sheet_html(sheet: Sheet) -> str:
    """Return the message as one HTML document."""
    return (
        '<!DOCTYPE html><html lang="en" style="color-scheme:light dark"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(sheet.headline)}</title></head>"
        f'<body style="{_BODY}"><div role="article" aria-label="{escape(sheet.headline)}" lang="en" '
        f'style="max-width:600px;margin:0 auto">{"".join(_body(sheet))}{_END}'
    )


def with_way_out(html: str, url: str) -> str:
    """Return the HTML of a message with a link that ends the subscription, where its foot says how to."""
    link, start = f'<a href="{escape(url)}">Unsubscribe</a>', html.rfind(f'<p style="{_FINE}">{ENDING}')
    if start < 0:
        return f'{html.removesuffix(_END)}<p style="{_FINE}">{link}</p>{_END}'
    end = html.index("</p>", start)
    return f"{html[:end]}, or here: {link}{html[end:]}"


def _body(sheet: Sheet) -> Iterator[str]:
    if sheet.about:
        yield f'<p style="margin:0 0 4px;font-size:14px;opacity:.8" dir="auto">{escape(sheet.about)}</p>'
    yield f'<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3" dir="auto">{escape(sheet.headline)}</h1>'
    yield from _paragraphs(sheet.intro)
    for part in sheet.parts:
        yield from _part(part)
    yield from _paragraphs(sheet.outro)
    yield '<hr style="border:0;border-top:1px solid #888;margin:28px 0 16px">'
    yield from (f'<p style="{_FINE}">{escape(row)}</p>' for row in sheet.footer)


def _part(part: Part) -> Iterator[str]:
    if part.title:
        yield (
            '<h2 style="margin:32px 0 12px;padding:0 0 4px;border-bottom:1px solid #888;font-size:19px;line-height:1.3"'
            f' dir="auto">{escape(part.title)}</h2>'
        )
    level = 3 if part.title else 2
    for section in part.sections:
        yield from _section(section, level)
    if part.more:
        yield f'<p style="{_SMALL}">{escape(part.more)}</p>'


def _section(section: Section, level: int) -> Iterator[str]:
    if section.heading:
        yield f'<h{level} style="margin:24px 0 8px;font-size:17px">{escape(section.heading)}</h{level}>'
        level += 1
    for item in section.items:
        yield _item(item, level)
    yield from _paragraphs(section.notes)


def _item(item: Item, level: int) -> str:
    inner = "".join(_item_parts(item, level))
    bar = f";padding:0 0 0 12px;border-left:4px solid {_BAR[item.points[0].tone]}" if item.points else ""
    return f'<div style="margin:0 0 20px{bar}">{inner}</div>'


def _item_parts(item: Item, level: int) -> Iterator[str]:
    """A title is itself the link; without one the source, which then comes last, is linked by its name."""
    whence = _lines(item.whence)
    if item.title:
        title = _link(item.url, item.title)
        yield f'<h{level} style="margin:0;font-size:16px;line-height:1.4" dir="auto">{title}</h{level}>'
        yield f'<p style="{_SMALL}" dir="auto">{whence}</p>' if whence else ""
    for nth, point in enumerate(item.points):
        yield _point(point, item.language, first=nth == 0 and not item.title)
    if not item.title and whence:
        link = f"<br>{_link(item.url, item.name or item.url)}" if item.url else ""
        yield f'<p style="margin:12px 0 0;font-size:14px" dir="auto">{whence}{link}</p>'


def _point(point: Point, language: str | None, *, first: bool) -> str:
    claim = f"Claim: {escape(point.claim)}" if point.claim else ""
    word = f"<strong>{escape(point.word)}</strong>" if point.word else ""
    words = ". ".join(part for part in (word, claim) if part)
    head = f'<p style="margin:{"0" if first else "10px"} 0 0" dir="auto">{words}</p>' if words else ""
    return head + "".join(_line(line, language) for line in point.lines)


def _line(line: Words | Change, language: str | None) -> str:
    label = f"{escape(line.label)}: " if line.label else ""
    if isinstance(line, Change):
        return f'<p style="margin:4px 0;font-size:17px" dir="auto">{label}{_change(line)}</p>'
    if line.quote:
        spoken = f' lang="{language}"' if language and _LANGUAGE.fullmatch(language) else ""
        return f'<blockquote style="{_QUOTE}" dir="auto"{spoken}>{label}{escape(line.text)}</blockquote>'
    return f'<p style="{_SMALL}" dir="auto">{label}{_lines(line.text)}</p>'


def _change(line: Change) -> str:
    old = f'<del style="opacity:.8">{escape(line.old)}</del>' if line.old else ""
    new = f'<ins style="text-decoration:none;font-weight:bold">{escape(line.new)}</ins>' if line.new else ""
    field = f"{escape(line.field)}: " if line.field else ""
    return f"{field}{' → '.join(value for value in (old, new) if value)}"


def _paragraphs(rows: Iterable[str]) -> Iterator[str]:
    return (f'<p style="margin:0 0 12px" dir="auto">{_lines(row)}</p>' for row in rows)


def _lines(text: str) -> str:
    """Return text as markup; a date is not broken at the end of a line."""
    return "<br>".join(
        _DAY.sub(r'<span style="white-space:nowrap">\g<0></span>', escape(row)) for row in text.split("\n")
    )


def _link(url: str | None, name: str | None) -> str:
    return f'<a href="{escape(url)}">{escape(name or url)}</a>' if url else escape(name or "")
