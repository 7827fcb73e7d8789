"""What becomes a claim of its own: statements that could be checked, once each; no colour, comment or empty speech."""

from collections.abc import Callable

import pytest

from tracker.domain.claims import Relation
from tracker.domain.entry import Entry
from tracker.domain.story import Story
from tracker.judging.decide import decide
from tracker.judging.judge import Judge

SPIES = ("Spying row between Orland and Vesk", "Orland plans to expel five diplomats of Vesk.")
FERRY = ("Sinking of the ferry Santa Lucia", "The inquiry into the sinking is to report on 12 March 2031.")
QUAKE = ("Earthquake in Kastamonu", "The Turkish government plans to house survivors in hotels.")


@pytest.mark.parametrize(
    ("seed", "title"),
    [
        (SPIES, "Row between Orland and Vesk casts shadow over summit"),
        (FERRY, "“We will never forget you”, says mayor at Santa Lucia memorial"),
        (QUAKE, "Kastamonu earthquake: what we know"),
        (QUAKE, "Why did so many houses fall in the Kastamonu earthquake?"),
        (FERRY, "Opinion: the sinking of the Santa Lucia is a disgrace"),
    ],
)
def test_colour_comment_and_empty_speech_found_no_claim(
    judge: Judge, opened: Callable[..., Story], write: Callable[..., Entry], seed: tuple[str, ...], title: str
) -> None:
    """An entry that asserts nothing to check may belong to the story, and no claim comes of it."""
    assert judge.judge(write(title, hours=300), opened(*seed)).claims == ()


@pytest.mark.parametrize(
    "case",
    [
        (
            QUAKE,
            (
                "Prosecutors open inquiry into builders after Kastamonu earthquake",
                "Kastamonu earthquake: inquiry into builders opened by prosecutors",
            ),
        ),
        (
            FERRY,
            (
                "Owner of the Santa Lucia is charged with negligence by prosecutors",
                "Prosecutors charge owner of ferry Santa Lucia with negligence",
            ),
        ),
    ],
)
def test_a_statement_founds_one_claim_however_many_report_it(
    judge: Judge,
    opened: Callable[..., Story],
    write: Callable[..., Entry],
    append: Callable[..., Story],
    case: tuple[tuple[str, ...], tuple[str, str]],
) -> None:
    """The first report founds the claim in its own sentence; the second, of another source, bears it out."""
    seed, (first, second) = case
    story, entry = opened(*seed), write(first, hours=72, publisher="AP")
    verdict = judge.judge(entry, story)
    assert [(claim.id, claim.text) for claim in verdict.claims] == [("N01", first)]
    story = append(story, decide(verdict, story, judge.version), entry.seen)
    again = write(second, hours=76, publisher="Reuters")
    verdict = judge.judge(again, story)
    assert verdict.claims == ()
    assert [(one.relation, one.news) for one in verdict.findings if one.claim == "N01"] == [
        (Relation.CORROBORATES, False)
    ]
    story = append(story, decide(verdict, story, judge.version), again.seen)
    assert story.claims["N01"].sources == {"AP", "Reuters"}
