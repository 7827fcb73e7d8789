"""Where judge and readers part on a case, item by item: for whoever mends the judge."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from tracker.application.evaluate import Document, said_in
from tracker.application.evaluate_case import Case
from tracker.judging.scoring import Gold

Grade = Literal["right", "wrong", "repeat", "missed", ""]
"""Of an alert; "missed" where there is none and both readings want one; "" where there is none and need not be."""


def partings(case: Case, documents: Iterable[Document]) -> Iterator[dict[str, Any]]:
    """Yield what is held and what was said of each scored item that either readers or judge take to belong."""
    said = {one["item"]: one for one in documents}
    entries = dict(case.items)
    told: set[str] = set()
    for gold in case.gold:
        document, entry = said[gold.item], entries[gold.item]
        grade = _grade(gold, told, alert=document["alert"])
        if document["alert"]:
            told.add(gold.happening)
        if gold.relevant != "no" or document["relevant"]:
            yield {
                "item": gold.item,
                "published": entry.moment.isoformat(),
                "title": entry.title,
                "summary": entry.summary,
                "grade": grade,
                "held": {"relevant": gold.relevant, "news": gold.news, "event": gold.event, "links": _held(gold)},
                "said": document,
                "parted": grade in ("wrong", "repeat", "missed") or not _agree(gold, document),
            }


def _held(gold: Gold) -> list[dict[str, Any]]:
    return [{"claim": link.claim, "must": link.must, "relations": list(link.relations)} for link in gold.links]


def _agree(gold: Gold, document: Document) -> bool:
    """Tell whether relevance, links and relations are as either reading has them, and as both do where both agree."""
    said = said_in(document)
    held: Mapping[str, tuple[str, ...]] = {link.claim: link.relations for link in gold.links}
    right = all(relation in held.get(claim, ()) for claim, relation in said.links.items())
    whole = all(link.claim in said.links for link in gold.links if link.must)
    return right and whole and gold.relevant in ("maybe", "yes" if said.relevant else "no")


def _grade(gold: Gold, told: set[str], *, alert: bool) -> Grade:
    if alert:
        return "repeat" if gold.happening in told else ("wrong" if gold.news == "no" else "right")
    return "missed" if gold.news == "must" and gold.happening not in told else ""
