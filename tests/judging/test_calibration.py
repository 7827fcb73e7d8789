"""What reviews teach of the judge's beliefs, and what the judge makes of it."""

from dataclasses import replace
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.claims import Relation
from tracker.domain.events import Finding
from tracker.domain.judge_events import Curve
from tracker.judging.calibrating import HALF_WIDTH, NEEDED, TOLD_FROM, Review, fit, learn, wilson
from tracker.judging.calibration import UNCALIBRATED, Calibration, believed, calibration_named, log_odds
from tracker.judging.judge import Judge

DOUBT = Finding(
    "C1", Relation.DENIES, None, None, None, 0.7, "No.", "it says no", news=True, happening="e1", needs_review=True
)
BELIEFS = [0.45, 0.55, 0.65, 0.75, 0.85, 0.95]


def reviews(right: int, wrong: int, belief: float | None = None) -> list[Review]:
    """Return reviews over all beliefs, those that are right spread evenly among them."""
    many = right + wrong
    return [
        Review(nth, belief or BELIEFS[nth % len(BELIEFS)], (nth + 1) * right // many > nth * right // many)
        for nth in range(many)
    ]


def test_what_is_known_well_is_learnt() -> None:
    """Of many reviews that follow a curve just that curve is learnt."""
    true = Curve(Relation.DENIES, 0.5, -1.0, 0, 0)
    many = [Review(0, belief, nth < round(1000 * believed(true, belief))) for belief in BELIEFS for nth in range(1000)]
    curve = fit(Relation.DENIES, many)
    assert (curve.slope, curve.shift) == pytest.approx((0.5, -1.0), abs=0.02)
    assert (curve.reviews, curve.right) == (len(many), sum(one.right for one in many))


def test_few_reviews_change_little() -> None:
    """No review changes nothing; one alone moves a belief by less than ten do, and both in the way that it points."""
    none, one, ten = (fit(Relation.DENIES, reviews(0, wrong, 0.7)) for wrong in (0, 1, 10))
    assert (none.slope, none.shift) == (1.0, 0.0)
    assert 0.7 > believed(one, 0.7) > believed(ten, 0.7) > 0
    assert believed(one, 0.7) > 0.45


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40),
    st.floats(0.01, 0.99),
    st.floats(0.01, 0.99),
)
def test_beliefs_keep_their_order(said: list[tuple[float, bool]], one: float, other: float) -> None:
    """Whatever people said, the surer finding stays the surer one, and no belief leaves its bounds."""
    curve = fit(Relation.UPDATES, [Review(0, belief, right) for belief, right in said])
    low, high = sorted((one, other))
    assert 0 <= believed(curve, low) <= believed(curve, high) <= 1


@given(st.floats(0.05, 3), st.floats(-2, 2), st.floats(0.01, 0.99))
def test_what_the_judge_believed_before_can_be_told(slope: float, shift: float, score: float) -> None:
    """From a finding that waits under a calibration the judge's own log odds are found again, to learn from."""
    calibration = Calibration(7, (Curve(Relation.DENIES, slope, shift, 30, 20),), TOLD_FROM)
    settled = calibration.settled(replace(DOUBT, score=score))
    if settled.needs_review and settled.score > 0.01:
        assert log_odds(calibration.undone(settled)) == pytest.approx(log_odds(score), abs=0.01)


def test_a_finding_that_waits_is_told_once_it_is_believed() -> None:
    """A doubt of a trusted kind is told and says what people found; a sure finding and another relation stay alike."""
    trusted = Calibration(7, (Curve(Relation.DENIES, 1.0, 1.0, 40, 36),), TOLD_FROM)
    told = trusted.settled(replace(DOUBT, doubt="the pair model alone reads it"))
    assert (told.needs_review, told.doubt) == (False, None)
    assert told.score == pytest.approx(0.8638, abs=1e-4)
    assert told.reason.endswith("a person found 36 of 40 such right")
    for other in (replace(DOUBT, needs_review=False), replace(DOUBT, relation=Relation.UPDATES)):
        assert trusted.settled(other) == other
    distrusted = Calibration(8, (Curve(Relation.DENIES, 1.0, -1.0, 40, 12),), TOLD_FROM)
    still = distrusted.settled(DOUBT)
    assert still.needs_review
    assert still.score == pytest.approx(0.4619, abs=1e-4)
    assert UNCALIBRATED.settled(DOUBT) == DOUBT


def test_the_reviews_needed_follow_from_the_width_wanted() -> None:
    """With as many reviews as are asked for the share is known to the width; with half as many it is not."""
    low, high = wilson(round(TOLD_FROM * NEEDED), NEEDED)
    assert (high - low) / 2 <= HALF_WIDTH
    low, high = wilson(round(TOLD_FROM * NEEDED / 2), NEEDED // 2)
    assert (high - low) / 2 > HALF_WIDTH
    assert wilson(0, 0) == (0, 1)


def test_nothing_is_learnt_of_too_little() -> None:
    """Too few reviews, too many that nobody looked at, or no better than before: each is said, and teaches nothing."""
    few = learn(Relation.DENIES, reviews(NEEDED - 1, 0), waited=NEEDED)
    assert (few.curve, few.why) == (None, f"{NEEDED} reviews are needed")
    unseen = learn(Relation.DENIES, reviews(0, NEEDED), waited=3 * NEEDED)
    assert (unseen.curve, unseen.why) == (None, f"{3 * NEEDED // 2} of those that waited must be reviewed")
    right = [Review(nth, belief, nth % 20 < round(20 * belief)) for belief in (0.7, 0.9) for nth in range(40)]
    fair = learn(Relation.DENIES, right, waited=80)
    assert fair.curve is None
    assert "no curve does better" in fair.why
    wrong = learn(Relation.DENIES, reviews(NEEDED // 4, NEEDED), waited=2 * NEEDED)
    assert wrong.curve is not None
    assert wrong.before is not None
    assert wrong.after is not None
    assert wrong.after < wrong.before


def test_a_version_names_its_calibration(judge: Judge) -> None:
    """A judge that was taught says so and shares its models; without calibration it is the very same judge."""
    taught = judge.calibrated(Calibration(57, (), TOLD_FROM))
    assert calibration_named(taught.version) == 57
    assert calibration_named(judge.version) == 0
    assert taught.version != judge.version
    assert judge.calibrated(UNCALIBRATED) is judge


def test_the_curve_is_the_one_that_its_record_states() -> None:
    """The formula in the event's description gives the belief."""
    curve = Curve(Relation.NEW, 0.8, -0.3, 30, 20)
    assert believed(curve, 0.6) == pytest.approx(1 / (1 + exp(-(0.8 * log_odds(0.6) - 0.3))))
