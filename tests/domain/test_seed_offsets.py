"""The bundled seed: every claim cites its sentence of the document of record."""

import hashlib
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tracker.domain.claims import Status
from tracker.domain.quantity import quantities
from tracker.domain.text import content_words, sentences
from tracker.domain.when import whens

SEEDS = Path(__file__).parent.parent.parent / "seeds"
SEED: dict[str, Any] = tomllib.loads((SEEDS / "western-instructors.toml").read_text(encoding="utf-8"))
ARTICLE = (SEEDS / "western-instructors.txt").read_bytes()
TEXT = ARTICLE.decode("utf-8")


def test_document_of_record() -> None:
    """The article is the document of record, byte for byte."""
    assert hashlib.sha256(ARTICLE).hexdigest() == "333d73e40146616975cc5f344c55823dba4a6539ba4decf1b9d4f584d82b6091"


@pytest.mark.parametrize("claim", SEED["claim"], ids=[claim["id"] for claim in SEED["claim"]])
def test_evidence(claim: dict[str, Any]) -> None:
    """The cited characters are whole sentences of the article and share words with the claim."""
    start, end = claim["evidence"]["start"], claim["evidence"]["end"]
    found = sentences(TEXT)
    assert start in {each.start for each in found}
    assert end in {each.end for each in found}
    assert content_words(TEXT[start:end]) & content_words(claim["text"])


@pytest.mark.parametrize("claim", SEED["claim"], ids=[claim["id"] for claim in SEED["claim"]])
def test_phrases_are_read(claim: dict[str, Any]) -> None:
    """Every phrase of a quantity or a date is read as such, and the status is one of ours."""
    assert all(quantities(phrase) for phrase in claim.get("quantities", []))
    assert all(whens(phrase, date(2024, 5, 31)) for phrase in claim.get("when", []))
    assert claim["status"] in set(Status)


def test_claims_are_numbered() -> None:
    """Claims S01 on follow each other without a gap, twenty at least."""
    ids = [claim["id"] for claim in SEED["claim"]]
    assert ids == [f"S{at:02}" for at in range(1, len(ids) + 1)]
    assert len(ids) >= 20
