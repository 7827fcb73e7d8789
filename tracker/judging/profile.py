"""What the judge knows of a story, read for comparing: its claims as they stand, and the entries that belong to it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from tracker.domain.erasure import ERASED
from tracker.domain.story import KnownEntry, Story
from tracker.domain.tracked import TrackedClaim
from tracker.judging.background import weight
from tracker.judging.outline import Outline, newest, outline_of, seed_texts, standing
from tracker.judging.reading import Line, Reader, Reading, Seed, Words

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ClaimRead:
    """A claim in the words it was tracked in, and in those of the sentences that changed it, newest last."""

    id: str
    original: Line
    later: tuple[Line, ...]
    tracked: TrackedClaim | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every wording that the claim is known by."""
        return (self.original, *self.later)

    @property
    def founded(self) -> bool:
        """Say whether an entry founded it, and neither a seed nor a person."""
        return self.tracked is not None and self.tracked.entry is not None


@dataclass(frozen=True, slots=True)
class KnownRead:
    """An entry of the story as read."""

    reading: Reading
    entry: KnownEntry | None = None

    @property
    def moment(self) -> datetime | None:
        """When the entry speaks."""
        if self.entry is None:
            return None
        return min(self.entry.ref.published or self.entry.seen, self.entry.seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile(Outline):
    """A story as read.

    `spoken` are the words of title and claims, `claim_words` where among them each claim's words stand.
    """

    claims: tuple[ClaimRead, ...]
    known: tuple[KnownRead, ...]
    spoken: Words
    claim_words: tuple[tuple["NDArray[np.int_]", "NDArray[np.float32]"], ...]
    seed: Seed
    known_vectors: "NDArray[np.float32]"


def profile_of(story: Story, reader: Reader) -> Profile:
    """Return the profile of a story without withdrawn claims, erased words, and all but the newest entries."""
    title, *originals = reader.seed_lines(seed_texts(story))
    claims = [
        ClaimRead(claim.original.id, original, reader.lines(_wordings(claim)), claim)
        for claim, original in zip(standing(story), originals, strict=True)
    ]
    known = [KnownRead(reader.read(entry.ref, aloud=False), entry) for entry in newest(story)]
    return assemble(title, claims, known, reader)


def _wordings(claim: TrackedClaim) -> list[str]:
    """The sentences that gave the claim another value or status; what says something further may be of others."""
    moved = (step for step in claim.steps if step.says and step.finding.field)
    said = (step.finding.sentence for step in moved)
    return list(dict.fromkeys(sentence for sentence in said if sentence != ERASED))


def assemble(title: Line, claims: Sequence[ClaimRead], known: Sequence[KnownRead], reader: Reader) -> Profile:
    """Return the profile of a title, claims and entries that are read already."""
    seed = [title, *(claim.original for claim in claims)]
    outline = outline_of(seed, [entry.reading for entry in known])
    lines = [line.vector for entry in known for line in entry.reading.lines]
    spoken = reader.words(" ".join(line.text for line in seed))
    return Profile(
        **{field.name: getattr(outline, field.name) for field in fields(outline)},
        claims=tuple(claims),
        known=tuple(known),
        spoken=spoken,
        claim_words=_claim_words(spoken, claims),
        seed=reader.seed(tuple(line.text for line in seed)),
        known_vectors=np.stack(lines) if lines else np.zeros((0, len(title.vector)), dtype=np.float32),
    )


def _claim_words(
    spoken: Words, claims: Sequence[ClaimRead]
) -> tuple[tuple["NDArray[np.int_]", "NDArray[np.float32]"], ...]:
    """Return for each claim where its words stand among the seed's, and how well each tells the claims apart."""
    counts = Counter(word for claim in claims for word in claim.original.words)
    out = []
    for claim in claims:
        places = [at for at, stem in enumerate(spoken.stems) if stem in claim.original.words]
        worth = [weight(spoken.stems[at]) / counts[spoken.stems[at]] ** 0.5 for at in places]
        if places:
            out.append((np.array(places), np.array(worth, dtype=np.float32)))
    return tuple(out)
