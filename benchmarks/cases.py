"""Replays recorded cases through judge, decision and story fold, in memory, and prints the scores beside baselines.

    python benchmarks/cases.py CASES_DIR [--errors CASE] [--pairs]

The figures are those of `CASES_DIR/score.py`. Baselines: an alert at every entry that names somebody or something of
the story; every entry that the judge takes for relevant; see docs/judge.md.
"""

import argparse
import importlib.util
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.adapters.models.pair import PairModel
from tracker.adapters.seeds import load_seed
from tracker.domain.claims import Relation
from tracker.domain.entry import Entry
from tracker.domain.events import ClaimTracked, Event, Recorded, StoryOpened
from tracker.domain.story import Story, evolve
from tracker.domain.text import names
from tracker.judging.decide import decide
from tracker.judging.judge import Judge, Verdict

CASES = ("instructors-early", "starliner", "boeing-strike", "romania")


@dataclass
class Ledger:
    """A story's stream in memory."""

    story: Story | None = None
    position: int = 0
    events: list[Recorded] = field(default_factory=list)

    def append(self, event: Event, at: datetime, identity: str = "") -> None:
        """Record an event."""
        self.position += 1
        recorded = Recorded(
            self.position, "s", self.position, identity or str(self.position), event, "", None, None, at, ""
        )
        self.events.append(recorded)
        self.story = evolve(self.story, [recorded])


def entries(case: Path) -> Iterator[tuple[dict[str, Any], Entry]]:
    """The items of a case, as they are and as entries."""
    for line in (case / "items.jsonl").open(encoding="utf-8"):
        item = json.loads(line)
        at = datetime.fromisoformat(item["published"]).astimezone(UTC)
        yield (
            item,
            Entry(item["id"], item["title"], item["summary"], at, item["url"], item["publisher"], at, item["lang"]),
        )


def opened(case: Path) -> Ledger:
    """The story of a case's seed."""
    seed = load_seed(case / "seed.toml")
    ledger = Ledger()
    start = seed.as_of or datetime(1970, 1, 1, tzinfo=UTC)
    ledger.append(StoryOpened(seed.id, seed.title, seed.language, None, None, seed.as_of), start)
    for claim in seed.claims:
        ledger.append(ClaimTracked(claim, "seed"), start)
    return ledger


def replay(case: Path, judge: Judge) -> Iterator[tuple[dict[str, Any], Verdict]]:
    """Every item with its verdict, in order."""
    ledger = opened(case)
    for item, entry in entries(case):
        assert ledger.story is not None
        verdict = judge.judge(entry, ledger.story)
        for new in decide(verdict, ledger.story, judge.version):
            ledger.append(new.event, entry.seen, new.id)
        yield item, verdict


def line_of(item: Mapping[str, Any], verdict: Verdict) -> dict[str, Any]:
    """A verdict as score.py reads it."""
    return {
        "item": item["id"],
        "relevant": verdict.relevant,
        "score": verdict.score,
        "alert": any(finding.news and not finding.needs_review for finding in verdict.findings),
        "findings": [
            {"claim": None if f.relation is Relation.NEW else f.claim, "relation": str(f.relation), "field": f.field}
            for f in verdict.findings
        ],
    }


def keyword(case: Path) -> dict[str, dict[str, Any]]:
    """Alert at every entry that shares a name with the seed."""
    ledger = opened(case)
    assert ledger.story is not None
    texts = [ledger.story.title, *(claim.original.text for claim in ledger.story.claims.values())]
    known = frozenset().union(*map(names, texts))
    out = {}
    for item, entry in entries(case):
        hit = bool(names(f"{entry.title}. {entry.summary}") & known)
        out[item["id"]] = {"relevant": hit, "alert": hit, "findings": []}
    return out


def every(lines: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Alert at every entry that is relevant."""
    return {item: {**line, "alert": line["relevant"]} for item, line in lines.items()}


def scorer(cases: Path) -> Any:
    """The score function that comes with the cases."""
    spec = importlib.util.spec_from_file_location("score", cases / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.score


def gold_of(case: Path) -> list[dict[str, Any]]:
    """The scored English items of a case's gold."""
    rows = map(json.loads, (case / "gold.jsonl").open(encoding="utf-8"))
    return [row for row in rows if row["scored"] and row["lang"] == "en"]


def show(name: str, figures: Mapping[str, Any]) -> list[float]:
    """Print one line of figures and return them."""
    values = [figures[key]["f1"] for key in ("relevance", "links", "relation", "news")]
    news = figures["news"]
    links = figures["links"]
    print(
        f"{name:28} relevance {values[0]:.3f}  links {values[1]:.3f} (p {links['p']:.2f} r {links['r']:.2f})  "
        f"relation {values[2]:.3f}  news {values[3]:.3f} (p {news['p']:.2f} r {news['r']:.2f})  "
        f"duplicates {figures['duplicates']:.2f}"
    )
    return [*values, figures["duplicates"]]


def mean(name: str, rows: list[list[float]]) -> None:
    """Print the mean over stories."""
    middle = [sum(column) / len(column) for column in zip(*rows, strict=True)]
    labels = ("relevance", "links", "relation", "news", "duplicates")
    print(f"{name:28} " + "  ".join(f"{label} {value:.3f}" for label, value in zip(labels, middle, strict=True)))


def errors(case: Path, verdicts: Mapping[str, Verdict]) -> None:
    """Print what judge and gold say of every item that either takes for relevant."""
    told: set[str] = set()
    items = {item["id"]: item for item, _ in entries(case)}
    for gold in gold_of(case):
        verdict, item = verdicts[gold["id"]], items[gold["id"]]
        if gold["relevant"] == "no" and not verdict.relevant:
            continue
        alert = bool(line_of(item, verdict)["alert"])
        grade = graded(gold, told, alert=alert)
        told |= {gold["event"] or gold["id"]} if alert else set()
        want = {k["claim"]: "/".join(r[:3] for r in k["relations"]) + ("!" if k["must"] else "") for k in gold["links"]}
        said = {f.claim or "new": f"{f.relation[:3]} {f.score:.2f} {f.field or ''}" for f in verdict.findings}
        same = items.get(verdict.happening, {}).get("title", "")[:40]
        print(f"{gold['relevant']:5} {verdict.score:.2f} {grade:6} {item['published'][5:10]} {item['title'][:80]}")
        print(f"        {item['summary'][:160]}")
        print(f"        gold {gold['event']} {want}  said {said}  as [{same}] {'COPY' if verdict.duplicate_of else ''}")


def graded(gold: Mapping[str, Any], told: set[str], *, alert: bool) -> str:
    """How score.py takes the alert, or its absence."""
    happening = gold["event"] or gold["id"]
    if not alert:
        return "MISSED" if gold["news"] == "must" and happening not in told else "-"
    if happening in told:
        return "REPEAT"
    return "right" if gold["news"] != "no" else "WRONG"


def main() -> None:
    """Replay and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--errors", help="a case, or all: print where judge and gold part")
    parser.add_argument("--pairs", action="store_true", help="with the pair model")
    arguments = parser.parse_args()
    score = scorer(arguments.cases)
    judge = Judge(MiniLmEncoder(), PairModel() if arguments.pairs else None)
    rows: dict[str, list[list[float]]] = {"judge": [], "keyword": [], "every relevant": []}
    for name in CASES:
        case = arguments.cases / name
        verdicts = list(replay(case, judge))
        lines = {item["id"]: line_of(item, verdict) for item, verdict in verdicts}
        gold = gold_of(case)
        rows["judge"].append(show(name, score(gold, lines)))
        for label, other in (("keyword", keyword(case)), ("every relevant", every(lines))):
            rows[label].append(show(f"  {label}", score(gold, other)))
        print(f"  relations, gold -> said: {score(gold, lines)['relation']['confusion']}")
        if arguments.errors in (name, "all"):
            errors(case, {item["id"]: verdict for item, verdict in verdicts})
    for label, figures in rows.items():
        mean(f"mean, {label}", figures)


if __name__ == "__main__":
    main()
