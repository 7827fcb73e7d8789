"""An alert as HTML for mail programs.

Inline style only, and no colours but grey lines: the reader's light or dark scheme stays as it is.
"""

from collections.abc import Iterable
from html import escape

from tracker.rendering.alert_text import change, footer, source_line
from tracker.rendering.alert_view import WORD, AlertView, Told

_BODY = (
    "margin:0;padding:16px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
    "font-size:16px;line-height:1.5;overflow-wrap:anywhere"
)
_SMALL = "margin:0 0 4px;font-size:13px;opacity:.75"
_QUOTE = "margin:8px 0;padding:0 0 0 12px;border-left:3px solid #888"


def alert_html(alert: AlertView) -> str:
    """Return the alert as one HTML document."""
    findings = "".join(_finding(told) for told in alert.told)
    body = f'{findings}<p style="margin:16px 0" dir="auto">{escape(source_line(alert))}{link(alert.url)}</p>'
    return document(alert.story_title, alert.headline, body, footer(alert))


def document(about: str, headline: str, body: str, footer: Iterable[str]) -> str:
    """Return an HTML document under a headline; `body` is markup, the rest is text."""
    why = "".join(f'<p style="{_SMALL}">{escape(line)}</p>' for line in footer)
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(headline)}</title></head>"
        f'<body style="{_BODY}"><div style="max-width:600px;margin:0 auto">'
        f'<p style="{_SMALL}" dir="auto">{escape(about)}</p>'
        f'<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3" dir="auto">{escape(headline)}</h1>'
        f"{body}"
        f'<hr style="border:0;border-top:1px solid #888;margin:16px 0">{why}'
        "</div></body></html>\n"
    )


def _finding(told: Told) -> str:
    changed, claim = change(told), f": {told.claim_text}" if told.claim_text else ""
    parts = [f'<p style="margin:0" dir="auto"><strong>{WORD[told.kind]}</strong>{escape(claim)}</p>']
    if changed:
        parts.append(f'<p style="margin:4px 0" dir="auto"><strong>{escape(changed)}</strong></p>')
    if told.sentence:
        parts.append(f'<blockquote style="{_QUOTE}" dir="auto">{escape(told.sentence)}</blockquote>')
    if told.reason:
        parts.append(f'<p style="{_SMALL}">Why: {escape(told.reason)}</p>')
    return f'<div style="margin:0 0 16px">{"".join(parts)}</div>'


def link(url: str | None) -> str:
    """Return an address on a line of its own, linked; nothing for None."""
    return f'<br><a href="{escape(url)}">{escape(url)}</a>' if url else ""
