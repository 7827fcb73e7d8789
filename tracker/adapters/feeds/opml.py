"""Lists of feeds: OPML 1.0 to 2.0 as other readers write it, or addresses one a line.

Files are mended before they are parsed, since few are well-formed: bare ampersands, names of HTML's characters, a wrong
encoding. A reference to an entity stays the words that it is, so that none is ever expanded or fetched.
"""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html.entities import name2codepoint
from typing import Any

from lxml import etree

from tracker.adapters.feeds.item import NAME_LIMIT
from tracker.adapters.feeds.plain_text import cut, fold
from tracker.errors import UsageError
from tracker.ports.finding import Listed

MAX_BYTES = 20_000_000
_TOO_DEEP = "Excessive depth"  # as libxml2 says that it left off
_NO_LIST = "it is no list of feeds: neither OPML nor addresses, one a line"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_PROLOG = re.compile(
    r"^[\ufeff\s]*(?:<\?xml.*?\?>\s*)?(?:<!DOCTYPE(?:[^\[>]*\[.*?\]\s*>|[^>]*>))?", re.IGNORECASE | re.DOTALL
)
_REFERENCE = re.compile(r"&(?:(#\d{1,7}|#x[0-9a-f]{1,6}|amp|lt|gt|quot|apos);|(\w{2,8});)?", re.IGNORECASE)
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ADDRESS = re.compile(r"[a-z]+:|[^\s/]+\.[^\s/]+(?:/\S*)?$", re.IGNORECASE)
_FEED_TYPES = frozenset(("rss", "rss1", "rss2", "atom", "feed", "json"))


def read_list(body: bytes) -> tuple[Listed, ...]:
    """Return the feeds of a list in its order, each address once.

    Raises UsageError for a file that is no list of feeds, or is longer than 20 MB.
    """
    if len(body) > MAX_BYTES:
        raise UsageError(f"the list is longer than {MAX_BYTES // 1_000_000} MB")
    text = _decode(body)
    listed = _read_opml(text) if text.lstrip("\ufeff \t\r\n").startswith("<") else _read_lines(text)
    first: dict[str, Listed] = {}
    for one in listed:
        first.setdefault(one.url, one)
    return tuple(first.values())


def write_opml(feeds: Sequence[Listed], title: str) -> bytes:
    """Return the feeds as OPML 2.0; folders become outlines in outlines."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _written(title)
    body = etree.SubElement(root, "body")
    folders: dict[str, Any] = {"": body}
    for feed in feeds:
        name = _written(feed.name or "")
        words = {"text": name, "title": name} if name else {"text": _written(feed.url)}
        etree.SubElement(_folder(folders, feed.folder or ""), "outline", type="rss", **words, xmlUrl=_written(feed.url))
    document: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return document


def _folder(folders: dict[str, Any], path: str) -> Any:
    if path not in folders:
        above, _, name = path.rpartition("/")
        folders[path] = etree.SubElement(_folder(folders, above), "outline", text=_written(name))
    return folders[path]


def _written(text: str) -> str:
    return _NO_XML.sub("", text)


def _decode(body: bytes) -> str:
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, "replace")
    declared = _DECLARED.match(body[:400])
    for encoding in (*([declared[1].decode("ascii")] if declared else []), "utf-8", "cp1252"):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("latin-1")


def _read_lines(text: str) -> list[Listed]:
    lines = [
        line.strip() for line in text.replace("\ufeff", "").splitlines()
    ]  # files that were joined hold marks inside
    given = [line for line in lines if line and not line.startswith("#")]
    if 2 * sum(_ADDRESS.match(line) is not None for line in given) < len(given):
        raise UsageError(_NO_LIST)
    return [Listed(line) for line in given]


def _read_opml(text: str) -> list[Listed]:
    mended = _REFERENCE.sub(_mend, _NO_XML.sub("", _PROLOG.sub("", text, count=1)))
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(mended.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise UsageError(f"{_NO_LIST} ({error.msg})") from None
    if any(_TOO_DEEP in fault.message for fault in parser.error_log):
        raise UsageError("the list is nested too deep: what is further inside could not be read")
    outlines = list(_outlines(root)) if root is not None else []
    if root is None or (not outlines and _name(root) != "opml"):
        raise UsageError(_NO_LIST)
    return outlines


def _mend(reference: re.Match[str]) -> str:
    if reference[1]:
        return reference[0].lower()
    known = name2codepoint.get(reference[2] or "")
    return f"&#{known};" if known else f"&amp;{reference[0][1:]}"


def _outlines(root: Any) -> Iterator[Listed]:
    """Yield the feeds below an element; an outline without an address is the folder of those in it."""
    above: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str) or _name(element) != "outline":
            continue
        said = {str(name).lower(): str(value) for name, value in element.attrib.items()}
        url = _address(said)
        if event == "start":
            if url:
                yield Listed(url, _words(said, url), "/".join(filter(None, above)) or None)
            above.append("" if url else "/".join(_parts(_words(said, url) or "")))
        else:
            above.pop()


def _address(said: Mapping[str, str]) -> str | None:
    named = said.get("xmlurl") or (said.get("url") if said.get("type", "").lower() in _FEED_TYPES else None)
    return (named or "").strip() or None


def _words(said: Mapping[str, str], url: str | None) -> str | None:
    """Return what an outline is called; its address is no name, but what readers write where there is none."""
    words = (said.get(name, "").strip() for name in ("text", "title"))
    return next(filter(None, (cut(fold(one), NAME_LIMIT) for one in words if one != url)), None)


def _parts(name: str) -> Iterable[str]:
    return filter(None, (part.strip() for part in name.split("/")))


def _name(element: Any) -> str:
    return str(etree.QName(element).localname).lower()
