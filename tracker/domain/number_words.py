"""Numerals in English text: digits, spelled-out numbers, fractions, and vague ones such as "dozens"."""

import re
from dataclasses import dataclass

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_TEENS = "seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(f"{_ONES} {_TEENS}".split())}
_SMALL |= {word: 10 * value for value, word in enumerate(_TENS.split(), start=2)}
_SCALES = {
    "dozen": 12.0,
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "lakh": 1e5,
    "million": 1e6,
    "mln": 1e6,
    "mn": 1e6,
    "m": 1e6,
    "crore": 1e7,
    "billion": 1e9,
    "bln": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_GLYPHS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}

_WORD = rf"(?:{'|'.join(sorted(_SMALL, key=len, reverse=True))})"
_BIG = r"(?:dozen|hundred|thousand|million|billion|trillion|lakh|crore)"
_AND = r"(?:(?<=hundred)|(?<=thousand)|(?<=million))[ ]and[ ]"
_SPELLED = rf"(?:an?[ ]{_BIG}|{_WORD})(?:(?:[ -]|{_AND})(?:{_WORD}|{_BIG})\b)*"
# Thousands set off as here, in India, in Germany ("1.750" is a decimal), Switzerland, France.
_GROUPED = (
    r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,9})?|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}|[0-9]{1,3}(?:\.[0-9]{3}){2,}|[1-9][0-9]{0,2}\.000(?![0-9])"
    r"|[0-9]{1,3}(?:'[0-9]{3})+|[0-9]{1,3}(?:[ ][0-9]{3})+(?![0-9,.])"
)
_DIGITS = rf"{_GROUPED}|[0-9]{{1,15}}(?:\.[0-9]{{1,9}})?|\.[0-9]{{1,6}}"
_UNIT = r"percentage|per[ ]cent|point|hour|day|week|month|year|century|decade|mile|kilomet|met(?:er|re)|tonne?"
_OF_A = rf"(?=[ -](?:million|billion|dozen|trillion|{_UNIT}))"
_SCALED = r"[ -](?:million|billion|dozen|point|percentage[ ]point)"
_SHARED = (
    rf"(?=[ ](?:of|the|its|their|all)[ ]|[ -]majority|[ ]an?{_OF_A}|{_SCALED}|[.,;:)]|$"
    r"|[ ](?:to|from|since|in|over|on|after|between|compared)[ ])"
)
# Units that are glued to digits: "1.2kg", "41C".
_GLUED = r"(?:p\.?ct?|kms?|kgs?|[cm]m|ft|mph|k[mp]h|[kMG]W|TWh|ha|lbs?|oz|hrs?|mins?|secs?|k?m[²2]|(?-i:[CF]))(?!\w)"
NUMERAL = re.compile(
    rf"""
    (?<![\w.,])(?:
      (?P<vague>(?:(?P<few>several|a[ ]few|some[ ]few|a[ ]couple[ ]of|a[ ]couple|many|multiple)[ ])?
         (?P<tens>tens|hundreds|dozens|scores|thousands|millions|billions|dozen|hundred|thousand|million|billion)
         (?:[ ]of[ ](?P<of>thousands|millions|billions|trillions))?)
    | (?P<share>(?:(?P<part_n>an?|one|two|three|four|nine|[1-9])[ -])?
         (?P<part>half|third|quarter|fourth|fifth|sixth|eighth|tenth)s?{_SHARED})
    | (?P<few_alone>several|a[ ]few|a[ ]couple[ ]of|a[ ]couple|a[ ]pair[ ]of|a[ ]handful[ ]of|a[ ]dozen)
    | (?P<spelled>{_SPELLED})
    | (?P<digits>{_DIGITS})(?P<glyph>[½¼¾⅓⅔])?
    | (?P<lone_glyph>[½¼¾])
    )
    (?P<half>[ ]and[ ]a[ ](?:half|quarter))?
    (?:(?<![0-9])(?P<of_a>(?:[ ]of)?[ ]an?{_OF_A}))?
    (?:(?:[ -]|(?<=[0-9]))
       (?P<scale>dozen|hundred|thousand|million|billion|trillion|mln|bln|lakh|crore|mn|bn|tn)s?(?![\w])
       |(?<=[0-9])(?P<letter>[kmb])(?!\w))?
    (?:(?![\w])(?!\.[0-9])|(?<=[0-9])(?={_GLUED}))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FEW = {"several": (3, 9), "a few": (2, 5), "some few": (2, 5), "a couple": (2, 3), "many": (3, 9), "multiple": (2, 9)}
_ALONE = {**_FEW, "a pair": (2, 2), "a handful": (3, 7), "a dozen": (12, 12)}


_POINTS = re.compile(r"[ -](?:percentage[ ])?points?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral as it stands at [start, end) of a text: its least and greatest value.

    `kind` is "digits", "spelled", "vague" or "share" (a part of a whole, in percent); `letter` is the one-letter scale
    glued to digits ("m" may mean metres, so it is not yet multiplied in); `scaled` says whether a scale word was read.
    """

    start: int
    end: int
    low: float
    high: float
    kind: str
    letter: str = ""
    scaled: bool = False


def read_numeral(match: re.Match[str]) -> Numeral:
    """Return the numeral that a match of NUMERAL found."""
    kind, low, high = _value(match)
    scale = _SCALES.get((match["scale"] or "").lower(), 1.0)
    if match["half"]:
        step = (0.5 if match["half"].endswith("half") else 0.25) * _last_scale(match["spelled"])
        low, high = low + step, high + step
    if kind == "share" and (scale > 1 or match["of_a"] or _POINTS.match(match.string, match.end())):
        kind, scale = "spelled", scale / 100
    scaled = scale > 1 or (kind == "spelled" and low >= _SCALES["thousand"])
    letter = (match["letter"] or "").lower()
    return Numeral(match.start(), match.end(), low * scale, high * scale, kind, letter, scaled)


def _last_scale(phrase: str | None) -> float:
    """Return the scale that a number in words ends with: the half of "a million and a half" is one of a million."""
    return _SCALES.get(re.split("[ -]", (phrase or "").lower())[-1], 1.0)


def letter_scale(letter: str) -> float:
    """Return what a one-letter scale multiplies by."""
    return _SCALES[letter]


def _value(match: re.Match[str]) -> tuple[str, float, float]:
    if match["vague"]:
        return ("vague", *_vague(match))
    if match["share"]:
        part = 100 * _count(match["part_n"]) / _PARTS[match["part"].lower()]
        return "share", part, part
    if match["few_alone"]:
        low, high = _ALONE[match["few_alone"].lower().removesuffix(" of")]
        return "vague", float(low), float(high)
    if match["spelled"]:
        value = spelled(match["spelled"])
        return "spelled", value, value
    value = _figures(match["digits"] or "0") + _GLYPHS.get(match["glyph"] or match["lone_glyph"] or "", 0.0)
    return "digits", value, value


def _figures(digits: str) -> float:
    """Return the value of digits; of several points each only parts thousands, and so does one before three zeros."""
    return float(re.sub("[., ']" if digits.count(".") > 1 or digits.endswith(".000") else "[, ']", "", digits))


def _vague(match: re.Match[str]) -> tuple[float, float]:
    """Return what vague words commonly mean: "dozens" two to eight dozen, "several hundred" three to nine."""
    few, word = (match["few"] or "").lower().removesuffix(" of"), match["tens"].lower()
    if (few and not word.endswith("s")) or (few and word in ("hundreds", "thousands")):
        low, high = _FEW[few]
        unit = _SCALES[word.removesuffix("s")]
        return low * unit, high * unit + (unit - 1 if few == "several" else 0)
    times = _SCALES[match["of"].lower().removesuffix("s")] if match["of"] else 1.0
    low, high = {"tens": (20, 99), "dozens": (24, 99), "scores": (40, 99)}.get(word, (0, 0))
    if not high:
        unit = _SCALES[word.removesuffix("s")]
        low, high = int(2 * unit), int(10 * unit - 1)
    return low * times, high * times


def _count(word: str | None) -> int:
    lowered = (word or "one").lower()
    return int(lowered) if lowered.isdigit() else _SMALL.get(lowered, 1)


def spelled(phrase: str) -> float:
    """Return the value of a number in words, such as "two hundred and fifty thousand"."""
    total = group = 0.0
    for word in re.split(r"[ -]+", phrase.lower()):
        if word in _SMALL:
            group += _SMALL[word]
        elif word in ("hundred", "dozen"):
            group = (group or 1) * _SCALES[word]
        elif word in _SCALES:
            total, group = total + (group or 1) * _SCALES[word], 0.0
    return total + group
