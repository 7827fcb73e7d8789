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
from tracker.rendering.alert import compose

PAGE = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text(encoding="utf-8")


def example(language: str) -> str:
    (code,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(code)


@pytest.fixture
def verified() -> Any:
    space: dict[str, Any] = {}
    exec(example("python"), space)
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
    assert shape(json.loads(example("json"))) == shape(letter.payload)


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else type(value)
