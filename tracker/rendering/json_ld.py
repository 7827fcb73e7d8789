"""A story as linked data: a schema.org `LiveBlogPosting` of its developments, and the claims that they are about."""

from collections.abc import Iterator
from typing import Any

from tracker.projections.rows import stamp
from tracker.rendering import phrases
from tracker.rendering.export_marks import address, as_of, link, tag
from tracker.rendering.json_report import dumps
from tracker.rendering.plain import line, quoted, source_name, web_address
from tracker.rendering.view import Change, ClaimView, StatusView

_EMBEDDED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
"""What could end the script element of a page that holds the document; in JSON it stands in strings alone."""
_APPEARS = frozenset({"new", "corroborates", "updates"})


def posting(view: StatusView, *, site: str | None) -> str:
    """Return the document, which may stand in a page as it is. The view is one of a whole report."""
    return f"{dumps(_posting(view, site)).translate(_EMBEDDED)}\n"


def _posting(view: StatusView, site: str | None) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "@id": tag(view),
        "headline": line(view.title),
        "description": as_of(view),
        **({"url": address(site, view)} if site else {}),
        "coverageStartTime": stamp(view.opened_at),
        "datePublished": stamp(view.opened_at),
        "dateModified": stamp(view.as_of),
        "version": view.head.position,
        "liveBlogUpdate": [_update(view, told, site) for told in view.developments],
        "mentions": [_claim(view, claim) for claim in view.claims],
    }


def _update(view: StatusView, told: Change, site: str | None) -> dict[str, Any]:
    words = [phrases.change(told), *([quoted(told.sentence)] if told.sentence else []), f"Why: {line(told.reason)}"]
    address, article = link(site, view, told.url, "development", told.position), _article(told)
    return {
        "@type": "BlogPosting",
        "@id": tag(view, told.position),
        "headline": line(f"{phrases.kind(told)}: {phrases.change(told)}"),
        "articleBody": "\n".join(words),
        "datePublished": stamp(told.seen),
        **({"url": address} if address else {}),
        **({"author": _organization(told.source)} if told.source else {}),
        **({"citation": article} if article else {}),
        **({"about": {"@id": tag(view, "claim", told.claim)}} if told.claim else {}),
    }


def _claim(view: StatusView, claim: ClaimView) -> dict[str, Any]:
    appearances = list(_appearances(claim))
    return {
        "@type": "Claim",
        "@id": tag(view, "claim", claim.id),
        "text": line(claim.current),
        "creativeWorkStatus": f"{claim.standing}; {phrases.standing(claim)}",
        **({"claimInterpreter": _organization(claim.attributed_to)} if claim.attributed_to and not claim.moved else {}),
        **({"firstAppearance": appearances[0]} if appearances else {}),
        **({"appearance": appearances} if appearances else {}),
    }


def _appearances(claim: ClaimView) -> Iterator[dict[str, Any]]:
    """Yield each article once that says a claim, first seen first: no denials, no doubts, nothing rejected."""
    known: set[str] = set()
    for told in claim.history:
        article = _article(told)
        counts = told.relation in _APPEARS and not told.needs_review and told.verdict != "rejected"
        if article and counts and article["url"] not in known:
            known.add(article["url"])
            yield article


def _article(told: Change) -> dict[str, Any] | None:
    url = web_address(told.url)
    if url is None:
        return None
    return {
        "@type": "NewsArticle",
        "url": url,
        "headline": line(told.headline),
        **({"datePublished": stamp(told.published)} if told.published else {}),
        **({"publisher": _organization(told.publisher)} if told.publisher else {}),
    }


def _organization(name: str) -> dict[str, str]:
    return {"@type": "Organization", "name": source_name(name)}
