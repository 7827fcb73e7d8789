"""Evaluate: recorded cases through the daemon's own cycle, and how often the judge was right, beside simpler rules."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, get_args

from tracker.application.evaluate_case import Case
from tracker.application.newsroom import Newsroom
from tracker.application.replay import SimulatedClock, replay
from tracker.domain.entry import Entry
from tracker.judging.baselines import SIMILAR, Keyword, Similarity, every_relevant
from tracker.judging.judge import Judge, Part
from tracker.judging.models import Encoder
from tracker.judging.resampling import Interval, groups, intervals
from tracker.judging.scoring import Counts, Figures, Marks, Said, counts, figures, mean
from tracker.ports.seeds import Seed

Rehearsal = Callable[[Seed, Judge], AbstractContextManager[tuple[Newsroom, SimulatedClock]]]
"""What opens a newsroom on a fresh database in memory, with a judge and a clock at the beginning of a seed."""
Document = Mapping[str, Any]

GOALS = Marks(relevance=0.95, links=0.80, relation=0.80, news=0.80, duplicates=0.10)
"""What is aimed at, as a mean over stories; of duplicates it is the most."""

SEED = 1
"""Of the resamples: the same cases and verdicts give the same intervals."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one way of judging comes to: on each case in turn, and in the mean. `tally` adds up all the cases."""

    name: str
    cases: tuple[Figures, ...]
    tally: Counts

    @property
    def mean(self) -> Marks:
        """Return the mean over the cases."""
        return mean(one.marks for one in self.cases)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The judge on some cases, simpler rules, and the judge without parts; the last of `intervals` is the mean's."""

    version: str
    cases: tuple[Case, ...]
    judge: Row
    intervals: tuple[Interval, ...]
    baselines: tuple[Row, ...]
    ablations: tuple[Row, ...]


def evaluate(
    cases: Sequence[Case],
    judge: Judge,
    encoder: Encoder,
    rehearsal: Rehearsal,
    progress: Callable[[str], None] = lambda _: None,
) -> Evaluation:
    """Return how a judge fares on cases. `encoder` is for the simpler rules; `progress` is told what is being done."""

    def judged(name: str, by: Judge) -> list[dict[str, Said]]:
        out = []
        for case in cases:
            progress(f"{name}: {case.name}")
            out.append({one["item"]: said_in(one) for one in verdicts(case, by, rehearsal)})
        return out

    said = judged("judge", judge)
    told = [counts(case.gold, one) for case, one in zip(cases, said, strict=True)]
    happenings = [groups(case.gold, one) for case, one in zip(cases, told, strict=True)]
    return Evaluation(
        version=judge.version,
        cases=tuple(cases),
        judge=_row("judge", cases, said),
        intervals=intervals(happenings, seed=SEED),
        baselines=tuple(_baselines(cases, said, encoder)),
        ablations=tuple(
            _row(f"no {part}", cases, judged(f"no {part}", judge.without(part))) for part in get_args(Part)
        ),
    )


def verdicts(case: Case, judge: Judge, rehearsal: Rehearsal) -> Iterator[Document]:
    """Yield the verdict on each item of a case, as `tracker replay` writes it."""
    with rehearsal(case.seed, judge) as (room, clock):
        yield from replay(room, case.seed, case.items, clock)


def said_in(document: Document) -> Said:
    """Return what is scored of a verdict. A claim that is new is no link to a tracked one."""
    links = {one["claim"]: one["relation"] for one in document["findings"] if one["claim"] and one["relation"] != "new"}
    return Said(document["relevant"], document["alert"], links)


def _row(name: str, cases: Sequence[Case], said: Iterable[Mapping[str, Said]]) -> Row:
    tallies = []
    for case, one in zip(cases, said, strict=True):
        tally: Counts = Counter()
        for count in counts(case.gold, one):
            tally.update(count)
        tallies.append(tally)
    return Row(name, tuple(map(figures, tallies)), sum(tallies, Counter()))


def _baselines(cases: Sequence[Case], said: Sequence[Mapping[str, Said]], encoder: Encoder) -> Iterator[Row]:
    yield _row(
        "every relevant entry",
        cases,
        ({item: every_relevant(verdict) for item, verdict in one.items()} for one in said),
    )
    rules: Mapping[str, Callable[[Seed], Callable[[Entry], Said]]] = {
        f"cosine from {SIMILAR:.2f}": lambda seed: Similarity(encoder, [(one.id, one.text) for one in seed.claims]),
        "keyword alert": lambda seed: Keyword([seed.title, *(claim.text for claim in seed.claims)]),
    }
    for name, rule_for in rules.items():
        ruled = [(rule_for(case.seed), case) for case in cases]
        yield _row(name, cases, ({item: rule(entry) for item, entry in case.items} for rule, case in ruled))
