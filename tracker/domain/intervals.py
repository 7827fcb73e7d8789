"""How two quantities stand to each other, by interval arithmetic."""

from dataclasses import replace
from decimal import Decimal
from math import inf, isclose, isfinite
from typing import Literal

from tracker.domain.nouns import same_noun, wider_noun
from tracker.domain.quantity import Quantity
from tracker.domain.units import factor

Comparison = Literal["same", "different", "narrower", "incomparable"]

_ROUNDED = 1000


def compare(old: Quantity, new: Quantity) -> Comparison:
    """Say how a new quantity stands to a known one.

    "same": they agree and the new one says no more than the old; "narrower": the new one lies inside the old and says
    substantially more ("dozens" and then "37"); "different": no value satisfies both; "incomparable": another unit,
    another noun, or a bare number that may count anything. Different and incomparable hold both ways round; where one
    way is "same" the other is "same" or "narrower".
    """
    times = factor(old.unit, new.unit)
    if times is None or not (same_noun(old.noun, new.noun) or wider_noun(old.noun, new.noun)):
        return "incomparable"
    found = _intervals(old, _scaled(new, times), coarse=times != 1.0)
    if found == "different" and _unsure(old, new):
        return "incomparable"
    return found


def _unsure(old: Quantity, new: Quantity) -> bool:
    """A general noun or a missing one may count something else: agreement still tells, disagreement does not."""
    return not same_noun(old.noun, new.noun) or (
        old.unit == "" and not (old.noun and new.noun) and old.noun != new.noun
    )


def _scaled(quantity: Quantity, times: float) -> Quantity:
    if times == 1.0:
        return quantity
    low = None if quantity.low is None else quantity.low * times
    return replace(quantity, low=low, high=None if quantity.high is None else quantity.high * times)


def _intervals(old: Quantity, new: Quantity, *, coarse: bool) -> Comparison:
    a, b = _ends(old), _ends(new)
    if a == b or _rounds(a, b, coarse=coarse):
        return "same"
    if a[1] < b[0] or b[1] < a[0]:
        return "different"
    inside = a[0] <= b[0] and b[1] <= a[1]
    return "narrower" if inside and not (old.approximate and _is_tight(a)) and not _touches_bound(a, b) else "same"


def _ends(quantity: Quantity) -> tuple[float, float]:
    return (-inf if quantity.low is None else quantity.low, inf if quantity.high is None else quantity.high)


def _is_tight(ends: tuple[float, float]) -> bool:
    """An interval of a tenth either side is a rounded value, not a vague one."""
    return isfinite(ends[0]) and isfinite(ends[1]) and ends[1] - ends[0] <= 0.21 * abs(ends[0] + ends[1]) / 2


def _touches_bound(old: tuple[float, float], new: tuple[float, float]) -> bool:
    """Say whether a value only repeats a bound: "at least 577", and then "577"."""
    return new[0] == new[1] and new[0] in old


def _rounds(a: tuple[float, float], b: tuple[float, float], *, coarse: bool) -> bool:
    """Say whether two exact values are one value rounded differently: 22.94 and 23, 32,950 and 33,000."""
    if a[0] != a[1] or b[0] != b[1] or inf in (*a, *b):
        return False
    x, y = a[0], b[0]
    if isclose(x, y, rel_tol=1e-9) or (coarse and isclose(x, y, rel_tol=0.03)):
        return True
    step = max(_grain(x), _grain(y))
    return abs(x - y) <= step / 2 and isclose(x, y, rel_tol=0.025)


def _grain(value: float) -> float:
    """Return the size of the last digit that a value was given to; trailing zeros count from 1,000 on."""
    exponent = Decimal(repr(value)).normalize().adjusted() - len(Decimal(repr(value)).normalize().as_tuple().digits) + 1
    return float(10.0 ** (exponent if exponent <= 0 or value >= _ROUNDED else 0))
