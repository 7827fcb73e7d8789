"""What a second opinion changes of a finding."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.claims import Relation
from tracker.domain.events import Finding, Opinion
from tracker.judging.opinion import unanswered, weigh

RELATIONS = [Relation.CORROBORATES, Relation.UPDATES, Relation.DENIES]
UNSURE = Finding(
    "C1", Relation.DENIES, "quantity", "40", "62", 0.7, "62 died.", "another number", news=True, happening="e-1",
    needs_review=True, doubt="its grounds do not agree",
)  # fmt: skip


def opinion(relation: Relation | None) -> Opinion:
    return Opinion("small-1", "question-1", "ab", relation, "It says so.", 210)


@given(st.sampled_from(RELATIONS), st.sampled_from([None, *RELATIONS]), st.booleans())
def test_it_waits_no_longer_only_where_both_agree(
    found: Relation,
    read: Relation | None,
    settles: bool,  # noqa: FBT001
) -> None:
    """The wait ends only on agreement, where that is wanted; relation, values, sentence and news never change."""
    before = replace(UNSURE, relation=found)
    after = weigh(before, opinion(read), settles=settles)
    assert after.needs_review is not (settles and found is read)
    assert after.opinion == opinion(read)
    assert after.doubt == (before.doubt if after.needs_review else None)
    assert replace(after, opinion=None, needs_review=True, doubt=before.doubt, reason=before.reason) == before


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (Relation.DENIES, "a second opinion (small-1) agrees that it denies: It says so."),
        (Relation.UPDATES, "a second opinion (small-1) reads that it updates the claim: It says so."),
        (None, "a second opinion (small-1) reads nothing of the claim in it: It says so."),
    ],
)
def test_a_reviewer_reads_it_in_the_reason(read: Relation | None, words: str) -> None:
    """The model's reading stands behind the judge's own reason, wherever that is shown."""
    assert weigh(UNSURE, opinion(read), settles=False).reason == f"another number; {words}"


def test_without_an_answer_the_finding_waits_and_says_why() -> None:
    """Nothing but the reason changes, which says why nobody gave an opinion."""
    after = unanswered(UNSURE, "answered 500")
    assert after == replace(UNSURE, reason="another number; no second opinion: answered 500")
