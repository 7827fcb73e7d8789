"""What every export of a story bears: as of when it is, names that never change, and where the page shows more."""

from datetime import UTC
from urllib.parse import quote, urlencode

from tracker.rendering import phrases
from tracker.rendering.plain import web_address
from tracker.rendering.view import StatusView

_AUTHORITY = "tracker.invalid"
"""In whose name ids are given: nobody's, and no setting's, so that moving the page changes none of them."""


def as_of(view: StatusView) -> str:
    """Return as of which moment an export is, and the position of the newest event that it rests on.

    The hash of that event is not in it: it is salted, so that the same reports give other hashes in another log.
    """
    return f"As of {phrases.moments(view)}"


def tag(view: StatusView, *parts: object) -> str:
    """Return a tag URI (RFC 4151) for something of a story, the same for ever: in every log that holds the story.

    The moment of its opening tells the story from one of the same name elsewhere.
    """
    opened = view.opened_at.astimezone(UTC)
    return f"tag:{_AUTHORITY},{opened:%Y-%m-%d}:{_path(view.id, f'{opened:%H%M%S.%f}', *parts)}"


def uid(view: StatusView, *parts: object) -> str:
    """Return the same as calendars name things, without a character that they escape."""
    return f"{_path(view.id, f'{view.opened_at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}', *parts)}@{_AUTHORITY}"


def address(site: str | None, view: StatusView, *parts: object, **query: str | None) -> str:
    """Return where the page shows something of a story; relative to the root of the site where that is not known."""
    asked = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{(site or '').rstrip('/')}/{_path('story', view.id, *parts)}" + (f"?{asked}" if asked else "")


def link(site: str | None, view: StatusView, url: str | None, *parts: object) -> str | None:
    """Return where the page shows something of a story; without a site where its article stands, None for nowhere."""
    return address(site, view, *parts) if site else web_address(url)


def _path(*parts: object) -> str:
    return "/".join(quote(str(part), safe="", errors="replace") for part in parts)
