"""The language of an entry: its own words over what its feed says, and nothing where they do not tell."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.adapters.models.language import LanguageIdentifier
from tracker.domain.claims import Relation
from tracker.domain.entry import Entry
from tracker.domain.story import Story
from tracker.judging.judge import Judge
from tracker.judging.language import Spoken, foreign, spoken

TABLE = [json.loads(line) for line in (Path(__file__).parents[1] / "data" / "languages.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def model() -> LanguageIdentifier:
    return LanguageIdentifier()


@pytest.fixture
def read(model: LanguageIdentifier, write: Callable[..., Entry]) -> Callable[..., Spoken]:
    def reading(title: str, summary: str = "", *, said: str | None = None, story: str = "en") -> Spoken:
        return spoken(write(title, summary, language=said), story, model)

    return reading


def test_the_table(read: Callable[..., Spoken]) -> None:
    """Of 42 English lines full of foreign names none is taken for foreign, and of 184 foreign ones none for English.

    Nine foreign ones in ten read as their own language; of the others nobody knows which it is, or it is one like it.
    """
    lines = [(row["lang"], read(row["text"]).language) for row in TABLE]
    foreign = [(wanted, found) for wanted, found in lines if wanted != "en"]
    assert len(dict(foreign)) >= 12
    assert {found for wanted, found in lines if wanted == "en"} == {None, "en"}
    assert "en" not in {found for _, found in foreign}
    assert sum(wanted == found for wanted, found in foreign) >= 0.9 * len(foreign)


@pytest.mark.parametrize(
    ("title", "said", "language"),
    [
        ("The minister said that he would resign after the vote", "fr", "en"),  # a feed that lies
        ("Le ministre a annoncé sa démission après le vote de jeudi", "en", "fr"),
        ("Цены на газ вырастут зимой", "en", "ru"),  # a script decides at once
        ("Macron", "fr", "fr"),  # too little: the feed is believed
        ("Macron in Kyiv", None, None),  # and where it is silent nobody knows
        ("Strømprisen stiger til vinteren", "no", "no"),  # read as Danish, which is like it
        ("Putin (Путин) said that the talks would go on", None, "en"),
    ],
)
def test_whom_to_believe(title: str, said: str | None, language: str | None, read: Callable[..., Spoken]) -> None:
    """A sure reading of the text wins over the feed's word; an unsure one does not, nor one of a language like it."""
    assert read(title, said=said).language == language


def test_a_language_of_the_storys_kin_is_the_storys(read: Callable[..., Spoken]) -> None:
    """A text read as Danish belongs to a Norwegian story as one in its language, where the feed says nothing."""
    assert read("Strømprisen stiger til vinteren", story="no").language == "no"


@pytest.mark.parametrize(
    ("entry", "story", "is_foreign"),
    [
        ("en", "en", False), (None, "en", False), ("en-GB", "en-US", False), ("fr", "en", True),
        ("en", "fr", True), ("fr", "fr", True), (None, "fr", True),
    ],
)  # fmt: skip
def test_what_is_foreign(entry: str | None, story: str, is_foreign: bool) -> None:  # noqa: FBT001
    """Foreign is what is in another language than the story, and all that is in one which the judge does not read."""
    assert foreign(entry, story) is is_foreign


FERRY = (
    "Sinking of the ferry Santa Lucia",
    "The ferry Santa Lucia sank off Cebu with 212 people aboard.",
    "At least 40 people were killed when the Santa Lucia sank.",
)


@pytest.fixture(scope="module")
def polyglot(model: LanguageIdentifier) -> Judge:
    return Judge(MiniLmEncoder(), languages=model)


def test_values_of_another_language_are_not_read(
    polyglot: Judge, opened: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """A French toll of 1.500 is no one and a half: nothing is compared, the finding waits and says why, in words."""
    verdict = polyglot.judge(write("Naufrage du ferry Santa Lucia à Cebu: 1.500 morts", language="fr"), opened(*FERRY))
    assert verdict.relevant
    assert verdict.entry.language == "fr"
    assert verdict.findings
    assert verdict.claims == ()
    for finding in verdict.findings:
        assert (finding.relation, finding.old, finding.new) == (Relation.CORROBORATES, None, None)
        assert finding.needs_review
        assert "another language (fr)" in finding.reason
    (stage,) = (stage for stage in verdict.stages if stage.name == "language")
    assert stage.outcome == "fr"
    assert "its feed says fr; what it says of claims is not read and waits for a person" in stage.detail


def test_english_that_its_feed_calls_foreign_is_judged(
    polyglot: Judge, opened: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """An English report in a feed that calls itself French is read like any other: its toll moves the claim."""
    title = "The number of people who were killed when the Santa Lucia sank has risen to 62"
    verdict = polyglot.judge(write(title, language="fr"), opened(*FERRY))
    assert [(one.relation, one.field, one.needs_review) for one in verdict.findings] == [
        (Relation.UPDATES, "quantity", False)
    ]
    assert verdict.entry.language == "en"
