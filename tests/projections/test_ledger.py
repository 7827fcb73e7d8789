"""The ledger against the story that the judge folds."""

from dataclasses import replace

from hypothesis import given

from tests.made.streams import STORIES, calm, logs
from tracker.domain.events import Recorded, story_stream
from tracker.domain.story import fold
from tracker.projections.ledger import STATE, Ledger, claim_in
from tracker.projections.projection import Key, Row


def folded(events: tuple[Recorded, ...]) -> dict[Key, Row]:
    """Return the rows of the ledger after events."""
    rows: dict[Key, Row] = {}
    for recorded in events:
        rows |= Ledger().apply(rows, recorded)
    return rows


@calm
@given(logs())
def test_the_ledger_holds_the_claims_of_the_folded_story(events: tuple[Recorded, ...]) -> None:
    """Each row is the claim that the story's own fold gives, reviews and withdrawals included."""
    rows = folded(events)
    for name in STORIES:
        story = fold(recorded for recorded in events if recorded.stream == story_stream(name))
        claims = {key: claim_in(row) for (partition, key), row in rows.items() if partition == name and key != STATE}
        assert claims == {key: replace(claim, steps=()) for key, claim in (story.claims if story else {}).items()}
