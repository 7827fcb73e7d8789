"""Stories and streams of entries to time the judge on: recorded cases, news of a labelled set, or made up."""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tracker.adapters.seeds import load_seed
from tracker.domain.claims import Claim
from tracker.domain.entry import Entry
from tracker.domain.events import ClaimTracked, NewEvent, Recorded, StoryOpened
from tracker.domain.extraction import read_claim
from tracker.domain.story import Story, evolve
from tracker.domain.text import sentences
from tracker.domain.words import bag

START = datetime(2031, 3, 1, tzinfo=UTC)
CLAIMS = 20
SHARE = 0.05
"""Share of a stream that belongs to the story."""
_FEWEST = 8  # sentences of a body that makes a story

_KINDS = sorted(
    bag(
        "ferry dam bridge strike vaccine election reactor refinery merger glacier satellite festival museum railway "
        "reservoir orchestra tunnel harbour wildfire stadium"
    )
)
_DEEDS = (
    "{who} said the {kind} in {where} cost {n} million euros",
    "Inspectors found {n} faults at the {kind} in {where}",
    "{who} plans to reopen the {kind} on {day} May",
    "At least {n} people were hurt near the {kind} of {where}",
    "The council of {where} voted {n} to 12 for a new {kind}",
    "{who} denied that the {kind} was unsafe",
    "A court in {where} postponed the case against {who} to {day} June",
    "{who} hired {n} engineers to repair the {kind}",
    "Residents of {where} asked {who} for {n} thousand dollars in damages",
    "The minister promised {where} {n} buses while the {kind} is closed",
)
_SOUNDS = sorted(bag("ba den dor fal gri hol jun kar lem mov nar ost pel quin rav sil tum ulv wes yar zel"))


@dataclass(frozen=True)
class Stream:
    """A story, entries of which about one in twenty belongs to it, and where they are from."""

    story: Story
    entries: Sequence[Entry]
    origin: str


def opened(story: str, title: str, claims: Sequence[Claim]) -> Story:
    """A story as its seed opens it."""
    events = [StoryOpened(story, title, "en", None, None, START), *(ClaimTracked(claim, "seed") for claim in claims)]
    told = evolve(None, [_recorded(event, at, START, str(at)) for at, event in enumerate(events, 1)])
    assert told is not None
    return told


def after(story: Story, events: Sequence[NewEvent], at: datetime) -> Story:
    """The story when the events are recorded."""
    told = evolve(story, [_recorded(new.event, story.version + n, at, new.id) for n, new in enumerate(events, 1)])
    assert told is not None
    return told


def _recorded(event: Any, position: int, at: datetime, identity: str) -> Recorded:
    return Recorded(position, "s", position, identity, event, "", None, None, at, "")


def _mixed(related: Sequence[Entry], others: Sequence[Entry], size: int) -> list[Entry]:
    rng = random.Random(1)
    own = list(related[: round(size * SHARE)])
    mixed = own + list(others[: round(len(own) / SHARE) - len(own)])
    rng.shuffle(mixed)
    return mixed


def of_cases(cases: Path, size: int) -> Stream:
    """The first case with twenty claims; what belongs to it among items of all cases that do not."""
    names = sorted(folder.name for folder in cases.iterdir() if (folder / "seed.toml").exists())
    seeds = {name: load_seed(cases / name / "seed.toml") for name in names}
    name = max(names, key=lambda name: len(seeds[name].claims))
    gold = {row["id"]: row["relevant"] for other in names for row in _lines(cases / other / "gold.jsonl")}
    items = {other: list(_lines(cases / other / "items.jsonl")) for other in names}
    own = [_item(item) for item in items[name] if gold[item["id"]] == "yes"]
    rest = [_item(item) for other in names for item in items[other] if gold[item["id"]] == "no" or other != name]
    random.Random(2).shuffle(rest)
    story = opened(name, seeds[name].title, seeds[name].claims[:CLAIMS])
    return Stream(story, _mixed(own, rest, min(size, len(rest))), f"case {name} among items of {len(names)} cases")


def _item(item: dict[str, Any]) -> Entry:
    at = datetime.fromisoformat(item["published"]).astimezone(UTC)
    return Entry(item["id"], item["title"], item["summary"], at, item["url"], item["publisher"], at, item["lang"])


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    opening = gzip.open if path.suffix == ".gz" else open
    with opening(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def of_news(data: Path, count: int, most: int = CLAIMS) -> list[Story]:
    """Bodies of FNC-1, one story each: the first sentence is its title, the next `most` at most are its claims."""
    stories: list[Story] = []
    for row in _lines(data / "fnc1_train_bodies.jsonl.gz"):
        found = [s.text for s in sentences(row["body"]) if 40 <= len(s.text) <= 300]
        if len(found) > _FEWEST and len(stories) < count:
            claims = [read_claim(f"C{at}", text) for at, text in enumerate(found[1 : most + 1])]
            stories.append(opened(f"news-{len(stories)}", found[0][:80], claims))
    return stories


def made(count: int) -> list[Story]:
    """Stories of made-up places and persons: each has names of its own, kinds and deeds are shared."""
    return [opened(f"made-{at}", *_made(at)) for at in range(count)]


def _made(number: int) -> tuple[str, list[Claim]]:
    texts = [_sentence(number, at) for at in range(CLAIMS)]
    kind, where, _ = _subject(number)
    return f"The {kind} of {where}", [read_claim(f"C{at}", text) for at, text in enumerate(texts)]


def _subject(number: int) -> tuple[str, str, str]:
    rng = random.Random(number)
    where, who = ("".join(rng.sample(_SOUNDS, 3)).capitalize() for _ in range(2))
    return rng.choice(_KINDS), where, who


def _sentence(number: int, at: int) -> str:
    kind, where, who = _subject(number)
    rng = random.Random(number * 1000 + at)
    deed = _DEEDS[at % len(_DEEDS)]
    return deed.format(kind=kind, where=where, who=who, n=rng.randint(20, 900), day=rng.randint(2, 28))


def made_entries(first: int, count: int, *, a_story: int = 1) -> list[Entry]:
    """Entries on made-up subjects from number `first` on, so many of each."""
    return [
        Entry(
            f"e{number}-{at}", _sentence(number, 40 + at), f"{_sentence(number, 60 + at)}.", START + timedelta(days=2)
        )
        for number in range(first, first + count)
        for at in range(a_story)
    ]


def of_made(size: int) -> Stream:
    """A made-up story, entries on it, and entries on other made-up subjects."""
    (story,) = made(1)
    own = made_entries(0, 1, a_story=round(size * SHARE))
    return Stream(story, _mixed(own, made_entries(5_000, size), size), "made-up stories")
