"""Curated seeds: a TOML file, with the article it rests on beside it."""

import hashlib
import tomllib
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec

from tracker.domain.claims import Claim, Evidence, Status
from tracker.domain.extraction import read_claim
from tracker.domain.quantity import Quantity, quantities
from tracker.domain.when import When, whens
from tracker.errors import SeedError
from tracker.ports.seeds import Seed, SeedFeed

SCHEMA = 1


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class _Span(_Strict, frozen=True):
    start: int
    end: int


class _Story(_Strict, frozen=True):
    id: str
    title: str
    language: str = "en"
    as_of: Any = None
    article: str | None = None


class _Claim(_Strict, frozen=True):
    id: str
    text: str
    attributed_to: str | None = None
    status: Status | None = None
    quantities: list[str] | None = None
    when: list[str] | None = None
    polarity: bool | None = None
    evidence: _Span | None = None


class _Feed(_Strict, frozen=True):
    url: str
    name: str | None = None
    article: bool = False


class _File(_Strict, frozen=True):
    schema: int
    story: _Story
    claim: list[_Claim]
    feed: list[_Feed] = []


def load_seed(path: Path) -> Seed:
    """Return the story that a seed file describes.

    Raises SeedError, in one line that names the file and the place in it, when it cannot be read, is not of this
    schema, repeats a claim id, or cites characters outside its document.
    """
    raw = _parse(path)
    article = _article(path, raw.story.article)
    as_of = _moment(path, raw.story.as_of)
    _refuse_repeats(path, raw.claim)
    return Seed(
        id=raw.story.id,
        title=raw.story.title,
        language=raw.story.language,
        as_of=as_of,
        document=raw.story.article,
        document_sha256=hashlib.sha256(article).hexdigest() if article is not None else None,
        claims=tuple(_claim(path, claim, raw.story.article, article, as_of) for claim in raw.claim),
        feeds=tuple(SeedFeed(feed.url, feed.name, feed.article) for feed in raw.feed),
    )


def _parse(path: Path) -> _File:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SeedError(f"seed {path}: {error.strerror or 'cannot be read'}") from error
    except UnicodeDecodeError as error:
        raise SeedError(f"seed {path}: not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise SeedError(f"seed {path}: {error}") from error
    if table.get("schema") != SCHEMA:
        raise SeedError(f"seed {path}: schema = {SCHEMA} is expected, found {table.get('schema')!r}")
    return _typed(path, table)


def _typed(path: Path, table: dict[str, Any]) -> _File:
    try:
        raw = msgspec.convert(table, _File)
    except msgspec.ValidationError as error:
        raise SeedError(f"seed {path}: {error}") from error
    if not raw.claim:
        raise SeedError(f"seed {path}: it has no [[claim]]")
    blank = [claim.id for claim in raw.claim if not claim.id.strip() or not claim.text.strip()]
    if blank or not raw.story.id.strip() or not raw.story.title.strip():
        raise SeedError(f"seed {path}: ids, titles and texts must not be empty")
    for words in (raw.story.id, raw.story.title, *(claim.id for claim in raw.claim)):
        if any(unicodedata.category(character).startswith("C") for character in words):
            raise SeedError(f"seed {path}: ids and titles hold no control or format characters, found {words!a}")
    return raw


def _article(path: Path, name: str | None) -> bytes | None:
    if name is None:
        return None
    try:
        return (path.parent / name).read_bytes()
    except OSError as error:
        raise SeedError(f"seed {path}: article {name}: {error.strerror or 'cannot be read'}") from error
    except ValueError as error:
        raise SeedError(f"seed {path}: article {name!a} is no name of a file") from error


def _moment(path: Path, value: Any) -> datetime | None:
    """Return TOML's date or date-time as a moment in UTC; its own type, since msgspec takes one of the two only."""
    if value is None:
        return None
    if isinstance(value, datetime):
        try:
            return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        except OverflowError as error:
            raise SeedError(f"seed {path}: as_of is no time between the years 1 and 9999 in UTC") from error
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    raise SeedError(f"seed {path}: as_of is a date or a time in TOML, without quotes, found {value!r}")


def _refuse_repeats(path: Path, claims: list[_Claim]) -> None:
    seen: set[str] = set()
    for claim in claims:
        if claim.id in seen:
            raise SeedError(f"seed {path}: the claim id {claim.id} is there twice")
        seen.add(claim.id)


def _claim(path: Path, raw: _Claim, document: str | None, article: bytes | None, as_of: datetime | None) -> Claim:
    published = as_of.date() if as_of else None
    claim = read_claim(
        raw.id,
        raw.text,
        attributed_to=raw.attributed_to,
        published=published,
        evidence=_evidence(path, raw, document, article),
        status=raw.status,
        quantities=None if raw.quantities is None else _quantities(path, raw),
        dates=None if raw.when is None else _dates(path, raw, published),
    )
    return claim if raw.polarity is None else replace(claim, polarity=raw.polarity)


def _evidence(path: Path, raw: _Claim, document: str | None, article: bytes | None) -> Evidence | None:
    if raw.evidence is None:
        return None
    if document is None or article is None:
        raise SeedError(f"seed {path}: claim {raw.id} cites a document, but [story] names no article")
    try:
        text = article.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SeedError(f"seed {path}: article {document}: not UTF-8 text") from error
    start, end = raw.evidence.start, raw.evidence.end
    if not 0 <= start < end <= len(text):
        raise SeedError(
            f"seed {path}: claim {raw.id} cites characters {start} to {end} of {document}, which has {len(text)}"
        )
    return Evidence(document, start, end, text[start:end])


def _quantities(path: Path, raw: _Claim) -> tuple[Quantity, ...]:
    found = tuple(quantity for phrase in raw.quantities or () for quantity in quantities(phrase))
    if raw.quantities and not found:
        raise SeedError(f"seed {path}: claim {raw.id}: no quantity can be read in {raw.quantities}")
    return found


def _dates(path: Path, raw: _Claim, published: date | None) -> tuple[When, ...]:
    found = tuple(when for phrase in raw.when or () for when in whens(phrase, published))
    if raw.when and not found:
        raise SeedError(f"seed {path}: claim {raw.id}: no date can be read in {raw.when}")
    return found
