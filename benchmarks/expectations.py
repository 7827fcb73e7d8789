"""What feedparser's test files say of a feed, held against what we make of it.

Each file names one fact in its first comment, as an expression in Python on feedparser's result:

    Expect:      not bozo and entries[0]['title'] == 'Example'

The expression is taken apart, never run. Counted is each comparison by == with a literal, joined by `and`, of a field
that an entry of ours has:

    feed title, language                     title and language of the source
    entries[n] title, summary (description), content[n].value, also by their _detail.value
                                             the text, plain: ours against the plain text of what is expected
    entries[n] link                          the address, absolute; covered if it is http or https
    entries[n] id, guid                      the identifier
    entries[n] published, created, issued, updated, modified, date, also _parsed
                                             the moment; covered if it is the one date of the entry, and can be
    entries[n] source.title                  the publisher
    entries[n] language, and the language of its title, summary and content
                                             covered if all that the entry names agree

Not covered, since no entry of ours has them: authors, tags, licences, places, media, podcasts, positions of links,
the kind and base of texts, version and encoding of the document, texts of the feed beside its title.
"""

import ast
import calendar
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tracker.adapters.feeds.dates import EARLIEST, published
from tracker.adapters.feeds.item import (
    NAME_LIMIT,
    SUMMARY_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    Channel,
    Item,
    primary_language,
)
from tracker.adapters.feeds.links import absolute
from tracker.adapters.feeds.plain_text import plain

_EXPECT = re.compile(r"^\s*Expect:[ \t]*(.*?)\s*$", re.MULTILINE)
_DATES = ("published", "created", "updated")
_ALIASES = {
    "description": "summary", "guid": "id", "issued": "published", "date": "updated", "modified": "updated",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """One comparison: the field, what is expected of it after our normalisation, and what we have."""

    field: str
    expected: object
    found: object

    @property
    def right(self) -> bool:
        """Tell whether they agree; `expected` may be a tuple of readings, of which one must."""
        return self.found in self.expected if isinstance(self.expected, tuple) else self.found == self.expected


@dataclass(frozen=True, slots=True)
class _Fact:
    """A place in feedparser's result (names and numbers on the way to it), and the literal expected there."""

    place: tuple[str | int, ...]
    value: object


def check(notes: str, channel: Channel, parsed: Any, seen: datetime) -> Iterator[Checked]:
    """Yield each covered comparison of a file. `parsed` is feedparser's own result, to see which date an entry has."""
    for expression in _EXPECT.findall(notes):
        for fact in _facts(expression):
            yield from _checked(fact, channel, parsed, seen)


def _facts(expression: str) -> Iterator[_Fact]:
    try:
        tree = ast.parse(expression, mode="eval").body
    except SyntaxError:
        return
    for part in tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]:
        if isinstance(part, ast.Compare) and len(part.ops) == 1 and isinstance(part.ops[0], ast.Eq):
            place, value = _place(part.left), _literal(part.comparators[0])
            if place and value is not None:
                yield _Fact(place, value)


def _place(node: ast.expr) -> tuple[str | int, ...]:
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.Attribute(value=holder, attr=name):
            return (*_place(holder), name)
        case ast.Subscript(value=holder, slice=ast.Constant(value=str() | int() as name)):
            return (*_place(holder), name)
        case _:
            return ()


def _literal(node: ast.expr) -> object:
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            first, second = _literal(left), _literal(right)
            return first + second if isinstance(first, str) and isinstance(second, str) else None
        case _:
            try:
                found: object = ast.literal_eval(node)
            except ValueError:
                return None
            return found


def _checked(fact: _Fact, channel: Channel, parsed: Any, seen: datetime) -> Iterator[Checked]:
    match fact.place:
        case ("feed", "title") | ("feed", "title_detail", "value"):
            yield Checked("source title", _plain(fact.value, NAME_LIMIT), channel.title or "")
        case ("feed", "language"):
            yield Checked("source language", primary_language(fact.value), channel.language)
        case ("entries", int() as number, str() as name, *way) if number < len(channel.items):
            item, entry = channel.items[number], parsed.entries[number]
            place = (_ALIASES.get(name.removesuffix("_parsed"), name.removesuffix("_parsed")), *way)
            yield from _of_item(_Fact(place, fact.value), item, entry, seen)
            if "language" in place and len(_languages(entry)) == 1:
                yield Checked("language", primary_language(fact.value), item.language or channel.language)
        case _:
            pass


def _of_item(fact: _Fact, item: Item, entry: Any, seen: datetime) -> Iterator[Checked]:
    value = fact.value
    match fact.place:
        case ("title",) | ("title_detail", "value"):
            yield Checked("title", _plain(value, TITLE_LIMIT), item.title)
        case ("summary",) | ("summary_detail", "value"):
            yield Checked("summary", _plain(value, SUMMARY_LIMIT), item.summary)
        case ("content", _, "value"):
            yield Checked("content", _plain(value, TEXT_LIMIT, lines=True), item.content)
        case ("link",) if (link := absolute(str(value), "")) is not None:
            yield Checked("link", link, item.link)
        case ("id",):
            yield Checked("id", str(value).strip(), item.guid)
        case ("source", "title"):
            yield Checked("publisher", _plain(value, NAME_LIMIT), item.publisher or "")
        case (str() as name,) if name in _DATES:
            yield from _date(name, value, item, entry, seen)
        case _:
            pass


def _date(name: str, value: object, item: Item, entry: Any, seen: datetime) -> Iterator[Checked]:
    moment = published(str(value), seen) if isinstance(value, str) else _moment(value)
    is_only_one = [date for date in _DATES if dict.get(entry, date)] == [name]
    if is_only_one and moment is not None and moment.year >= EARLIEST.year and moment <= seen:
        yield Checked("date", moment, item.published)


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(time.struct_time(value)), UTC)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None


def _plain(value: object, limit: int, *, lines: bool = False) -> tuple[str, ...]:
    """Return the plain text of what is expected, as markup and as text: the expression does not say which it is."""
    return tuple(plain(str(value), limit=limit, markup=markup, lines=lines) for markup in (True, None, False))


def _languages(entry: Any) -> set[str]:
    parts = [entry.get("title_detail"), entry.get("summary_detail"), *entry.get("content", ())]
    return {primary_language(part.get("language")) or "" for part in parts if part} or {""}
