"""Words of dates, and years that a date leaves out."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tracker.domain.number_words import spelled
from tracker.domain.periods import Span, nearest, part
from tracker.domain.tense import happened, tense_at

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
ANY_MONTH = MONTH.replace("?P<month>", "?:")
# A short name needs its point, or a day behind it: the Sun is a newspaper. Some days are names of feasts, clubs, films.
WEEKDAY = (
    r"(?<!Black )(?<!Good )(?<!Bloody )(?<!Ash )(?<!Palm )(?<!Easter )(?<!Holy )(?<!Maundy )(?<!Super )(?<!Cyber )"
    r"(?<!Giving )(?<!Shrove )(?<!Freaky )(?<!Sheffield )(?<!Mail on )"
    r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday"
    r"|Sunday(?!\s+(?:Times|Telegraph|Mirror|Mail|Express|Mercury|Herald|Independent|World|Post)\b)"
    r"|(?:Mon|Tues|Tue|Wed|Thurs|Thur|Thu|Fri|Sat|Sun)(?:\.|(?=,?\s+[0-9])|(?=,?\s+(?:January|February|March|April|May"
    r"|June"
    r"|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b)))"
)
LEAD_DAY = (
    r"(?:(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Tues?|Weds?|Thu(?:rs?)?|Fri|Sat"
    r"|Sun)\.?),?\s+(?:the\s+)?)?"
)
NUMBER = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?![0-9])"
ORDINAL = (
    r"(?i:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth"
    r"|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty-first|twenty-second|twenty-third"
    r"|twenty-fourth|twenty-fifth|twenty-sixth|twenty-seventh|twenty-eighth|twenty-ninth|thirtieth|thirty-first)"
)
YEAR = r"(?P<year>(?:19|20)[0-9]{2})(?![0-9])"
OF_YEAR = rf"(?:(?:,?\s+(?:of\s+)?|,\s*){YEAR}|\s+(?:of\s+)?(?P<which>last|this|next)\s+year)?"
PART = (
    r"(?P<part>early|mid|late|later|earlier|end(?!\s+(?:last|next|this|the)\b)|(?:the\s+)?(?:very\s+)?(?:beginning"
    r"|start|middle"
    r"|end|close|first\s+half|second\s+half|(?:first|last)\s+(?:few\s+)?days|(?:first|second|third|fourth|last"
    r"|final)\s+week"
    r"|(?:first|last)\s+(?:three|six|nine)\s+months)(?:\s+of|-of))"
)
RANGE = r"\s*(?:-|\bto\b|\band\b|\bor\b|\bthrough\b|\buntil\b|\btill\b)\s*"
COUNT = (
    r"(?P<count>an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty"
    r"|sixty|ninety|[0-9]{1,4}|a\s+few|few|several|a\s+couple\s+of|couple\s+of)"
)
UNIT = r"(?P<unit>hour|day|week|fortnight|month|year|decade)s?"
STEP = r"(?P<step>(?i:last|next|this|coming|past|previous|following))"
# How far each word leads from the period that publication falls in.
STEPS = {
    "last": -1,
    "past": -1,
    "previous": -1,
    "this": 0,
    "current": 0,
    "the": 0,
    "next": 1,
    "coming": 1,
    "following": 1,
}
DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "fortnight": 14.0, "month": 30.44, "year": 365.25, "decade": 3652.5}
_PARTS = {
    "later": "late",
    "earlier": "early",
    "beginning": "start",
    "middle": "mid",
    "close": "end",
    "first days": "early",
    "first few days": "early",
    "last days": "late",
    "last few days": "late",
    "final week": "last week",
}
_LATER_YEAR = re.compile(rf"(?:{RANGE}|,\s+)(?:{NUMBER}\s+)?{MONTH}(?:\s+{NUMBER})?,?\s+{YEAR}")
_NEAR = 92


@dataclass(frozen=True, slots=True)
class Place:
    """What an expression is read against: the sentence, folded, and the day of publication."""

    text: str
    published: date


Found = tuple[Span, bool] | None
"""The days of an expression, and whether nothing of them was guessed."""
Reader = Callable[[re.Match[str], Place], Found]
Rule = tuple[re.Pattern[str], Reader]


def rule(pattern: str, reader: Reader) -> Rule:
    """Return a rule of the grammar; names of months and days match as written only: "may" and "march" are verbs."""
    return re.compile(rf"(?<![\w$€£])(?<![0-9][/.-]){pattern}(?!\w)"), reader


def month_number(name: str) -> int:
    """Return 1 to 12 for the name of a month, short or long."""
    return MONTHS.index(name[:3]) + 1


def figure(text: str) -> int:
    """Return the number in "26th" or "twenty-sixth"."""
    digits = re.sub(r"\D", "", text)
    return int(digits) if digits else ORDINAL[4:-1].split("|").index(text.lower()) + 1


def part_said(match: re.Match[str], span: Span) -> Span:
    """Return the part of a period that the expression names: "early", "the end of"."""
    name = " ".join((match["part"] or "").lower().split())
    name = re.sub(r"^the |(?: |-)of$", "", name).removeprefix("very ")
    return part(span, _PARTS.get(name, name))


def size(count: str | None, *, plural: bool = False) -> float:
    """Return a count of units; "a few" and a bare plural are taken as the most that they commonly mean."""
    word = " ".join((count or "").lower().split())
    if not word:
        return 7.0 if plural else 1.0
    if word in {"a few", "few", "several"}:
        return 5.0
    if word.endswith("couple of"):
        return 2.0
    if word.isdigit():
        return float(word)
    return 1.0 if word in {"a", "an"} else spelled(word)


def later_year(match: re.Match[str], place: Place) -> int | None:
    """Return the year said behind a second date: of "June and July 2024" June has it, too."""
    found = _LATER_YEAR.match(place.text, match.end())
    return int(found["year"]) if found else None


def in_some_year(match: re.Match[str], place: Place, make: Callable[[int], Span | None]) -> Found:
    """Return the period in the year said, else in the year that brings it nearest to publication."""
    year = _year(match, place)
    if year is not None:
        span = make(year)
        return (span, True) if span else None
    near = place.published.year
    spans = [span for each in (near - 1, near, near + 1) if (span := make(each))]
    return (_by_tense(spans, match, place), False) if spans else None


def _year(match: re.Match[str], place: Place) -> int | None:
    if match["year"]:
        return int(match["year"])
    if match["which"]:
        return place.published.year + STEPS[match["which"].lower()]
    return later_year(match, place)


def _by_tense(spans: list[Span], match: re.Match[str], place: Place) -> Span:
    """Return the nearest period; one more than three months off gives way to the side that the tense points to."""
    published = place.published
    best = nearest(spans, published)
    if happened(place.text, match.start()) and best[0] > published:
        return max((span for span in spans if span[0] <= published), default=best)
    if min(abs((end - published).days) for end in best) <= _NEAR:
        return best
    tense = tense_at(place.text, match.start(), match.end())
    if tense == "past" and best[0] > published:
        return max((span for span in spans if span[0] <= published), default=best)
    if tense == "future" and best[1] < published:
        return min((span for span in spans if span[1] >= published), default=best)
    return best
