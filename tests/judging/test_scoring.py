"""Figures of verdicts against careful readings."""

from collections import Counter
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from tracker.judging.baselines import every_relevant
from tracker.judging.resampling import groups, intervals
from tracker.judging.scoring import Counts, Figures, Gold, Link, Marks, Said, confusion, counts, figures, mean

GOLD = (
    Gold("1", "yes", "must", "quake", (Link("C1", must=True, relations=("updates",)),)),
    Gold("2", "yes", "no", "quake", (Link("C1", must=True, relations=("corroborates", "updates")),)),
    Gold("3", "maybe", "may", None, (Link("C2", must=False, relations=("denies",)),)),
    Gold("4", "no", "no", None, ()),
    Gold("5", "yes", "must", "vote", (Link("C2", must=True, relations=("denies",)),)),
)
SAID = {
    "1": Said(relevant=True, alert=True, links={"C1": "updates"}),
    "2": Said(relevant=True, alert=True, links={"C1": "corroborates", "C2": "updates"}),
    "3": Said(relevant=True, alert=True, links={"C2": "corroborates"}),
    "4": Said(relevant=True, alert=True, links={}),
    "5": Said(relevant=False, alert=False, links={}),
}


def scored(said: Mapping[str, Said]) -> tuple[Counts, Figures]:
    tally: Counts = Counter()
    for one in counts(GOLD, said):
        tally.update(one)
    return tally, figures(tally)


def test_figures_are_those_counted_by_hand() -> None:
    """Doubtful items are left out of relevance, what one reading holds is allowed, and a second alert is a repeat."""
    tally, found = scored(SAID)
    assert found.relevance == (2 / 3, 2 / 3, 2 / 3, 3, 3)
    assert found.links[1:] == (3 / 4, 2 / 3, 4, 3)
    assert found.news == (0.5, 0.5, 0.5, 4, 2)
    assert found.duplicates == 1 / 4
    # updates 1 of 1; corroborates right once and said once too often; the one denial is missed
    assert found.relation == (1 + 2 / 3 + 0) / 3
    assert confusion(tally) == {
        ("corroborates/updates", "corroborates"): 1, ("denies", "corroborates"): 1, ("updates", "updates"): 1,
    }  # fmt: skip


def test_nothing_said_is_nothing_right() -> None:
    """Silence gets no points and divides by nothing; telling all that is relevant repeats itself."""
    quiet = {one.item: Said(relevant=False, alert=False, links={}) for one in GOLD}
    assert scored(quiet)[1].marks == Marks(0, 0, 0, 0, 0)
    loud = {item: every_relevant(one) for item, one in SAID.items()}
    assert scored(loud)[1].news == scored(SAID)[1].news


@given(st.lists(st.fixed_dictionaries({"r": st.booleans(), "a": st.booleans()}), min_size=5, max_size=5))
def test_every_figure_is_a_share(said: list[dict[str, bool]]) -> None:
    """Whatever is said, each figure lies between 0 and 1, and so do both ends of its interval around the mean."""
    verdicts = {gold.item: Said(one["r"], one["a"], {}) for gold, one in zip(GOLD, said, strict=True)}
    marks = scored(verdicts)[1].marks
    case = groups(GOLD, counts(GOLD, verdicts))
    of_case, of_mean = intervals([case], seed=1, times=20)
    assert of_case == of_mean
    assert all(0 <= one <= 1 for ends in (*of_mean, marks) for one in ends)


def test_the_reports_of_one_happening_are_drawn_together() -> None:
    """Five items of four happenings are four groups, which add up to the whole; the same seed draws the same."""
    told = counts(GOLD, SAID)
    together = groups(GOLD, told)
    assert len(together) == 4
    assert sum(together, Counter()) == sum(told, Counter())
    first, again, other = (intervals([together, together], seed=seed) for seed in (1, 1, 2))
    assert first == again != other
    assert first[0].low.relevance <= mean([figures(sum(told, Counter())).marks]).relevance <= first[0].high.relevance
