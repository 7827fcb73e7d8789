"""The page for receivers lists what is sent: its documents have the shape of the program's own."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.made.messages import LETTERS

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
SHOWN = {one["type"]: one for one in map(json.loads, re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))}


@pytest.mark.parametrize("name", ["correction", "endpoint-failing"])
def test_a_document_on_the_page_has_the_shape_of_what_is_sent(name: str) -> None:
    """Names and nesting of each field are those that the program writes."""
    sent = LETTERS[name]().payload
    assert shape(SHOWN[sent["type"]]) == shape(sent)


def test_a_digest_on_the_page_has_the_shape_of_what_is_sent() -> None:
    """Every field of a digest and of each kind of item on the page is one that the program writes there."""
    shown, sent = SHOWN["digest.daily"], LETTERS["digest-of-many"]().payload
    assert shape(shown, but="items") == shape(sent, but="items")
    items = sent["data"]["items"] + LETTERS["digest"]().payload["data"]["items"]
    shapes = [shape(one) for one in items]
    for one in shown["data"]["items"]:
        assert shape(one) in shapes


@pytest.mark.parametrize("name", LETTERS)
def test_every_type_is_listed(name: str) -> None:
    """The page names each type that is sent."""
    kind = LETTERS[name]().payload["type"]
    assert f"`{kind}`" in PAGE or f'"{kind}"' in PAGE


def shape(value: Any, *, but: str = "") -> Any:
    """Return the names in a document; of lists, the shape of their first."""
    if isinstance(value, dict):
        return {key: shape(inner, but=but) for key, inner in value.items() if key != but}
    return [shape(inner, but=but) for inner in value[:1]] if isinstance(value, list) else None
