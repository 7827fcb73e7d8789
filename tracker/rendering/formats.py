"""Every form in which a story is handed out: what each is called, its media type, and what writes it.

What writes a form is imported when it is first written: who wants a report in text does not wait for a calendar.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracker.domain.announced import Announced
    from tracker.rendering.view import StatusView


@dataclass(frozen=True, slots=True)
class Material:
    """What forms are written from; each takes what it needs, and what it leaves is never read.

    `view` is tied to the log: it says nothing of feeds that the log does not say. `site` is where readers reach the
    page, None where nobody said; `query` and `older` are those of a page of developments, see `atom.feed`.
    """

    view: "StatusView"
    announced: "Iterable[Announced]" = ()
    described: Iterable[Mapping[str, Any]] = ()
    site: str | None = None
    query: Mapping[str, str] | None = None
    older: int | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """One form: `suffix` ends the name of a file of it, `write` yields its text.

    `most`: how many of the latest developments it holds; None: all, and the history of each claim. `report`: it is also
    the form of a report of the moment, which tells how the feeds fare just now.
    """

    suffix: str
    media_type: str
    write: Callable[[Material], Iterable[str]]
    most: int | None = None
    report: bool = False


def _text(it: Material) -> Iterable[str]:
    from tracker.rendering.text import status_text

    yield status_text(it.view)


def _markdown(it: Material) -> Iterable[str]:
    from tracker.rendering.markdown import status_markdown

    yield status_markdown(it.view)


def _json(it: Material) -> Iterable[str]:
    from tracker.rendering.json_report import status_json

    yield status_json(it.view)


def _html(it: Material) -> Iterable[str]:
    from tracker.rendering.html import status_html

    yield status_html(it.view)


def _atom(it: Material) -> Iterable[str]:
    from tracker.rendering.atom import feed

    yield feed(it.view, site=it.site, query=it.query or {}, older=it.older)


def _ics(it: Material) -> Iterable[str]:
    from tracker.rendering.ical import calendar

    yield calendar(it.view, it.announced, site=it.site)


def _csv(it: Material) -> Iterable[str]:
    from tracker.rendering.csv_rows import rows

    return rows(it.view)


def _jsonl(it: Material) -> Iterable[str]:
    from tracker.rendering.event_lines import lines

    return lines(it.view, it.described)


def _timelinejs(it: Material) -> Iterable[str]:
    from tracker.rendering.timelinejs import timeline

    yield timeline(it.view, it.announced, site=it.site)


def _jsonld(it: Material) -> Iterable[str]:
    from tracker.rendering.json_ld import posting

    yield posting(it.view, site=it.site)


FORMS: Mapping[str, Form] = {
    "text": Form("txt", "text/plain", _text, report=True),
    "markdown": Form("md", "text/markdown", _markdown, report=True),
    "json": Form("json", "application/json", _json, report=True),
    "html": Form("html", "text/html", _html, report=True),
    "atom": Form("atom", "application/atom+xml", _atom, most=100),
    "ics": Form("ics", "text/calendar", _ics),
    "csv": Form("csv", "text/csv", _csv),
    "jsonl": Form("jsonl", "application/jsonl", _jsonl),
    "timelinejs": Form("timeline.json", "application/json", _timelinejs),
    "jsonld": Form("jsonld", "application/ld+json", _jsonld),
}
"""The forms by name; the same log makes the same bytes of each, at any time and in any database."""
