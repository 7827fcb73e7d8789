"""Entries in other languages: linked by names and words, and left to a person."""

from collections.abc import Callable

import pytest

from tracker.domain.entry import Entry
from tracker.domain.story import Story
from tracker.judging.judge import Judge

DAM = (
    "Collapse of the Morena dam in Bolivia",
    "Peru and Bolivia open an investigation of the Morena dam.",
    "President Adriana Solís asked for international help.",
)
CHESS = (
    "Chess olympiad in Tbilisi",
    "The Georgian federation accuses Viktor Lomidze of manipulation.",
    "Armenia won the tournament in Tbilisi.",
)


@pytest.mark.parametrize(
    "case",
    [
        (DAM, "Perú y Bolivia abren una investigación sobre la presa de Morena", "es", "C0"),
        (DAM, "La présidente Adriana Solís demande une aide internationale après Morena", "fr", "C1"),
        (DAM, "Перу и Боливия расследуют прорыв плотины Морена", "ru", "C0"),
        (CHESS, "Шахи: федерація Грузії звинувачує Віктора Ломідзе в маніпуляції", "uk", "C0"),
        (CHESS, "Georgiens Verband wirft Viktor Lomidse Manipulation vor", "de", "C0"),
    ],
)
def test_what_is_in_another_language_is_linked_by_names_and_waits(
    judge: Judge, opened: Callable[..., Story], write: Callable[..., Entry], case: tuple[tuple[str, ...], str, str, str]
) -> None:
    """Names in other letters, spellings and endings link an entry to the claim that holds them; a person says how."""
    seed, title, language, claim = case
    verdict = judge.judge(write(title, language=language), opened(*seed))
    assert verdict.relevant
    assert claim in {finding.claim for finding in verdict.findings}
    assert all(finding.needs_review for finding in verdict.findings)


@pytest.mark.parametrize(
    "case",
    [
        (DAM, "Bolivia gana a Chile en la Copa América", "es"),
        (DAM, "Le Pérou relève son taux directeur", "fr"),
        (DAM, "Президент Боливии прибыл в Москву", "ru"),
        (CHESS, "Вибори у Вірменії: опозиція визнала поразку", "uk"),
        (CHESS, "Georgien hofft auf den Beitritt zur EU", "de"),
    ],
)
def test_too_little_in_common_stays_out_and_the_language_is_told(
    judge: Judge, opened: Callable[..., Story], write: Callable[..., Entry], case: tuple[tuple[str, ...], str, str]
) -> None:
    """A country or two shared makes no entry of another language belong, and its stages say which language it is."""
    seed, title, language = case
    verdict = judge.judge(write(title, language=language), opened(*seed))
    assert not verdict.relevant
    assert language in {stage.outcome for stage in verdict.stages if stage.name == "language"}
