"""A message written out in every form, and the documents that webhooks get."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from tracker.rendering.alert_html import sheet_html
from tracker.rendering.alert_sheet import Sheet
from tracker.rendering.alert_text import sheet_text
from tracker.rendering.alert_view import Report, Told, headline
from tracker.rendering.plain import line

ROOM = 19_000
"""Bytes that a document may have as JSON, so that with the rest of a request it stays under 20 kB."""
_SUBJECT = 120
_PREFIX = 50


@dataclass(frozen=True)
class Letter:
    """A message written out. `payload` stays under 20 kB as JSON, as the Standard Webhooks specification asks.

    Text and HTML are written from its sheet when they are asked for: a webhook needs neither.
    """

    subject: str
    payload: dict[str, Any]
    write: Callable[[], Sheet] = field(compare=False)

    @property
    def text(self) -> str:
        """The message as plain text."""
        return sheet_text(self._sheet)

    @property
    def html(self) -> str:
        """The message as HTML."""
        return sheet_html(self._sheet)

    @cached_property
    def _sheet(self) -> Sheet:
        return self.write()


def letter(headline: str, prefix: str, payload: dict[str, Any], sheet: Callable[[], Sheet]) -> Letter:
    """Return a message in every form; `prefix` stands in brackets before its subject, and is that of its thread."""
    return Letter(line(f"[{line(prefix, _PREFIX)}] {headline}", _SUBJECT), payload, sheet)


def development(told: Told, seen: datetime, title: str) -> dict[str, Any]:
    """Return a development of an entry and its claim, as webhooks bear them."""
    return {
        "development": {
            "position": told.position,
            "hash": told.hash,
            "kind": told.kind,
            "field": told.field,
            "old": told.old,
            "new": told.new,
            "headline": headline(told.kind, title, told.sentence),
            "sentence": told.sentence,
            "reason": told.reason,
            "score": None if told.score is None else round(told.score, 4),
            "happening": told.happening,
            "seen": rfc3339(seen),
        },
        "claim": {"id": told.claim, "text": told.claim_text},
    }


def source(one: Report) -> dict[str, Any]:
    """Return the entry that a development rests on, as webhooks bear it."""
    return {
        "entry": line(one.entry, 200),
        "source": one.source,
        "publisher": one.publisher,
        "title": one.title,
        "published": rfc3339(one.published) if one.published else None,
        "language": one.language,
        "url": one.url,
    }


def fill(data: dict[str, Any], name: str, rest: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Put as many further objects into the list `name` as fit, in order, and count the others as `omitted`."""
    every = [*rest]
    data[name], size = [], size_of(data) if every else 0
    for nth, one in enumerate(every):
        size += size_of(one)
        if size > ROOM:
            data["omitted"] = len(every) - nth
            break
        data[name].append(one)
    return data


def size_of(value: Mapping[str, Any]) -> int:
    """Return how many bytes an object has as JSON."""
    return len(json.dumps(value, ensure_ascii=False).encode())


def rfc3339(when: datetime) -> str:
    """Return a time in UTC to the second, as webhooks bear it."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
