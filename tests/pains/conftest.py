"""A whole tracker for each test of a pain."""

from collections.abc import Iterator

import pytest

from tests.made.alerts import TEST_SECRET
from tests.made.desk import Newsdesk, newsdesk


@pytest.fixture
def desk(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsdesk]:
    """Return a tracker that nobody has asked for anything yet."""
    monkeypatch.setenv("HOOK", TEST_SECRET)
    with newsdesk(sqlite_url) as made:
        yield made
