"""What an entry of no story costs with 10, 100 and 1,000 stories followed: the judge alone, and with the database.

    python -m benchmarks.judge_many [--cases CASES_DIR] [--data DATA_DIR] [--entries 40] [--stories 10 100 1000]

The stories are bodies of FNC-1 with --data, of eight claims at most, else made up; the entries are of the recorded
cases with --cases, else made up, and next to none belongs to any story. Titles and claims are encoded before, once, as
they are in a daemon that runs. The judge of a row never saw the entries: it is handed half of them alone, and then the
other half with a database (a SQLite file, or --database URL, empty), where one turn judges them for all stories.
`clock` is what a person waits there, with what the disk takes; all other times are of the processor. The archive keeps
a row of each entry for each story, which grows with the stories by design; `of it rows` is the share of the clock
that writing as many rows alone takes. `encoding` is the part of the judge's time that the encoder takes: once for each
entry, if any story shares enough with it, which hardly any of 10 stories does and nearly always one of 1,000.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from benchmarks.judge_stream import made, made_entries, of_cases, of_news
from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.application.judge_entries import judge_pending
from tracker.application.stories import open_story
from tracker.bootstrap import App
from tracker.config import Database, Settings
from tracker.domain.entry import Entry
from tracker.domain.story import Story
from tracker.domain.words import STOP, tokens
from tracker.judging.judge import Judge, Verdict
from tracker.judging.outline import seed_texts
from tracker.judging.reading import _worded, in_words
from tracker.ports.archive import Judgement
from tracker.ports.seeds import Seed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Result = TypeVar("Result")
MOST = 5
CLAIMS = 8
"""Claims of a story at most, so that all of them are encoded within a minute or two."""
NOW = datetime(2031, 3, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Warm:
    """An encoder that holds the vectors of what stories say, and remembers what it is asked for, as a daemon's does."""

    inner: MiniLmEncoder
    held: "dict[str, NDArray[np.float32]]"
    met: "dict[str, NDArray[np.float32]]" = field(default_factory=dict)
    spent: list[float] = field(default_factory=list)
    """Seconds of the processor that each computation took."""

    @property
    def version(self) -> str:
        """Name of the encoder."""
        return self.inner.version

    def encode(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return one row for each text; only what no story says is computed."""
        import numpy as np  # noqa: PLC0415 - as in the encoder itself

        missing = [text for text in dict.fromkeys(texts) if text not in self.held and text not in self.met]
        if missing:
            vectors, seconds, _ = timed(lambda: self.inner.encode(missing))
            self.met.update(zip(missing, vectors, strict=True))
            self.spent.append(seconds)
        return np.stack([self.held[text] if text in self.held else self.met[text] for text in texts])


def warm(stories: Sequence[Story]) -> Warm:
    """Encode titles and claims, and each of their words."""
    encoder = MiniLmEncoder(remembered=0)
    lines = [text for story in stories for text in seed_texts(story)]
    words = {word for line in lines for word in tokens(line) if word not in STOP}
    texts = sorted({*lines, *words}, key=len)
    rows = (encoder.encode(texts[at : at + 512]) for at in range(0, len(texts), 512))
    return Warm(encoder, dict(zip(texts, (row for some in rows for row in some), strict=True)))


def timed(work: Callable[[], Result]) -> tuple[Result, float, float]:
    """What the work returns, and the seconds of processor and of clock that it took."""
    start, begun = time.process_time(), time.perf_counter()
    result = work()
    return result, time.process_time() - start, time.perf_counter() - begun


def alone(judge: Judge, entries: Sequence[Entry], stories: Sequence[Story]) -> Iterator[Verdict]:
    """Every entry judged for every story, nothing recorded."""
    return (judge.judge(entry, story) for entry in entries for story in stories)


def fresh(encoder: Warm, stories: Sequence[Story]) -> Judge:
    """A judge that has looked at every story, and at no entry; what it reads first is left out of the figures."""
    for remembered in (_worded, in_words):
        remembered.cache_clear()
    judge = Judge(encoder)  # what belongs nowhere needs no pair model
    look(judge, stories)
    return judge


def look(judge: Judge, stories: Sequence[Story]) -> None:
    """Let a judge read each story, by an entry that says its title and nothing else."""
    entry = made_entries(9_000, 1)[0]
    for story in stories:
        judge.judge(replace(entry, title=story.title, summary="", url=None), story)


def opened(url: str, stories: Sequence[Story], entries: Sequence[Entry]) -> App:
    """A database with the stories followed, and the entries pending for each."""
    app = App(Settings(database=Database(url=url)), lambda: NOW)
    for story in stories:
        claims = tuple(claim.original for claim in story.claims.values())
        open_story(
            app.log, Seed(story.id, story.title, "en", NOW - timedelta(days=30), None, None, claims), "benchmark"
        )
    app.archive.keep("f", entries, baseline=[False] * len(entries), seen=NOW)
    return app


def recorded(app: App, judge: Judge) -> Callable[[], int]:
    """What judges all that is pending, and counts it; each story is folded and read, as in a daemon that runs."""
    room = replace(app.newsroom(), judge=judge)
    look(judge, [story for id_ in room.shelf.followed() if (story := room.shelf.story(id_))])
    return lambda: sum(1 for _ in judge_pending(room))


def rows(app: App, stories: Sequence[Story], entries: Sequence[Entry]) -> Callable[[], object]:
    """What writes a judgement of each entry for each story anew, in one transaction."""
    told = [
        Judgement(story.id, entry.id, entry.version, False, 0.1, "shares nothing telling with the story", "judge", NOW)
        for entry in entries
        for story in stories
    ]
    return lambda: app.archive.judged(*told)


def row(encoder: Warm, stories: Sequence[Story], entries: Sequence[Entry], url: str) -> tuple[float, ...]:
    """Milliseconds an entry: judge, of it encoding, with the database (processor, clock), the rows alone (clock)."""
    half, encoder = len(entries) // 2, replace(encoder, met={}, spent=[])
    judge, first, entries = fresh(encoder, stories), entries[:half], entries[half : 2 * half]
    encoder.spent.clear()
    _, judging, _ = timed(lambda: list(alone(judge, first, stories)))
    encoding = sum(encoder.spent)
    app = opened(url, stories, entries)
    count, both, clock = timed(recorded(app, judge))
    assert count == len(entries) * len(stories), "each entry is judged once for each story"
    _, _, writing = timed(rows(app, stories, entries))
    app.close()
    return tuple(seconds / len(entries) * 1e3 for seconds in (judging, encoding, both, clock, writing))


def many(stories: Sequence[Story], entries: Sequence[Entry], counts: Sequence[int], url: str | None) -> None:
    """Print the table."""
    encoder = warm(stories)
    print("milliseconds an entry   judge alone          encoding   with the database    clock   of it rows")
    first: tuple[float, ...] = ()
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            told = row(encoder, stories[:count], entries, url or f"sqlite:///{folder}/tracker.db")
        first = first or told
        judging, encoding, both, clock, writing = told
        print(
            f"{count:6} stories {judging:15.2f} {judging / first[0]:5.1f} x {encoding:10.2f}"
            f" {both:15.2f} {both / first[2]:5.1f} x {clock:11.2f} {writing / clock:8.0%}  (goal {MOST} x)"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--database")
    parser.add_argument("--entries", type=int, default=40)
    parser.add_argument("--stories", type=int, nargs="+", default=[10, 100, 1000])
    given = parser.parse_args()
    stories = of_news(given.data, max(given.stories), CLAIMS) if given.data else made(max(given.stories))
    entries = of_cases(given.cases, 400).entries[: given.entries] if given.cases else made_entries(5_000, given.entries)
    many(stories, entries, given.stories, given.database)


if __name__ == "__main__":
    main()
