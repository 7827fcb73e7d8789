"""Seeds: a curated file, or an article that is read for claims."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from tracker.adapters.feeds.article import Article, read_article
from tracker.adapters.seeds import load_seed
from tracker.domain.extraction import extract
from tracker.domain.ids import slug
from tracker.errors import Died, SeedError, TookTooLong
from tracker.judging.sources import UNKNOWN, source_in
from tracker.ports.http import Answer
from tracker.ports.seeds import Seed

Get = Callable[[str], Answer]
Apart = Callable[..., Article]


def read_seed(
    source: str, get: Get, apart: Apart, today: date, *, story_id: str | None = None, title: str | None = None
) -> Seed:
    """Return the story that a seed file or an article (file or address) describes.

    `apart` calls a function, with the arguments behind it, where a stranger's page cannot hold us up. `today` dates an
    article that bears no date. Raises SeedError when it cannot be read or when nothing in it is worth tracking,
    FetchError for an address.
    """
    curated = source.endswith(".toml")
    seed = load_seed(Path(source)) if curated else _from_article(source, get, apart, today, title)
    return replace(seed, id=story_id or seed.id, title=title or seed.title)


def _from_article(source: str, get: Get, apart: Apart, today: date, title: str | None) -> Seed:
    body, content_type = _document(source, get)
    article = _article(body, source, content_type, apart)
    published = article.published or today
    found = extract(source, article.text, published)
    if not found.claims:
        raise SeedError(f"seed {source}: no statement in it is worth tracking")
    name = title or article.title or found.title or found.claims[0].text
    return Seed(
        id=slug(name),
        title=name[:120],
        language=article.language or "en",
        as_of=datetime(published.year, published.month, published.day, tzinfo=UTC),
        document=source,
        document_sha256=hashlib.sha256(body).hexdigest(),
        claims=found.claims,
        left_out=found.left_out,
        source=_source(article),
        published=article.moment,
    )


def _source(article: Article) -> str | None:
    """Return who stands behind an article as if it were an entry of a feed, None where it does not say."""
    source = source_in(article.publisher, article.title or "", article.text)
    return None if source == UNKNOWN else source


def _article(body: bytes, source: str, content_type: str | None, apart: Apart) -> Article:
    if not _is_address(source):
        return read_article(body, source, content_type)
    try:
        return apart(read_article, body, source, content_type)
    except (Died, TookTooLong) as error:
        raise SeedError(f"seed {source}: its text could not be found: {error}") from error


def _is_address(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def _document(source: str, get: Get) -> tuple[bytes, str | None]:
    if _is_address(source):
        answer = get(source)
        if answer.status != 200:  # noqa: PLR2004 - HTTP's own number
            raise SeedError(f"seed {source}: the server answered {answer.status}")
        return answer.body, answer.headers.get("content-type")
    try:
        return Path(source).read_bytes(), None
    except OSError as error:
        raise SeedError(f"seed {source}: {error.strerror or 'cannot be read'}") from error
