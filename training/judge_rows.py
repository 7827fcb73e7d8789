"""Training rows for the judge's three regressions, from surrogate stories; no replay case is read."""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rows import part, plain, read
from stories import Topic, topics

from tracker.domain.entry import Entry
from tracker.domain.text import names, sentences
from tracker.judging import happening, linking, relevance
from tracker.judging.profile import ClaimRead, KnownRead, assemble
from tracker.judging.reading import Reader

NOW = datetime(2024, 1, 1, tzinfo=UTC)
PAGES = 450
DEEP = 0.2
"""Share of items that are a sentence from far down a body and share a name with its headline: how a story drifts."""


class Row(NamedTuple):
    """One example: the part of the data it belongs to, whether it is positive, its weight, its features."""

    part: str
    positive: bool
    weight: float
    values: dict[str, float]


def _address(headline: str) -> str:
    return "https://news.example/" + "-".join(re.findall(r"[a-z0-9]+", headline.lower()))


def _cut(rng: random.Random, text: str, least: int, most: int) -> str:
    return " ".join(text.split()[: rng.randint(least, most)])


def item(rng: random.Random, headline: str, body: str) -> Entry:
    """An entry as feeds carry one: headline and lead, one of both, a cut sentence, or a sentence from far down."""
    found = [s.text for s in sentences(body)]
    lead = [s for s in found[:10] if 30 <= len(s) <= 320] or found[:1] or [headline]
    deep = [s for s in found[2:20] if 40 <= len(s) <= 240 and names(s) & names(headline)]
    if deep and rng.random() < DEEP:
        text = rng.choice(deep)
        text = _cut(rng, text, 8, 16) if rng.random() < 0.5 else text
        return Entry("e", text, "", NOW, url=_address(headline) if rng.random() < 0.25 else None)
    url = _address(headline) if rng.random() < 0.5 else None
    kind = rng.random()
    if kind < 0.35:
        title, summary = headline, lead[0]
    elif kind < 0.5:
        title, summary = headline, ""
    elif kind < 0.7:
        title, summary = rng.choice(lead[:4]), ""
    elif kind < 0.85:
        summary = rng.choice(lead)
        title = _cut(rng, summary, 5, 14)
    else:
        title, summary = headline, " ".join(lead[:2])
    return Entry("e", title, summary, NOW, url=url)


def _related(found: Sequence[Topic]) -> list[tuple[int, str, str]]:
    """(topic, headline, body), each body with a headline of its topic."""
    return [
        (number, topic.headlines[at % len(topic.headlines)], body)
        for number, topic in enumerate(found)
        for at, body in enumerate(topic.bodies)
    ]


class Corpus(NamedTuple):
    """All (topic, headline, body), the headlines' vectors, and sentences that are no news."""

    pairs: list[tuple[int, str, str]]
    vectors: "np.ndarray[tuple[int, int], np.dtype[np.float32]]"
    general: list[str]


def relevance_rows(folder: Path, reader: Reader, *, seed: int = 0, repeats: int = 2) -> Iterator[Row]:
    """A topic is a story: leading sentences of one body are its claims, other bodies its entries.

    Not of the story are the ten nearest headlines of other topics (weight 0.3: in a real feed they are rare), twelve
    random ones and ten sentences of no news (weight 3). Entries that belong are known from then on, four in five.
    """
    rng = random.Random(seed)
    found = topics(folder)
    pairs = _related(found)
    general = [plain(row["evidence"]) for row in read(folder, "vitaminc_real_train")[::7]]
    general += [row["text"] for row in read(folder, "factuality_uds_ih2_train")[::5]]
    vectors = np.stack([line.vector for line in reader.lines([pair[1] for pair in pairs])])
    corpus = Corpus(pairs, vectors, general)
    for number, topic in enumerate(found):
        for _ in range(repeats if len(topic.bodies) >= 4 else 0):
            own = [pair for pair in pairs if pair[0] == number]
            rng.shuffle(own)
            yield from _stream(rng, reader, topic.part, own, corpus)


def _stream(
    rng: random.Random, reader: Reader, place: str, own: list[tuple[int, str, str]], corpus: Corpus
) -> Iterator[Row]:
    number, headline, body = own[0]
    lead = [s.text for s in sentences(body) if 40 <= len(s.text) <= 300][: rng.randint(3, 12)]
    if len(lead) < 3:
        return
    claims = [ClaimRead(f"C{at}", line, ()) for at, line in enumerate(reader.lines(lead))]
    title = reader.lines([_cut(rng, headline, 5, 5) if rng.random() < 0.5 else headline])[0]
    others = [pair for pair in corpus.pairs if pair[0] != number]
    stream = [(item(rng, pair[1], pair[2]), "own") for pair in own[1:10]]
    stream += [(item(rng, pair[1], pair[2]), "hard") for pair in _nearest(rng, reader, own[0], corpus)]
    stream += [(item(rng, pair[1], pair[2]), "easy") for pair in rng.sample(others, 12)]
    stream += [(Entry("e", text, "", NOW), "easy") for text in rng.sample(corpus.general, 10)]
    rng.shuffle(stream)
    known: list[KnownRead] = []
    for entry, kind in stream:
        reading = reader.read(entry)
        values = relevance.features(reading, assemble(title, claims, known, reader))
        yield Row(place, kind == "own", {"own": 1.0, "hard": 0.3, "easy": 3.0}[kind], values)
        if rng.random() < {"own": 0.8, "hard": 0.03, "easy": 0.0}[kind]:
            known.append(KnownRead(reading))


def _nearest(
    rng: random.Random, reader: Reader, to: tuple[int, str, str], corpus: Corpus
) -> list[tuple[int, str, str]]:
    order = np.argsort(-(corpus.vectors @ reader.lines([to[1]])[0].vector))
    chosen: list[tuple[int, str, str]] = []
    seen: set[int] = set()
    for at in order:
        pair = corpus.pairs[int(at)]
        if pair[0] == to[0] or (pair[0] in seen and rng.random() < 0.6):
            continue
        seen.add(pair[0])
        chosen.append(pair)
        if len(chosen) == 10:
            break
    return chosen


def happening_rows(folder: Path, reader: Reader, *, seed: int = 3) -> Iterator[Row]:
    """Three neighbouring topics are one story with three happenings: five reports each, every pair an example."""
    rng = random.Random(seed)
    found = topics(folder)
    vectors = np.stack([reader.lines([topic.headlines[0]])[0].vector for topic in found])
    for number, topic in enumerate(found):
        if len(topic.bodies) < 3:
            continue
        near = [int(at) for at in np.argsort(-(vectors @ vectors[number])) if at != number][:3]
        group = [number, *[at for at in near if found[at].part == topic.part][:2]]
        reports = []
        for at in group:
            bodies = list(range(len(found[at].bodies)))
            rng.shuffle(bodies)
            heads = found[at].headlines
            reports += [(at, reader.read(item(rng, heads[b % len(heads)], found[at].bodies[b]))) for b in bodies[:5]]
        rng.shuffle(reports)
        seeds = reader.lines([found[at].headlines[-1] for at in group])
        claims = [ClaimRead(str(at), line, ()) for at, line in enumerate(seeds)]
        for at, (own, reading) in enumerate(reports[1:], 1):
            known = [KnownRead(other) for _, other in reports[:at]]
            rare = happening.rarity(assemble(seeds[0], claims, known, reader))
            for other, entry in reports[:at]:
                yield Row(topic.part, own == other, 1.0, happening.features(reading, entry, rare))


def linking_rows(folder: Path, reader: Reader, *, seed: int = 1) -> Iterator[Row]:
    """A page of VitaminC is a story, claims on different facts of it are tracked, its evidence is what reports say.

    Evidence that supports or refutes a claim bears on it. Two in five lines join two pieces of evidence, as news does.
    """
    rng = random.Random(seed)
    pages: dict[str, dict[str, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for name in ("vitaminc_real_train", "vitaminc_synthetic"):
        for row in read(folder, name):
            pages[row["page"]][row.get("case") or row["id"]].append(row)
    order = sorted(page for page, cases in pages.items() if len(cases) >= 4)
    rng.shuffle(order)
    for page in order[:PAGES]:
        facts = _facts(rng, reader, pages[page])
        if len(facts) >= 4:
            yield from _page(rng, reader, part(page), facts[: rng.randint(4, 14)])


def _facts(rng: random.Random, reader: Reader, cases: dict[str, list[dict[str, str]]]) -> list[tuple[str, list[str]]]:
    facts: list[tuple[str, list[str]]] = []
    vectors: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []
    for case in sorted(cases):
        told = [row for row in cases[case] if row["label"] != "NOT ENOUGH INFO"]
        if not told or len(facts) >= 20:
            continue
        raw = rng.choice(told)["claim"]
        vector = reader.lines([plain(raw)])[0].vector
        if not any(float(vector @ other) > 0.72 for other in vectors):
            facts.append((plain(raw), [plain(row["evidence"]) for row in told if row["claim"] == raw]))
            vectors.append(vector)
    return facts


def _page(rng: random.Random, reader: Reader, place: str, facts: list[tuple[str, list[str]]]) -> Iterator[Row]:
    claims = [ClaimRead(str(at), line, ()) for at, line in enumerate(reader.lines([fact[0] for fact in facts]))]
    beside = linking.Claims(claims, reader)
    for at, (_, evidence) in enumerate(facts):
        text, own = rng.choice(evidence), {at}
        shared = _holding(text, facts)
        text = _cut(rng, text, 8, 16) if rng.random() < 0.4 else text
        if rng.random() < 0.45:
            other = rng.choice([number for number in range(len(facts)) if number != at])
            more = rng.choice(facts[other][1])
            shared |= _holding(more, facts)
            more = _cut(rng, more, 7, 14) if rng.random() < 0.5 else more
            text, own = f"{text.rstrip('. ')}{rng.choice(['; ', ', ', ' and '])}{more}", {at, other}
        line = reader.lines([text])[0]
        for number, values in enumerate(beside.features(line)):
            if number in own or number not in shared:
                yield Row(place, number in own, 1.0, values)


def _holding(text: str, facts: list[tuple[str, list[str]]]) -> set[int]:
    """The facts that the same sentence of the page is evidence for: neither positive nor negative."""
    return {at for at, fact in enumerate(facts) if any(other[:40] == text[:40] for other in fact[1])}
