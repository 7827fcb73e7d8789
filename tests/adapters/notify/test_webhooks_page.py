"""The page for receivers: its check of signatures and its document are those of the program."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.made.alerts import CLAIMS, NOON, STORY, TEST_SECRET, TITLE, by_webhook, recorded, updated
from tracker.adapters.notify.signature import signed_headers
from tracker.bootstrap import utc_now
from tracker.domain.events import Recorded
from tracker.domain.feed_events import (
    FeedFailing,
)
from tracker.domain.source import Source
from tracker.rendering.alert import compose
from tracker.rendering.alert_source import compose_source

PAGE = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text(encoding="utf-8")


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def verified() -> Any:
    space: dict[str, Any] = {}
    (code,) = examples("python")
    exec(code, space)
    return space["verified"]


def test_the_check_on_the_page_accepts_what_is_sent_and_nothing_else(verified: Any) -> None:
    """The page's code accepts a signed body and refuses a changed one, an old one and another key's."""
    body = b'{"type":"development.updated"}'
    headers = {**signed_headers(TEST_SECRET, identity="d-1", at=utc_now(), body=body)}
    assert verified(TEST_SECRET, headers, body)
    assert not verified(TEST_SECRET, headers, body + b" ")
    assert not verified("whsec_" + "A" * 44, headers, body)
    old = {**signed_headers(TEST_SECRET, identity="d-1", at=utc_now() - timedelta(minutes=6), body=body)}
    assert not verified(TEST_SECRET, old, body)


def test_the_document_on_the_page_has_the_shape_of_what_is_sent() -> None:
    """Every object of the page's document has the very keys that a real one has."""
    letter = compose(
        recorded(updated(), seen=NOON),
        story=STORY,
        story_title=TITLE,
        claims=CLAIMS,
        subscription=by_webhook("https://x.example/"),
    )
    document, _ = examples("json")
    assert shape(json.loads(document)) == shape(letter.payload)


def test_the_document_on_a_source_is_the_one_that_is_sent() -> None:
    """The page's document on a failing source is the program's own, hash and ids apart, and each type is listed."""
    feed, url = "f-5374e32e0c1b", "https://news.example/feed"
    failing = FeedFailing(feed, 3, "HTTP 403 Forbidden", "wall", NOON - timedelta(hours=2))
    event = Recorded(57, f"feed-{feed}", 2, "id", failing, "worker", None, None, NOON, "6b1f…")
    wish = by_webhook("https://x.example/", "s-0f31a2b4c5d6")
    letter = compose_source(Source(url=url, name="The Paper"), event, wish)
    _, document = examples("json")
    assert json.loads(document) == letter.payload
    for kind in ("failing", "gone", "silent", "moved", "recovered"):
        assert f"| `source.{kind}` |" in PAGE


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else type(value)
