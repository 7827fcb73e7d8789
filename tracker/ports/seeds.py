"""What a story is opened from."""

from dataclasses import dataclass
from datetime import datetime

from tracker.domain.claims import Claim
from tracker.domain.extraction import LeftOut


@dataclass(frozen=True, slots=True)
class SeedFeed:
    """A source that the seed proposes. `article`: the page of each entry is read for its text as well.

    It says nothing else of how it is asked: a seed may come from anybody, and names no secrets of this machine.
    """

    url: str
    name: str | None
    article: bool = False


@dataclass(frozen=True, slots=True)
class Seed:
    """A story as it stands at the start. `document` names the article, `document_sha256` digests its bytes.

    `source` is who stands behind its words, `published` when they were published; None where it does not say.
    `left_out` holds what was read in an article and not tracked, with the reasons; empty for a curated seed.
    """

    id: str
    title: str
    language: str
    as_of: datetime | None
    document: str | None
    document_sha256: str | None
    claims: tuple[Claim, ...]
    feeds: tuple[SeedFeed, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    source: str | None = None
    published: datetime | None = None
