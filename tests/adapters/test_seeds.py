"""Curated seeds are read whole or refused."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tracker.adapters.seeds import load_seed
from tracker.domain.claims import Status
from tracker.errors import SeedError
from tracker.ports.seeds import SeedFeed

ARTICLE = "The council plans to build a bridge. It would cost 3 million euros, the mayor said."
SEED = """
schema = 1
[story]
id = "bridge"
title = "A bridge"
as_of = 2024-05-31
article = "bridge.txt"
[[claim]]
id = "C1"
text = "The council plans to build a bridge."
evidence = { start = 0, end = 36 }
[[claim]]
id = "C2"
text = "It would cost 3 million euros."
attributed_to = "the mayor"
status = "possible"
quantities = ["3 million euros"]
when = ["by June 2025"]
polarity = false
[[feed]]
url = "https://example.org/feed"
[[feed]]
url = "https://example.org/teasers"
name = "Teasers"
article = true
"""


def seed_at(folder: Path, text: str, article: bytes = ARTICLE.encode()) -> Path:
    (folder / "bridge.txt").write_bytes(article)
    path = folder / "bridge.toml"
    path.write_text(text)
    return path


def test_a_seed_is_read_whole(tmp_path: Path) -> None:
    """Everything that a seed says is in the story, and the document of record is digested."""
    seed = load_seed(seed_at(tmp_path, SEED))
    assert (seed.id, seed.title, seed.language) == ("bridge", "A bridge", "en")
    assert seed.as_of == datetime(2024, 5, 31, tzinfo=UTC)
    assert seed.document_sha256 == hashlib.sha256(ARTICLE.encode()).hexdigest()
    assert seed.feeds == (
        SeedFeed("https://example.org/feed", None),
        SeedFeed("https://example.org/teasers", "Teasers", article=True),
    )
    first, second = seed.claims
    assert first.evidence is not None
    assert ARTICLE[first.evidence.start : first.evidence.end] == first.evidence.sentence
    assert first.status is Status.PLANNED
    assert (second.status, second.attributed_to, second.polarity) == (Status.POSSIBLE, "the mayor", False)
    assert second.quantities[0].low == 3_000_000
    assert second.dates[0].end == date(2025, 6, 30)


def test_only_id_and_text_of_a_claim_are_required(tmp_path: Path) -> None:
    """Status, quantities and dates are read out of the text where the seed does not say them."""
    text = 'schema = 1\n[story]\nid = "s"\ntitle = "t"\n[[claim]]\nid = "C"\ntext = "Boeing has cut 17,000 jobs."\n'
    (claim,) = load_seed(seed_at(tmp_path, text)).claims
    assert claim.quantities[0].low == 17_000
    assert claim.evidence is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("schema = 1", "schema = 2", "schema"),
        ("schema = 1", "schema =", "bridge.toml"),
        ('id = "C2"', 'id = "C1"', "C1 is there twice"),
        ('id = "C2"', 'id = " "', "empty"),
        ("end = 36", "end = 3600", "which has 83"),
        ("start = 0", "start = 36", "characters 36 to 36"),
        ('article = "bridge.txt"', "", "names no article"),
        ("bridge.txt", "missing.txt", "missing.txt"),
        ('quantities = ["3 million euros"]', 'quantities = ["much"]', "no quantity"),
        ('when = ["by June 2025"]', 'when = ["soon enough"]', "no date"),
        ("polarity = false", "polarity = 3", "polarity"),
        ("as_of = 2024-05-31", 'as_of = "yesterday"', "as_of"),
        ("attributed_to", "said_by", "said_by"),
        ('id = "C2"', 'id = "C\\u0000"', "control or format"),
        ('id = "bridge"', 'id = "bridge\\u001b"', "control or format"),
        ('title = "A bridge"', 'title = "A \\u202ebridge"', "control or format"),
        ("as_of = 2024-05-31", "as_of = 0001-01-01T00:00:00+14:00", "as_of"),
        ("bridge.txt", "a\\u0000", "no name of a file"),
    ],
)
def test_a_fault_is_refused_in_one_line_that_names_it(tmp_path: Path, old: str, new: str, words: str) -> None:
    """Whatever is wrong with a seed, the line names the file and the place."""
    with pytest.raises(SeedError, match=words) as refused:
        load_seed(seed_at(tmp_path, SEED.replace(old, new, 1)))
    assert "bridge.toml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_seed_without_claims_or_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """No claim, no file, no text: SeedError."""
    with pytest.raises(SeedError, match="claim"):
        load_seed(seed_at(tmp_path, 'schema = 1\nclaim = []\n[story]\nid = "s"\ntitle = "t"\n'))
    with pytest.raises(SeedError, match="missing"):
        load_seed(tmp_path / "missing.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SeedError, match="UTF-8"):
        load_seed(tmp_path / "binary.toml")
    with pytest.raises(SeedError, match="UTF-8"):
        load_seed(seed_at(tmp_path, SEED, article=b"\xff\xfe" * 40))
