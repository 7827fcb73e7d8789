"""The words for what is wrong with a source."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given

from tests.made.alerts import NOON
from tests.made.streams import words
from tracker.errors import Trouble
from tracker.ports.feeds import FeedState
from tracker.rendering.plain import line
from tracker.rendering.sources import condition, failure, rhythm, trouble_words

WELL = FeedState("f-1", "https://news.example/feed", None, None, NOON, NOON)
FAILING = replace(WELL, failures=1, trouble="wall", last_error="HTTP 403 Forbidden")


@pytest.mark.parametrize(
    ("state", "fares", "said"),
    [
        (WELL, "ok", ""),
        (FAILING, "failing", "behind a bot wall: HTTP 403 Forbidden"),
        (replace(FAILING, silent=True), "failing", "behind a bot wall: HTTP 403 Forbidden"),
        (replace(FAILING, failures=0), "failing", "behind a bot wall: HTTP 403 Forbidden"),
        (
            replace(FAILING, trouble="rate limited", last_error="HTTP 429 Too Many Requests"),
            "failing",
            "rate limited until 2024-06-01 12:00 UTC: HTTP 429 Too Many Requests",
        ),
        (
            replace(FAILING, trouble="refused", last_error="HTTP 404 Not Found"),
            "failing",
            "refuses to answer: HTTP 404 Not Found",
        ),
        (
            replace(FAILING, trouble="unasked", last_error="secret env:KEY: the variable KEY is not set"),
            "failing",
            "cannot be asked: secret env:KEY: the variable KEY is not set; this is a matter of tracker's settings",
        ),
        (replace(FAILING, trouble=None), "failing", "HTTP 403 Forbidden"),
        (replace(FAILING, trouble=None, last_error=None), "failing", "failing"),
        (replace(FAILING, gone=True, last_error="HTTP 410 Gone"), "gone", "gone for good: HTTP 410 Gone"),
        (replace(WELL, silent=True, last_new_at=NOON), "silent", "has brought nothing since 2024-06-01 12:00 UTC"),
        (replace(WELL, silent=True), "silent", "has brought nothing so far"),
    ],
)
def test_a_source_is_told_as_it_is(state: FeedState, fares: str, said: str) -> None:
    """Each state has its word and its sentence; what cannot be read comes before what is silent."""
    assert (condition(state), trouble_words(state)) == (fares, said)


@given(words)
def test_an_error_is_one_harmless_line(error: str) -> None:
    """Whatever a server says, each kind of trouble is told in one printable line that begins with its words."""
    for trouble in get_args(Trouble):
        said = failure(trouble, error)
        assert said == line(said)
        assert said.startswith(failure(trouble, None).partition(";")[0])


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (5, "every minute"),
        (1500, "every 25 minutes"),
        (3600, "every hour"),
        (10_000, "every 3 hours"),
        (86_400, "every day"),
        (1e6, "every 12 days"),
    ],
)
def test_how_often_a_source_brings_something(gap: float, said: str) -> None:
    """A gap in seconds is told in the largest unit that it fills."""
    assert rhythm(gap) == said
