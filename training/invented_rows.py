"""Rows for the judge's regressions from the invented stories, whole stories to one part."""

import random
from collections.abc import Iterator, Sequence

from invented_stories import Item, Story, stories
from judge_rows import Row, address
from rows import part

from tracker.domain.entry import Entry
from tracker.judging import happening, linking, relevance
from tracker.judging.profile import ClaimRead, KnownRead, assemble
from tracker.judging.reading import Line, Reader, Reading

NOISE = 40
"""Reports of other stories mixed into each, as many as a busy feed has."""

MAY = 0.3
"""Weight of a link that only some careful readers would make."""


def place(story: Story) -> str:
    """The part that a story goes to, by its name."""
    return part(f"invented:{story.slug}")


def relevance_rows(reader: Reader, *, seed: int = 0) -> Iterator[Row]:
    """Its reports, those near it that do not belong, and reports of other stories, in order of time."""
    rng, found = random.Random(seed), list(stories())
    for story in found:
        others = [item for other in found if other is not story and place(other) == place(story) for item in other.items]
        noise = rng.sample(others, min(NOISE, len(others)))
        stream = [(item, "own" if item.relevant else "hard") for item in story.items]
        for item in noise:
            stream.insert(rng.randint(0, len(stream)), (item, "easy"))
        title, claims = _opened(story, reader)
        known: list[KnownRead] = []
        for item, kind in stream:
            reading = reader.read(entry(rng, item))
            values = relevance.features(reading, assemble(title, claims, known, reader))
            yield Row(place(story), kind == "own", 1.0, values)
            if rng.random() < {"own": 0.85, "hard": 0.1, "easy": 0.0}[kind]:
                known.append(KnownRead(reading))


def linking_rows(reader: Reader, *, seed: int = 1) -> Iterator[Row]:
    """Every claim against the line of a report that is nearest to it in meaning."""
    rng = random.Random(seed)
    for story in stories():
        _, claims = _opened(story, reader)
        words = linking.telling(claims)
        for item in story.items:
            links = {link.claim: link for link in item.links}
            if not item.relevant:
                continue
            lines = reader.read(entry(rng, item, addressed=False)).lines
            told = [linking.features(line, claims, words, reader) for line in lines]
            for at, claim in enumerate(claims):
                values = max((line[at] for line in told), key=_nearness)
                link = links.get(claim.id)
                yield Row(place(story), link is not None, 1.0 if link is None or link.must else MAY, values)


def happening_rows(reader: Reader, *, seed: int = 3) -> Iterator[Row]:
    """Every pair of reports of a story's happenings within six days."""
    rng = random.Random(seed)
    for story in stories():
        title, claims = _opened(story, reader)
        read: list[tuple[Item, Reading]] = []
        for item in story.items:
            if not item.event:
                continue
            reading = reader.read(entry(rng, item))
            rare = happening.rarity(assemble(title, claims, [KnownRead(other) for _, other in read], reader))
            for other, known in read:
                if (item.published - other.published).days < happening.MOST_DAYS:
                    yield Row(place(story), item.event == other.event, 1.0, happening.features(reading, known, rare))
            read.append((item, reading))


def entry(rng: random.Random, item: Item, *, addressed: bool = True) -> Entry:
    """The item as an entry; every other one has an address that holds its headline."""
    url = address(item.title) if addressed and rng.random() < 0.5 else None  # noqa: PLR2004 - every other one
    return Entry("e", item.title, item.summary, item.published, url=url)


def _opened(story: Story, reader: Reader) -> tuple[Line, Sequence[ClaimRead]]:
    title, *claims = reader.lines([story.title, *(text for _, text in story.claims)])
    names = [name for name, _ in story.claims]
    return title, [ClaimRead(name, line, ()) for name, line in zip(names, claims, strict=True)]


def _nearness(values: dict[str, float]) -> float:
    return values["meaning"] + values["the claim's words met in meaning"]
