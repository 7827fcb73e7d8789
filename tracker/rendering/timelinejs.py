"""A story as the JSON that TimelineJS shows: its developments when they were seen, and the dates that it announces.

TimelineJS takes words for HTML, so that they are escaped as such.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from html import escape
from typing import Any
from urllib.parse import quote

from tracker.domain.announced import Announced, Fate
from tracker.projections.rows import stamp
from tracker.rendering import phrases
from tracker.rendering.export_marks import as_of, link
from tracker.rendering.json_report import dumps
from tracker.rendering.plain import line, quoted, source_name, web_address
from tracker.rendering.view import Change, ClaimView, StatusView


def timeline(view: StatusView, announced: Iterable[Announced], *, site: str | None) -> str:
    """Return the document; it says as of when it is in its title, and in fields of its own that TimelineJS ignores."""
    claims = {claim.id: claim for claim in view.claims}
    dates = [_date(view, one, claims[one.claim], site) for one in announced if one.fate is not Fate.OFF]
    document = {
        "as_of": stamp(view.as_of),
        "position": view.head.position,
        "title": {"unique_id": "as-of", "text": _text(view.title, as_of(view)), "autolink": False},
        "events": [*(_development(view, told, site) for told in view.developments), *dates],
    }
    return f"{dumps(document)}\n"


def _development(view: StatusView, told: Change, site: str | None) -> dict[str, Any]:
    said = [quoted(told.sentence)] if told.sentence else []
    words = [*said, f"{phrases.whence(told)}; why: {told.reason}"]
    media = {"url": web_address(told.url), "link": link(site, view, told.url, "development", told.position)}
    return {
        "unique_id": f"development-{told.position}",
        "start_date": _moment(told.seen),
        "text": _text(f"{phrases.kind(told)}: {phrases.change(told)}", *words),
        "autolink": False,
        **({"group": escape(line(told.claim))} if told.claim else {}),
        **({"media": {**media, "credit": escape(source_name(told.source or ""))}} if media["url"] else {}),
    }


def _date(view: StatusView, one: Announced, claim: ClaimView, site: str | None) -> dict[str, Any]:
    first, last = one.when.start, max(one.when.start, one.when.end)
    said, address = escape(line(one.when.text)), link(site, view, None, "claim", one.claim)
    return {
        "unique_id": f"announced-{quote(one.claim, safe='', errors='replace')}-{one.nth}",
        "start_date": _day(first),
        **({"end_date": _day(last)} if last > first else {}),
        **({"display_date": said} if said else {}),
        "text": _text(claim.current, f"{claim.status}; {phrases.standing(claim)}"),
        "autolink": False,
        "group": escape(line(one.claim)),
        **({"media": {"url": address, "link": address}} if address else {}),
    }


def _text(headline: str, *paragraphs: str) -> dict[str, str]:
    return {
        "headline": escape(line(headline)),
        "text": "".join(f"<p>{escape(line(paragraph))}</p>" for paragraph in paragraphs),
    }


def _day(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def _moment(when: datetime) -> dict[str, int]:
    utc = when.astimezone(UTC)
    return {**_day(utc.date()), "hour": utc.hour, "minute": utc.minute, "second": utc.second}
