"""Which claims a line bears on."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.entry import Entry
from tracker.domain.events import ClaimTracked
from tracker.domain.story import Story
from tracker.judging.decide import decide
from tracker.judging.judge import Judge
from tracker.judging.linking import LEAST, bar


@given(st.integers(1, 1000))
def test_among_more_claims_a_link_takes_more_belief(claims: int) -> None:
    """The belief that a link takes never falls with the number of claims, and stays a probability."""
    assert LEAST * (1 - 1e-9) <= bar(claims) <= bar(claims + 1) < 1


def test_among_few_claims_all_links_take_the_same_belief() -> None:
    """The bar rises from the seventh claim on."""
    assert bar(1) == bar(6) < bar(7)


def test_a_claim_that_an_entry_founded_takes_no_link_from_another(
    judge: Judge, opened: Callable[..., Story], append: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """However near the founded claim is to further reports, reports bear on the seed's claims as before."""
    story = opened(
        "At least 40 people were killed when the ferry Santa Lucia sank off Cebu.",
        "The inquiry into the sinking of the Santa Lucia is to report on 12 March 2031.",
    )
    line = "Inquiry into the sinking of the Santa Lucia is to report on 20 March, a month after the owner was charged"
    before = {one.claim: one.score for one in judge.judge(write(line, hours=48), story).findings}
    entry = write("Prosecutors charge the owner of the Santa Lucia with fraud", hours=24)
    events = decide(judge.judge(entry, story), story, judge.version)
    assert any(isinstance(event.event, ClaimTracked) for event in events)
    after = {
        one.claim: one.score for one in judge.judge(write(line, hours=48), append(story, events, entry.seen)).findings
    }
    assert before.keys() <= after.keys()
