"""What ordinary documents are made of: elements that stand once, hold text alone and bear no unforeseen attribute."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.adapters.feeds.dates import first_possible
from tracker.adapters.feeds.item import Item, primary_language
from tracker.adapters.feeds.links import absolute

ATOM = "{http://www.w3.org/2005/Atom}"
MEDIA = "{http://search.yahoo.com/mrss/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What may stand inside of an element that is left aside, without a meaning for the item around it.
_PARTS = frozenset(("title", "url", "link", "width", "height", "description", f"{MEDIA}credit", f"{MEDIA}thumbnail"))
_PERSON = frozenset(ATOM + name for name in ("name", "uri", "email"))


class RareError(Exception):
    """A document is not ordinary."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a document says of itself outside of its items; `header` and `root` are the languages named there."""

    base: str
    seen: datetime
    header: str | None
    root: str | None

    @property
    def language(self) -> str | None:
        """The language in which items are that name none, as written."""
        return self.header if self.root is None else self.root

    def item(
        self, *, guid: str, link: str, title: str, summary: str, content: str, dates: Collection[str],
        publisher: str = "", speaks: bool
    ) -> Item:  # fmt: skip
        """Return an item; `speaks`: it has an element of words, which are in the document's language."""
        if ":///" in guid:
            raise RareError  # is mended by the slow way
        published, date_suspect = first_possible(dates, self.seen)
        return Item(
            guid=guid,
            link=absolute(link, self.base),
            title=title,
            summary=summary,
            content=content,
            published=published,
            publisher=publisher or None,
            language=primary_language(self.language) if speaks else None,
            date_suspect=date_suspect,
        )


def gather(
    holder: Any, wanted: Mapping[str, Collection[str]], aside: Collection[str], entries: str = ""
) -> dict[str, Any]:
    """Return the children whose names are wanted, which may bear the attributes that are given with them.

    Raises RareError for one that is there twice, holds more than text, or is neither wanted nor left aside. Whatever is
    in the `entries` is not looked at.
    """
    found: dict[str, Any] = {}
    for child in holder:
        name = child.tag
        if name == entries:
            continue
        if name in aside:
            if len(child) and not all(part.tag in _PARTS or part.tag in _PERSON for part in child.iterdescendants()):
                raise RareError
        elif name not in wanted or name in found or len(child) or not set(child.keys()) <= set(wanted[name]):
            raise RareError
        else:
            found[name] = child
    return found


def entries_of(holder: Any, name: str) -> Iterator[Any]:
    """Yield the children of a name. Raises RareError for one that bears attributes."""
    for child in holder:
        if child.tag == name:
            if child.attrib:
                raise RareError
            yield child


def text(found: Mapping[str, Any], name: str) -> str:
    """Return the text of an element, empty if it is not there."""
    if name not in found:
        return ""
    words: str = (found[name].text or "").strip()
    if words.isascii():
        return words
    try:
        return words.encode("iso-8859-1").decode("utf-8")  # UTF-8 that somebody took for Latin-1
    except UnicodeError:
        return words
