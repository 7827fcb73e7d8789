"""Fixtures of the tests that run tracker as a process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.world import Publisher, Tracker, publishing


@pytest.fixture
def tracker(tmp_path: Path) -> Tracker:
    """Return the command line on a fresh SQLite file."""
    return Tracker(f"sqlite:///{tmp_path / 'tracker.db'}", tmp_path)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    """Run a publisher on loopback."""
    with publishing() as running:
        yield running
