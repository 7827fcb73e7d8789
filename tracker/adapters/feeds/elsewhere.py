"""Pages that are not the article: walls, consent, log in, and where a redirect led away from it."""

import re
from urllib.parse import SplitResult, urlsplit

_TITLE = re.compile(
    r"(?:just a|one) moment|(?:access|zugriff|accès) (?:denied|restricted|verweigert|refusé)|(?:error )?40[134]"
    r"|(?:(?:error )?40[134]:? )?(?:forbidden|unauthorized|(?:(?:the )?(?:page|article) )?(?:was )?not found)"
    r"|(?:page|site|service)(?: is)? (?:temporarily )?unavailable|seite nicht gefunden|page (?:non trouvée|introuvable)"
    r"|(?:log|sign) ?in|login|register|subscribe|subscription offers?|anmelden|einloggen|connexion|abonnieren"
    r"|(?:your )?privacy(?: (?:choices|matters))?|(?:cookie|privacy) (?:consent|settings|preferences)|zustimmung"
    r"|security (?:check|checkpoint|verification)|human verification|bot (?:verification|detection)|captcha|verifying",
    re.IGNORECASE,
)
"""What the title of a page is, up to the name of the site, that is no article."""
_BEGINNING = re.compile(
    r"attention required!|access to this page (?:has been|is) denied|before you continue\b|we value your privacy"
    r"|are you (?:a )?(?:robot|human)\b|(?:please )?(?:verify|confirm) (?:that )?you (?:are|aren.t)\b"
    r"|ddos protection by|checking your browser|(?:subscribe|register|log in|sign in) to (?:continue|keep|read|unlock)"
    r"|subscription required|please (?:enable|turn on) (?:js|javascript|cookies)|bevor sie (?:fortfahren|weiter)"
    r"|avant de (?:continuer|poursuivre)",
    re.IGNORECASE,
)
_NAME_OF_SITE = re.compile(r"\s+[|–—·•-]\s+|\s*\|\s*")
_WALL = re.compile(
    r"\b(?:enable|activate|turn on) (?:javascript|cookies)|javascript (?:is disabled|is required|and cookies)"
    r"|\bsubscribe (?:now )?to (?:continue|keep|read|unlock)|\b(?:log|sign) in to (?:continue|keep|read)"
    r"|\balready (?:a subscriber|have an account)\?|\bunusual (?:traffic|activity)"
    r"|\bverify(?:ing)? (?:that )?you are (?:a )?human"
    r"|\bto continue reading\b|\bweiterlesen mit\b|\bpour lire la suite\b|\bréservé aux abonnés\b",
    re.IGNORECASE,
)
_SHORT = 1_000
"""Characters: a longer text has the words of walls beside its own."""
_HOME = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|default|home)(?:\.\w{2,5})?/?)?", re.IGNORECASE)
_DOORS = re.compile(
    r"consent|login|log-in|signin|sign-in|signup|register|auth|sso|accounts?|subscribe|subscriptions?|paywall|captcha"
    r"|challenge|validate|privacy-gate|cookie-consent|404|error|not-found|notfound|abo",
    re.IGNORECASE,
)


def led_away(asked: str, got: str) -> str | None:
    """Return where a redirect led that is not the article; None if it may be."""
    before, after = urlsplit(asked), urlsplit(got)
    if (before.hostname, before.path) == (after.hostname, after.path):
        return None
    if _is_home(after) and not _is_home(before):
        return "the address leads to a home page"
    door = _door(got)
    return f"the address leads to {door!r}" if door and not _door(asked) else None


def wall_in(title: str, text: str) -> str | None:
    """Return what tells that a page is no article, though text was found in it; None if nothing does."""
    title = title.strip()
    if _TITLE.fullmatch(_NAME_OF_SITE.split(title)[0].rstrip(" .!…")) or _BEGINNING.match(title):
        return f"its title is {title[:80]!r}"
    words = _WALL.search(text) if len(text) < _SHORT else None
    return f"it says {words[0]!r}" if words else None


def _is_home(parts: SplitResult) -> bool:
    return not parts.query and _HOME.fullmatch(parts.path) is not None


def _door(url: str) -> str | None:
    parts = urlsplit(url)
    labels = (parts.hostname or "").split(".")[:-1]
    return next((part for part in (*labels, *parts.path.split("/")) if _DOORS.fullmatch(part)), None)
