"""A report as a JSON document with a schema version; times are RFC 3339 in UTC."""

import json
import re
from collections.abc import Sequence
from typing import Any

from tracker.projections.rows import stamp, stamp_or_none
from tracker.rendering.view import Change, ClaimView, SourceView, StatusView

SCHEMA_VERSION = 1
_RAW = re.compile(r"[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def dumps(document: object, *, indent: int | None = 2) -> str:
    """Return JSON that is readable in any script and yet safe to print.

    Control characters of the C1 range, those that turn the direction of writing and lone surrogates are escaped; JSON
    itself escapes the others.
    """
    return _RAW.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(document, ensure_ascii=False, indent=indent))


def status_json(view: StatusView) -> str:
    """Return how a story stands, as the document of `tracker status --format json`; of a report asked for whole."""
    return f"{dumps(status_document(view))}\n"


def overview_json(views: Sequence[StatusView]) -> str:
    """Return how several stories stand."""
    stories = [status_document(view) for view in views]
    return f"{dumps({'schema_version': SCHEMA_VERSION, 'stories': stories})}\n"


def status_document(view: StatusView) -> dict[str, Any]:
    """Return the document as values."""
    return {
        "schema_version": SCHEMA_VERSION,
        "story": {"id": view.id, "title": view.title, "opened_at": stamp(view.opened_at)},
        "as_of": stamp(view.as_of),
        "valid_at": stamp_or_none(view.valid_at),
        "position": view.head.position,
        "head": view.head.hash,
        "since": stamp_or_none(view.since),
        "freshness": {
            "feeds": view.freshness.feeds,
            "failing": len(view.freshness.failing),
            "last_poll": stamp_or_none(view.freshness.last_poll),
            "silent": len(view.freshness.silent),
            "unread": view.freshness.unread,
            "troubles": [
                {"id": at.id, "name": at.feed, "state": at.state, "error": at.error} for at in view.freshness.troubles
            ],
        },
        "counts": dict(view.counts),
        "claims": [_claim(claim) for claim in view.claims],
        "developments": [_development(told) for told in view.developments],
        "sources": [_source(source) for source in view.sources],
    }


def _claim(claim: ClaimView) -> dict[str, Any]:
    return {
        "id": claim.id,
        "text": claim.text,
        "current": claim.current,
        "attributed_to": claim.attributed_to,
        "status": claim.status,
        "standing": claim.standing,
        "sources": list(claim.sources),
        "removed": list(claim.removed),
        "first_seen": stamp(claim.first_seen),
        "last_seen": stamp(claim.last_seen),
        "history": [_step(told) for told in claim.history],
    }


def _step(told: Change) -> dict[str, Any]:
    return {
        "position": told.position,
        "type": told.type,
        "relation": told.relation,
        "field": told.field,
        "old": told.old,
        "new": told.new,
        "seen": stamp(told.seen),
        "published": stamp_or_none(told.published),
        "source": told.source,
        "url": told.url,
        "sentence": told.sentence,
        "reason": told.reason,
    }


def _development(told: Change) -> dict[str, Any]:
    return {
        "position": told.position,
        "kind": told.kind,
        "claim": told.claim,
        "headline": told.headline,
        "old": told.old,
        "new": told.new,
        "seen": stamp(told.seen),
        "published": stamp_or_none(told.published),
        "source": told.source,
        "url": told.url,
        "reason": told.reason,
    }


def _source(source: SourceView) -> dict[str, Any]:
    return {
        "name": source.name,
        "entries": source.entries,
        "findings": source.findings,
        "developments": source.developments,
        "edits": source.edits,
        "first_seen": stamp(source.first_seen),
        "last_seen": stamp(source.last_seen),
    }
