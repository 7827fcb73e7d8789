"""The page behind the link in a mail: it ends a subscription when its button is pressed, not when it is looked at.

Programs that check mail follow every link in it. One click in a mail program is a POST, too (RFC 8058).
"""

from asyncio import timeout
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from tracker.bootstrap import App
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.errors import NotFound, StoreError
from tracker.rendering.plain import line

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0 auto;max-width:34rem;padding:2rem 1rem;font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}"
    "h1{font-size:1.4rem;line-height:1.3}"
    "button{font:inherit;padding:.7rem 1.2rem;min-height:2.8rem}"
)
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_LONGEST = 10_000
_PATIENCE = 5.0
"""Seconds in which the body of a request has to come."""
_ASKED = b"One-Click"
"""The value of the one field, however the form is encoded."""


def routes(app: Callable[[], App]) -> list[Route]:
    """Return the routes of the page; `app` is asked at each request for the app of the settings in force.

    None without a public address, to which links could lead. Raises ConfigError for a key that cannot be used.
    """
    if app().links is None:
        return []

    async def page(request: Request) -> HTMLResponse:
        end = request.method == "POST"
        if end and not await _asked(request):
            return _page(400, "Nothing was ended", "The request does not ask for it. Use the button of the page.")
        return await run_in_threadpool(_answer, app(), end=end, **request.path_params)

    return [Route("/unsubscribe/{identity}/{token}", page, methods=["GET", "POST"])]


def _answer(app: App, identity: str, token: str, *, end: bool) -> HTMLResponse:
    links = app.links
    assert links is not None, "a page that links lead to"
    try:
        if end:
            return _ended(links.end(app.log, identity, token))
        return _question(links.subscription(app.log, identity, token))
    except NotFound:
        return _page(404, "No such subscription", "The link is not complete, or older than what it was about.")
    except StoreError:
        return _page(503, "Not now", "The database does not answer. Please try again in a minute.")


def _question(subscription: SubscriptionAdded) -> HTMLResponse:
    button = '<form method="post"><button name="List-Unsubscribe" value="One-Click">End it</button></form>'
    return _page(200, "End these alerts?", _about(subscription), button)


def _ended(subscription: SubscriptionAdded) -> HTMLResponse:
    return _page(200, "Ended", f"{_about(subscription)} Nothing more will be sent for this subscription.")


def _about(subscription: SubscriptionAdded) -> str:
    story = f"the story {line(subscription.story)}" if subscription.story else "every story"
    to = f", sent to {_masked(subscription.target)}" if subscription.channel == "email" else ""
    return f"Subscription {subscription.subscription}: alerts on {story}{to}."


def _masked(address: str) -> str:
    """Return a mail address as its owner knows it again, and nobody else: whoever got a mail forwarded sees this."""
    name, _, host = address.rpartition("@")
    return f"{line(name)[:1]}…@{line(host)}"


def _page(status: int, title: str, text: str, form: str = "") -> HTMLResponse:
    return HTMLResponse(
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f'<body><h1>{escape(title)}</h1><p dir="auto">{escape(text)}</p>{form}</body></html>\n',
        status,
        _HEADERS,
    )


async def _asked(request: Request) -> bool:
    """Tell whether the body of a request asks to end it, as a mail program or the button does.

    One that does not come, or not whole, asks for nothing.
    """
    body = b""
    try:
        async with timeout(_PATIENCE):
            async for chunk in request.stream():
                body += chunk
                if len(body) > _LONGEST:
                    return False
    except (TimeoutError, ClientDisconnect):
        return False
    return _ASKED in body
