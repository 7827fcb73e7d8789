"""Bot walls: answers meant to keep programs out, told from ordinary refusals, and by whom."""

import re
from http import HTTPStatus

from tracker.ports.http import Answer

_LOOK = 20_000
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_BUSY = frozenset((HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE))

# These headers come with a challenge and with nothing else.
_CHALLENGES = {
    "cf-mitigated": "Cloudflare",
    "x-vercel-mitigated": "Vercel",
    "x-amzn-waf-action": "AWS WAF",
    "sg-captcha": "SiteGround",
    "x-sucuri-block": "Sucuri",
}
# (header, what it holds): walls by trade; a refusal that bears their mark is theirs.
_WALLS = (
    ("server", "datadome", "DataDome"),
    ("x-datadome", "", "DataDome"),
    ("server", "sucuri", "Sucuri"),
    ("x-sucuri-id", "", "Sucuri"),
    ("x-iinfo", "", "Imperva"),
    ("x-cdn", "incapsula", "Imperva"),
    ("x-cdn", "imperva", "Imperva"),
    ("server", "perimeterx", "PerimeterX"),
    ("x-px-block", "", "PerimeterX"),
    ("server", "ddos-guard", "DDoS-Guard"),
)
# These carry whole sites, and hand on what those say of themselves: only a 403 is their own more often than not.
_CARRIERS = (("server", "cloudflare", "Cloudflare"), ("server", "akamai", "Akamai"))
# Words of the pages themselves, chosen so that an ordinary page behind the same wall does not have them.
_PAGES = (
    (b"_cf_chl_opt", "Cloudflare"),
    (b"<title>just a moment...</title>", "Cloudflare"),
    (b"<title>attention required! | cloudflare</title>", "Cloudflare"),
    (b"captcha-delivery.com", "DataDome"),
    (b"incapsula incident id", "Imperva"),
    (b"px-captcha", "PerimeterX"),
    (b"sucuri_cloudproxy_js", "Sucuri"),
    (b"access denied - sucuri website firewall", "Sucuri"),
    (b"errors.edgesuite.net", "Akamai"),
    (b"anubis_challenge", "Anubis"),
    (b"awswafintegration", "AWS WAF"),
    (b"<title>ddos-guard</title>", "DDoS-Guard"),
    (b"<title>vercel security checkpoint</title>", "Vercel"),
)


def wall(answer: Answer) -> str | None:
    """Return whose bot wall gave the answer, None for one that is what it seems. A feed never counts as a wall."""
    named = next((name for header, name in _CHALLENGES.items() if header in answer.headers), None)
    return named or _page(answer.body) or _refusal(answer)


def _page(body: bytes) -> str | None:
    if not _HTML.match(body):
        return None
    start = body[:_LOOK].lower()
    return next((name for words, name in _PAGES if words in start), None)


def _refusal(answer: Answer) -> str | None:
    said = answer.headers
    marks = _WALLS + _CARRIERS if answer.status == HTTPStatus.FORBIDDEN else _WALLS
    asks_for_less = answer.status in _BUSY and "retry-after" in said
    if asks_for_less or answer.status not in _BUSY | {HTTPStatus.FORBIDDEN}:
        return None
    return next((name for header, held, name in marks if header in said and held in said[header].lower()), None)
