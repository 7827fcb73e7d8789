"""Numerals that are no quantities: dates, years, clock times, scores, ordinals, and parts of names."""

import re

from tracker.domain.number_words import Numeral
from tracker.domain.places import COUNTRY, SEAT
from tracker.domain.words import bag

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DATE_BEFORE = re.compile(rf"\b{_MONTH}\s+(?:the\s+)?(?:\d{{1,2}}\s*(?:-|to|and|or|through|,)\s*)*$", re.IGNORECASE)
_DATE_AFTER = re.compile(
    rf"\s*(?:-|(?:to|and|or|through)\s+)?\s*(?:\d{{1,2}}\s*)?(?:of\s+)?{_MONTH}(?!\w)", re.IGNORECASE
)
_DAYS_AFTER = re.compile(rf"(?:\s*(?:-|,|\bto\b|\band\b|\bor\b)\s*\d{{1,2}})*\s+{_MONTH}", re.IGNORECASE)
_YEAR_AFTER = re.compile(rf"{_MONTH}\s+\d{{1,2}},?\s+$", re.IGNORECASE)
_CLOCK = re.compile(r"(?::\d\d)|\s*(?:[ap]\.?m\b\.?|o'clock|gmt|utc|cet|hours? (?:gmt|local))", re.IGNORECASE)
_AGO = re.compile(
    r"[- ](?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies))\s+ago\b", re.IGNORECASE
)
_GLUED_BEFORE = re.compile(r"(?:[^\W\d_][-.'/]|[#@:/_\\]|\d[:/.-]|\bno\.?\s)$", re.IGNORECASE)
_GLUED_AFTER = re.compile(r"[:/]\d|-[A-Z]+\d|(?:st|nd|rd|th)\b|-?[A-Z]\b(?!\w)|'s\b|/\w", re.IGNORECASE)
_DESIGNATES = re.compile(
    r"\b(?:article|chapter|section|resolution|flight|highway|route|channel|page|room|gate|group of|title|amendment"
    r"|phase|stage|level|category|type|grade"
    r"|version|covid|apollo|crew|mirage|leopard|challenger|abrams|boeing|airbus|falcon|soyuz|starship|typhoon"
    r"|gripen|formula|windows|iphone|galaxy"
    r"|model|mark|series|episode|season|part|volume|lot|unit|reactor|units|platform|terminal|line|day|week|year"
    r"|round|zone|area|sector|district|ward"
    r"|precinct|unit|brigade|division|battalion|regiment|top|ps|xbox|opec|union|news|fm|radio|agenda|vision|catch"
    r"|basel|euro|pier|bay|hall"
    r"|world cup|olympics|paris|tokyo|rio|cop|expo|super bowl|game|match|question|proposition|prop|measure|tier"
    r"|class|schedule|no|number)[ -]+$",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"(?:^|[\s(\"'])([A-Z][\w'&-]*)\s+$")
_ADDRESS = re.compile(r"\s+(?:[A-Z][\w'.]+\s+){1,3}(?:Street|St|Avenue|Road|Lane|Square|Boulevard|Drive)\b")
_DOES = re.compile(r"\s+(?:will|would|could|is|was|has|had)\b")
_COUNTED_NEXT = re.compile(
    r"\s+(?:(?!(?:is|was|has|does|says|as|its|this|in|on|at|to|for)\b)[a-z][\w-]*\s+){0,2}?(?!(?:is|was|has|does"
    r"|says|as|its|this|plus|goes|takes|makes|gets)\b)[a-z][\w-]*(?:s|men|ople|aff|craft|ice|dren|ead|sing)\b"
)
_MEASURED_NEXT = re.compile(
    r"\s?(?:%|percent|per cent|km|kg|million|billion|thousand|hundred|trillion|dollars|euros|pounds|feet|foot"
    r"|metres|meters|miles|tonnes|tons|people|hours|acres|hectares|barrels|yards|mw)\b|%|-(?:year|day|month|week"
    r"|hour|mile|member|seat|strong)"
)
_AGED = re.compile(r"\b(?:aged?|as young as|as old as)\s+(?:\d{1,2}(?:,| and|, and| to)\s+){0,4}$", re.IGNORECASE)
_JETLINER = re.compile(r"7[0-8]7")
_THE = re.compile(r"\b(?:the|a|an|its|this|of)\s+$", re.IGNORECASE)
_LEADS = bag(
    """
    some about around over nearly almost roughly at least the a an another only just these those its their his her our
    all more than up to under below above between from with for of in on and or but by kills killed kill injures
    injured wounds wounded cut cuts after as when where while that which if to into against both other says said hits
    hit leaves left see sees saw send sends sent buy buys bought is are was were has have had adds added gives gave
    gets got takes took wins won loses lost rises rose falls fell gains gained drops dropped raises raised pays paid
    costs cost gave arrests arrested frees freed rescues rescued evacuates evacuated displaces displaced approximately
    estimated
    """
)
_ONE_OUT = re.compile(
    r"\s+(?:of\b|another\b|thing\b|day\b|point\b|side\b|way\b|hand\b|time\b|by one\b|year's\b|where\b|who\b|that\b"
    r"|which\b|is\b|was\b|has\b|could\b|can\b|would\b|might\b|may\b|should\b|in\b|to\b|for\b|on\b|at\b|as\b|with\b)"
    r"|-(?:on-one|off|sided|time)\b|'s\b|[.,;:!?)]|$",
    re.IGNORECASE,
)
_ONE_BEFORE = re.compile(
    r"\b(?:no|any|every|some|the|this|that|each|which|another|only|loved|little|big|new|old|first|last|such a"
    r"|number|day|square|phase|level|tier|not|as)\s+$",
    re.IGNORECASE,
)
_SCORE = re.compile(
    r"^\s?-\s?\d{1,3}\b(?!\.\d)(?!\s?(?:%|percent|per cent|million|billion|thousand|years?|days?|weeks?|months?|hours?"
    r"|minutes?|km|miles?))"
)
_PLAYS = re.compile(
    r"\b(?:beat|beats|won|win|wins|lost|lose|defeat\w*|draw|drew|score[sd]?|lead|leads|led|victor\w*|final|match"
    r"|set|sets|goal|vote[sd]?|voting|thrash\w*|edge[sd]?)\b",
    re.IGNORECASE,
)
_NEAR = 300  # characters
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_FOUR, _UP_TO_TWO, _UP_TO_THREE = re.compile(r"\d{4}"), re.compile(r"\d{1,2}"), re.compile(r"\d{1,3}")
_TIME = re.compile(r"\d{1,2}(?:\.[0-5]\d)?")
_DAY_OF_MONTH = re.compile(r"0?[0-9]|[12][0-9]|3[01]")
_BOUND_BEFORE = re.compile(
    r"(?:[$€£]|\b(?:about|some|nearly|almost|at least|more than|up to|roughly|approximately|fewer than|than)\s)$",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(r"\b(?:until|till) at least $")
_OF_TIME = re.compile(
    r"\b(?:in|since|of|by|until|from|during|for|the|and|late|early|mid|to|before|after|through|spring|summer|autumn"
    r"|winter|fall|year|between)[ -]$",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"-(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)\b", re.IGNORECASE)
_WHOLE = re.compile(r"\s(?:of|the|its|their|all)\s|[ -]majority|\san?\s", re.IGNORECASE)
_BY = re.compile(r"\bby\s+(?:[a-z]+\s+){0,3}$", re.IGNORECASE)
_PARTS = re.compile(
    r"(?:two|three|four|nine|[2-9])[ -](?:third|quarter|fourth|fifth|sixth|eighth|tenth)s", re.IGNORECASE
)
_RANKED = re.compile(r"\bthe\s+$", re.IGNORECASE)
_RANK = re.compile(r"(?:third|quarter|fourth|fifth|sixth|eighth|tenth)", re.IGNORECASE)
_DEGREES = re.compile(r"[CF]\b")
_PHONE = re.compile(
    r"(?:\+\d{1,3}|(?<![\w.,])0\d{1,4})(?:[ -]\(?\d{2,4}\)?){2,5}(?!\w)|(?<![\w-])\d{3}-\d{3}-\d{4}(?!\w)"
)
_VOTES = re.compile(
    r"\b(?:vot(?:e|es|ed|ing)|(?:approv|adopt|ratif|reject|confirm|endors)\w+)\s(?:[a-z]+\s){0,4}(?:\d{1,3}-)?$",
    re.IGNORECASE,
)
_VOTE = re.compile(r"(?:-\d{1,3})?[ -](?:party-line )?vote\b", re.IGNORECASE)
_ONE_PART = re.compile(
    r"\b(?:first|second|third|fourth|last|next|this|final|fiscal|each|every|per|previous|current)\s+$", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"\b(?:phase|chapter|article|level|day|group of|act|part|episode|season|game|number|round|week)\s+$", re.IGNORECASE
)
_SCORED = re.compile(r"\d\s?-\s?$")
_AGE_BEFORE = re.compile(r"[^\W\d][\w'-]+,\s$")
_TALLY = re.compile(r"(?:\s+to\s+|\s*-\s*)\d")


def is_no_quantity(text: str, numeral: Numeral) -> bool:
    """Say whether a numeral is part of a date, a clock time, a score, an age between commas or a name."""
    before, after = text[max(0, numeral.start - 60) : numeral.start], text[numeral.end : numeral.end + 60]
    digits = text[numeral.start : numeral.end]
    if numeral.kind != "digits":
        return _no_spelled(before, after, numeral) or (numeral.kind == "share" and _no_share(before, after, digits))
    return (
        _in_date(before, after, digits)
        or bool(_AGO.match(after))
        or _is_glued(before, after)
        or _reads_as_year(before, after, digits)
        or _is_score(_around(text, numeral), before, after, digits)
        or _in_name(before, after, digits)
    )


def _is_glued(before: str, after: str) -> bool:
    if _GLUED_AFTER.match(after) and not _DEGREES.match(after):
        return True
    prefixed = re.search(r"\b(?:pre|mid|post|sub|non|pro|over|sub|near|about)-$", before)
    return bool(_GLUED_BEFORE.search(before)) and not prefixed and not is_tally(before, after)


def is_tally(before: str, after: str) -> bool:
    """Say whether the numbers between two texts are votes for and against: "approved it 312-110", "a 217-213 vote"."""
    return bool(_VOTES.search(before) or _VOTE.match(after))


def phone_numbers(text: str) -> list[tuple[int, int]]:
    """Return where the numbers stand that one calls."""
    return [match.span() for match in _PHONE.finditer(text)]


def _no_share(before: str, after: str, said: str) -> bool:
    """Say whether a part is a rank ("the third of its class"), or of nothing ("came third")."""
    if _WHOLE.match(after):
        return bool(_RANK.fullmatch(said) and _RANKED.search(before))
    return not (_PARTS.fullmatch(said) or _BY.search(before))


def _no_spelled(before: str, after: str, numeral: Numeral) -> bool:
    if _AGO.match(after) or re.match(r"\s*(?:o'clock|a\.m|p\.m)", after) or _DATE_AFTER.match(after):
        return True
    if numeral.kind == "spelled" and (_ORDINAL.match(after) or _AGED.search(before)):
        return True
    if numeral.kind == "spelled" and numeral.high == 1:
        return bool(_ONE_OUT.match(after) or _ONE_BEFORE.search(before))
    return bool(_ONE_PART.search(before) if numeral.kind == "share" else _NUMBERED.search(before))


def _in_date(before: str, after: str, digits: str) -> bool:
    if _CLOCK.match(after) and _TIME.fullmatch(digits):
        return True
    if not _DAY_OF_MONTH.fullmatch(digits):
        return bool(_FOUR.fullmatch(digits) and _YEAR_AFTER.search(before))
    return bool(_DATE_BEFORE.search(before) or _DATE_AFTER.match(after) or _DAYS_AFTER.match(after))


def is_day(text: str, start: int, end: int) -> bool:
    """Say whether the figure at [start, end) of a text is part of a date: "1 June", and "31 February" no less."""
    return _in_date(text[max(0, start - 60) : start], text[end : end + 60], text[start:end])


def is_year(text: str, start: int, end: int) -> bool:
    """Say whether the four digits at [start, end) of a text name a year."""
    before, after = text[max(0, start - 60) : start], text[end : end + 60]
    named = re.search(r"[A-Z][\w-]+\s$", re.sub(r"^(\W*)\w+\s$", r"\1", before))
    return _reads_as_year(before, after, text[start:end]) and not named


def _reads_as_year(before: str, after: str, digits: str) -> bool:
    """Say whether four digits are a year: from 1800 to 2099, no bound before, no unit or counted noun behind."""
    if not _YEAR.fullmatch(digits) or _MEASURED_NEXT.match(after) or _BOUND_BEFORE.search(before):
        return bool(_AT_LEAST.search(before)) and not _COUNTED_NEXT.match(after)
    return bool(_OF_TIME.search(before)) or not (int(digits) % 50 == 0 and _COUNTED_NEXT.match(after))


def _around(text: str, numeral: Numeral) -> str:
    """Return the neighbourhood of a numeral: a sentence, and no more of a text without an end."""
    return text[max(0, numeral.start - _NEAR) : numeral.end + _NEAR]


def _is_score(text: str, before: str, after: str, digits: str) -> bool:
    if not _UP_TO_THREE.fullmatch(digits) or is_tally(before, after):
        return False
    score = _SCORE.match(after)
    if score:
        return int(score.group().strip(" -")) <= int(digits) or bool(_PLAYS.search(text))
    return bool(_SCORED.search(before) and _PLAYS.search(text) and not _MEASURED_NEXT.match(after))


def _in_name(before: str, after: str, digits: str) -> bool:
    if _MEASURED_NEXT.match(after):
        return False
    if (
        _DESIGNATES.search(before)
        or _ADDRESS.match(after)
        or _AGED.search(before)
        or (_JETLINER.fullmatch(digits) and _THE.search(before))
    ):
        return True
    if _AGE_BEFORE.search(before) and after.startswith(",") and _UP_TO_TWO.fullmatch(digits):
        return True
    word = _CAPITALISED.search(before)
    if not word or not digits.isdigit() or _COUNTED_NEXT.match(after) or _TALLY.match(after):
        return False
    lowered = word.group(1).lower().removesuffix("'s")
    if _DOES.match(after) and lowered not in _LEADS:
        return True
    return not (lowered in _LEADS or lowered in COUNTRY or lowered in SEAT or lowered.endswith(("ed", "s")))
