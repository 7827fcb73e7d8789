"""Words of others made harmless before they are shown, and times as a reader sees them.

Titles come from anybody: an escape sequence in one could recolour, overwrite or retitle a reader's terminal, and a
character that turns the direction of writing could make a sentence say something else.
"""

import re
import unicodedata
from datetime import UTC, datetime, tzinfo
from urllib.parse import urlsplit

_JOINERS = "\u200c\u200d"  # they hold words of some scripts together and show nothing by themselves
_UNSAFE_IN_URL = re.compile(r"%(?![0-9A-Fa-f]{2})|[^!#$&+,\-./0-9:;=?@A-Z\[\]_a-z~%]")
_HOST = re.compile(r"https?://[^/?#]*")
_SEQUENCE = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]")
_QUOTES = '“”"„«»'
_SEED = "seed"


def clean(text: str) -> str:
    """Return text of the same length whose characters all print; the others are blanks."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in _JOINERS else " " for char in text)


def line(text: str | None, limit: int | None = None) -> str:
    """Return text as one line: terminals, header fields of mail and JSON take it as it is.

    Escape sequences go as a whole, and so does what shows nothing (soft hyphens, marks of direction); white space and
    other control characters are folded to single blanks. A text longer than `limit` characters is cut at a word, with
    an ellipsis.
    """
    shown = text or ""
    if not shown.isprintable():
        shown = clean("".join(char for char in _SEQUENCE.sub("", shown) if not _shows_nothing(char)))
    folded = " ".join(shown.split()) if "  " in shown or shown[:1] == " " or shown[-1:] == " " else shown
    return folded if limit is None or len(folded) <= limit else _cut(folded, limit)


def _shows_nothing(char: str) -> bool:
    return unicodedata.category(char) == "Cf" and char not in _JOINERS


def _cut(folded: str, limit: int) -> str:
    cut = folded[: limit - 1]
    word = cut.rpartition(" ")[0]
    return (word if len(word) > limit // 2 else cut).rstrip(" ,;:") + "…"


def quoted(sentence: str) -> str:
    """Return a sentence in quotes, unless it quotes somebody itself."""
    words = line(sentence, 300)
    return words if any(mark in words for mark in _QUOTES) else f"“{words}”"


def web_address(url: str | None) -> str | None:
    """Return an http or https address, percent-encoded where it could break out of a link; None for any other."""
    if not url or not url.startswith(("http://", "https://")):
        return None
    safe = _UNSAFE_IN_URL.sub(
        lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace")), url
    )
    return _strict(safe) if _has_host(safe) else None


def _strict(url: str) -> str:
    """Return an address in which brackets stand in the host alone, and one mark of a fragment (RFC 3986)."""
    found = _HOST.match(url)
    host = found[0] if found else ""
    path, mark, fragment = url.removeprefix(host).partition("#")
    rest = path + mark + fragment.replace("#", "%23")
    return host + rest.replace("[", "%5B").replace("]", "%5D")


def _has_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).netloc)
    except ValueError:
        return False


def minute(moment: datetime) -> str:
    """Return a time to the minute, in UTC and without saying so: for columns."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def moment(when: datetime) -> str:
    """Return a time to the minute, saying that it is UTC."""
    return f"{minute(when)} UTC"


def elsewhere(when: datetime, zone: tzinfo) -> str:
    """Return what a clock of another zone shows, to stand behind a time in UTC; "" where that is the same."""
    here = when.astimezone(zone)
    if not here.utcoffset():
        return ""
    shown = f"{here:%H:%M}" if here.date() == when.astimezone(UTC).date() else f"{here:%Y-%m-%d %H:%M}"
    name = here.tzname() or ""
    return f" ({shown} {name if name.isalpha() else f'{here:UTC%z}'})"


def day(when: datetime) -> str:
    """Return a day of UTC with its name: `Tue 2024-06-04`."""
    return f"{when.astimezone(UTC):%a %Y-%m-%d}"


def span(first: datetime, last: datetime) -> str:
    """Return the days from first to last; one day is said once."""
    days = [f"{day.astimezone(UTC):%Y-%m-%d}" for day in (first, last)]
    return days[0] if days[0] == days[1] else " to ".join(days)


def source_name(name: str) -> str:
    """Return a source as a reader knows it."""
    return "the seed" if name == _SEED else line(name)
