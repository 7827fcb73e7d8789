"""What every feed format comes down to before ids are given."""

from dataclasses import dataclass
from datetime import datetime

NAME_LIMIT = 200
TITLE_LIMIT = 1_000
SUMMARY_LIMIT = 5_000
TEXT_LIMIT = 50_000


@dataclass(frozen=True, slots=True)
class Item:
    """One item as the feed has it, its texts plain and within the limits above, in characters.

    `guid` is empty if the item has none. `published` has been checked and is in UTC; `date_suspect`: it names a
    date that cannot be. `publisher` is the source that
    the item itself names.
    """

    guid: str
    link: str | None
    title: str
    summary: str
    content: str
    published: datetime | None
    publisher: str | None
    language: str | None
    date_suspect: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed with its items in document order; `complaint` is one line on what was wrong with it.

    `ttl`: the seconds for which it asks to be left alone.
    """

    title: str | None
    language: str | None
    items: tuple[Item, ...]
    complaint: str | None = None
    ttl: float | None = None


def primary_language(*tags: object) -> str | None:
    """Return the two-letter language of the first usable tag: "en" of "en-GB"; None if there is none."""
    for tag in tags:
        if isinstance(tag, str):
            primary = tag.strip().replace("_", "-").partition("-")[0].lower()
            if len(primary) == 2 and primary.isascii() and primary.isalpha():  # noqa: PLR2004
                return primary
    return None
