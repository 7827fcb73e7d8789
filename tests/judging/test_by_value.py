"""Two texts that differ in nothing but their values."""

from datetime import date

import pytest

from tracker.judging.by_value import by_value, days
from tracker.judging.pairing import compared

DAY = date(2031, 3, 2)


@pytest.mark.parametrize(
    ("claim", "sentence", "answer"),
    [
        ("The quay cost $1.2 billion.", "The quay cost $1.2 million.", "denies"),
        ("The quay cost $1.2 billion.", "The quay cost 1,200 million dollars.", "corroborates"),
        ("The quay cost $1.2bn.", "The quay cost $1,200m.", "corroborates"),
        ("The quay cost more than $3 million.", "The quay cost $4 million.", "corroborates"),
        ("The quay cost more than $3 million.", "The quay cost $2 million.", "denies"),
        ("The quay cost more than $3 million.", "The quay cost $3 million.", None),
        ("The quay opens on 1 June.", "The quay opens on 5 June.", "denies"),
        ("The quay opens on 1 June 2031.", "The quay opens on 1 June.", "corroborates"),
        ("The quay opens in the third quarter.", "The quay opens in August.", "corroborates"),
        ("The quay opens in the third quarter.", "The quay opens in May.", "denies"),
        ("The quay opens in August.", "The quay opens in the third quarter.", None),
        ("The quay opens on Friday.", "The quay opens on Monday.", None),
        ("The quay has 3 cranes and 5 sheds.", "The quay has 5 cranes and 3 sheds.", "denies"),
        ("The quay cost $3 million.", "The pier cost $4 million.", None),
        ("The quay has cranes.", "The quay has cranes.", None),
    ],
)
def test_values_decide_where_all_else_is_the_same(claim: str, sentence: str, answer: str | None) -> None:
    """Scales, currencies, bounds, periods are reckoned; other words, or days without a calendar, decide nothing."""
    found = by_value(claim, sentence, days(claim, sentence, None))
    assert (found.answer if found else None) == answer


@pytest.mark.parametrize("chances", [(0.6, 0.3, 0.1), (0.1, 0.3, 0.6), (0.2, 0.7, 0.1)])
def test_the_values_win_over_what_is_read(chances: tuple[float, float, float]) -> None:
    """Whatever a model reads, the answer is that of the values, with the greatest chance, and its field is named."""
    found = compared("The quay cost $1.2 billion.", "The quay cost $1.2 million.", DAY, chances)
    assert (found.relation, found.field, found.old, found.new) == ("denies", "quantity", "$1.2 billion", "$1.2 million")
    assert found.chances[1] == max(chances)
    assert sorted(found.chances) == sorted(chances)


def test_a_day_of_a_month_is_a_date_and_no_figure() -> None:
    """Without a day of publication days are compared as said; one that the calendar lacks is no quantity, either."""
    found = compared("The vote is on 1 June.", "The vote was postponed to 5 June.", None, (0.1, 0.8, 0.1))
    assert (found.field, found.old, found.new) == ("date", "1 June", "5 June")
    lacking = compared("The vote is on 31 February.", "The vote was put on 28 February.", None, (0.1, 0.8, 0.1))
    assert lacking.field != "quantity"
