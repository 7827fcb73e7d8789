"""The words by which a news service finds more of a story."""

from tracker.domain.claims import Standing
from tracker.domain.erasure import ERASED
from tracker.domain.search import written
from tracker.domain.story import Story
from tracker.judging.search_words import search_for


def words_for(story: Story) -> str | None:
    """Return the search for a story, from its title and the claims that stand; None when it holds no words at all."""
    claims = [
        claim.current.text
        for claim in story.claims.values()
        if claim.standing is not Standing.WITHDRAWN and claim.current.text != ERASED
    ]
    words = written(search_for(story.title, claims))
    return words if any(char.isalnum() for char in words) else None
