"""Every form in which a story is handed out: what each is called, its media type, and what writes it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.domain.announced import Announced
from tracker.rendering import atom, csv_rows, event_lines, html, ical, json_ld, json_report, markdown, text, timelinejs
from tracker.rendering.view import StatusView


@dataclass(frozen=True, slots=True)
class Material:
    """What forms are written from; each takes what it needs, and what it leaves is never read.

    `view` is tied to the log: it says nothing of feeds that the log does not say. `site` is where readers reach the
    page; `query` and `older` are those of a page of developments, see `tracker.rendering.atom`.
    """

    view: StatusView
    announced: Iterable[Announced] = ()
    described: Iterable[Mapping[str, Any]] = ()
    site: str | None = None
    query: Mapping[str, str] | None = None
    older: int | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """One form; `suffix` ends the name of a file of it. `most`: how many of the latest developments, None for all."""

    suffix: str
    media_type: str
    write: Callable[[Material], Iterable[str]]
    most: int | None = None


FORMS: Mapping[str, Form] = {
    "text": Form("txt", "text/plain", lambda it: (text.status_text(it.view),)),
    "markdown": Form("md", "text/markdown", lambda it: (markdown.status_markdown(it.view),)),
    "json": Form("json", "application/json", lambda it: (json_report.status_json(it.view),)),
    "html": Form("html", "text/html", lambda it: (html.status_html(it.view),)),
    "atom": Form(
        "atom",
        "application/atom+xml",
        lambda it: (atom.feed(it.view, site=it.site, query=it.query or {}, older=it.older),),
        atom.MOST,
    ),
    "ics": Form("ics", "text/calendar", lambda it: (ical.calendar(it.view, it.announced, site=it.site),)),
    "csv": Form("csv", "text/csv", lambda it: csv_rows.rows(it.view)),
    "jsonl": Form("jsonl", "application/jsonl", lambda it: event_lines.lines(it.view, it.described)),
    "timelinejs": Form(
        "timeline.json", "application/json", lambda it: (timelinejs.timeline(it.view, it.announced, site=it.site),)
    ),
    "jsonld": Form("jsonld", "application/ld+json", lambda it: (json_ld.posting(it.view, site=it.site),)),
}
REPORTS = ("text", "markdown", "json", "html")
"""The forms of the report of the moment; of the others the same log makes the same bytes at any time."""
