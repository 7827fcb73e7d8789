"""Reading of the tables of phrasings: a line holds a sentence and what stands in it, in a small notation.

Quantities: "VALUE|UNIT|NOUN", VALUE one of 5, >=5, <=5, 5..9, ~5 (about), <~5 (nearly), >~5 (just over).
Dates: "[by|not before|about ]START[/END]", read against the day of publication 2024-05-31, a Friday.
"""

import json
from datetime import date
from math import isclose
from pathlib import Path
from typing import Any

from tracker.domain.quantity import Quantity, quantities
from tracker.domain.when import When, whens

PUBLISHED = date(2024, 5, 31)
DATA = Path(__file__).parent.parent / "data"


def rows(name: str) -> list[dict[str, Any]]:
    """Return the lines of a table."""
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line]


def quantities_differ(row: dict[str, Any]) -> str:
    """Return what a row expects and what was read, "" where they agree."""
    found = quantities(row["s"])
    fits = len(found) == len(row["q"]) and all(map(_is, found, row["q"]))
    return "" if fits else f"{row['s']}\n   wants {row['q']}\n   reads {[_say(each) for each in found]}"


def dates_differ(row: dict[str, Any]) -> str:
    """Return what a row expects and what was read, "" where they agree; a row may name another day of publication."""
    found = [_say_when(each) for each in whens(row["s"], row.get("published", PUBLISHED))]
    return "" if found == row["w"] else f"{row['s']}\n   wants {row['w']}\n   reads {found}"


def _say(found: Quantity) -> str:
    return f"{found.low}..{found.high}|{found.unit}|{found.noun}"


def _say_when(found: When) -> str:
    days = f"{found.start}" if found.start == found.end else f"{found.start}/{found.end}"
    return days if found.bound == "on" else f"{found.bound} {days}"


def _is(found: Quantity, wanted: str) -> bool:
    value, unit, noun = wanted.split("|")
    return (found.unit, found.noun) == (unit, noun) and _fits(found, value)


def _fits(found: Quantity, value: str) -> bool:
    low, high = found.low, found.high
    match value[:2]:
        case ">=":
            return high is None and low is not None and isclose(low, float(value[2:]))
        case "<=":
            return low is None and high is not None and isclose(high, float(value[2:]))
        case "<~":
            return high == float(value[2:]) and low is not None and 0.8 * high <= low < high
        case ">~":
            return low == float(value[2:]) and high is not None and low < high <= 1.2 * low
    if value[0] == "~":
        middle = float(value[1:])
        return found.approximate and low is not None and high is not None and 0.85 * middle <= low < middle < high
    ends = [float(end) for end in value.split("..")]
    return low is not None and high is not None and isclose(low, ends[0]) and isclose(high, ends[-1])
