"""Units of measure and money as news writes them, their canonical names, and what converts into what."""

import re

_CURRENCY_WORDS = {
    "dollar": "USD",
    "buck": "USD",
    "euro": "EUR",
    "pound": "GBP",
    "quid": "GBP",
    "yen": "JPY",
    "yuan": "CNY",
    "renminbi": "CNY",
    "ruble": "RUB",
    "rouble": "RUB",
    "rupee": "INR",
    "hryvnia": "UAH",
    "zloty": "PLN",
    "krona": "SEK",
    "kronor": "SEK",
    "krone": "NOK",
    "kroner": "NOK",
    "franc": "CHF",
    "lira": "TRY",
    "won": "KRW",
    "rand": "ZAR",
    "real": "BRL",
    "reais": "BRL",
    "peso": "MXN",
    "shekel": "ILS",
    "dirham": "AED",
    "riyal": "SAR",
    "forint": "HUF",
    "leu": "RON",
    "lei": "RON",
    "naira": "NGN",
}
_CODES = (
    "USD EUR GBP JPY CNY RUB INR UAH PLN SEK NOK DKK CHF TRY KRW ZAR BRL MXN ILS AED SAR HUF RON NGN CAD AUD NZD "
    "HKD SGD"
)
_SYMBOLS = {
    "US$": "USD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "S$": "SGD",
    "R$": "BRL",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₽": "RUB",
    "₴": "UAH",
    "₩": "KRW",
    "₪": "ILS",
    "₺": "TRY",
}
_OF_COUNTRY = {
    ("dollar", "canadian"): "CAD",
    ("dollar", "australian"): "AUD",
    ("dollar", "hong kong"): "HKD",
    ("dollar", "new zealand"): "NZD",
    ("dollar", "singapore"): "SGD",
    ("krone", "danish"): "DKK",
    ("kroner", "danish"): "DKK",
    ("pound", "egyptian"): "EGP",
    ("pound", "syrian"): "SYP",
    ("pound", "lebanese"): "LBP",
    ("peso", "argentine"): "ARS",
    ("peso", "chilean"): "CLP",
    ("peso", "colombian"): "COP",
    ("peso", "philippine"): "PHP",
    ("rupee", "pakistani"): "PKR",
    ("yuan", "chinese"): "CNY",
}
_MEASURES = {
    r"%|per[ -]?cent(?!ile)|p\.?ct?|percent": "percent",
    r"(?:percentage[ -]points?|pp|ppts?)": "percentage point",
    r"(?:basis[ -]points?|bps)": "basis point",
    r"seconds?|secs?": "second",
    r"minutes?|mins?": "minute",
    r"hours?|hrs?": "hour",
    r"days?": "day",
    r"nights?": "night",
    r"weeks?": "week",
    r"fortnights?": "fortnight",
    r"months?": "month",
    r"years?|yrs?": "year",
    r"decades?": "decade",
    r"centur(?:y|ies)": "century",
    r"cubic[ -]met(?:er|re)s?|m³": "cubic metre",
    r"cubic[ -](?:feet|foot)": "cubic foot",
    r"square[ -]kilomet(?:er|re)s?|sq\.? ?km|km²|km2": "square km",
    r"square[ -]miles?|sq\.? ?mi(?:les?)?": "square mile",
    r"square[ -]met(?:er|re)s?|sq\.? ?m|m²|m2": "square metre",
    r"square[ -](?:feet|foot)|sq\.? ?ft": "square foot",
    r"hectares?|ha": "hectare",
    r"acres?": "acre",
    r"kilomet(?:er|re)s? (?:per|an) hour|km/h|kph|kmh": "km/hour",
    r"miles (?:per|an) hour|mph": "mile/hour",
    r"knots?": "knot",
    r"kilomet(?:er|re)s?|kms?": "km",
    r"nautical miles?": "nautical mile",
    r"miles?|mi": "mile",
    r"light[ -]years?": "light year",
    r"millimet(?:er|re)s?|mm": "mm",
    r"centimet(?:er|re)s?|cms?": "cm",
    r"met(?:er|re)s?|m": "metre",
    r"feet|foot|ft": "foot",
    r"inch(?:es)?": "inch",
    r"yards?": "yard",
    r"kilograms?|kilogrammes?|kilos?|kgs?": "kg",
    r"tonnes?|tons?|metric tons?|mt": "tonne",
    r"grams?|grammes?": "gram",
    r"cents?|pence|pennies": "cent",
    r"lbs?": "lb",
    r"ounces?|oz": "ounce",
    r"lit(?:er|re)s?": "litre",
    r"gallons?": "gallon",
    r"megawatts?|mw": "MW",
    r"gigawatts?|gw": "GW",
    r"kilowatts?|kw": "kW",
    r"terawatt[ -]hours?|twh": "TWh",
    r"(?:degrees? |°)(?:celsius|centigrade|c)\b|°c|(?-i:C)|degrees?(?! fahrenheit)": "celsius",
    r"(?:degrees? |°)(?:fahrenheit|f)\b|°f|(?-i:F)": "fahrenheit",
    r"kilotons?": "kiloton",
    r"megatons?": "megaton",
}
_UNIT = re.compile(
    r"(?:[ ]of)?(?P<glue>[ -]?)(?:"
    + "|".join(f"(?P<u{at}>{pattern})" for at, pattern in enumerate(_MEASURES))
    + r")(?![\w%])",
    re.IGNORECASE,
)
_NAMES = tuple(_MEASURES.values())
# A lone letter set off from the digits may be anything; "4.5 m above" is metres.
_METRES = re.compile(r" m (?:above|below|deep|high|long|wide|tall|thick|away|apart|off|under|from)\b")
_MONEY_AFTER = re.compile(
    rf"(?:[ ]of)?[ -]?(?:(?P<code>{'|'.join(_CODES.split())})\b|(?:(?P<land>u\.?s\.?|canadian|australian|hong kong"
    r"|new zealand|singapore"
    r"|danish|swedish|norwegian|swiss|egyptian|syrian|lebanese|argentine|chilean|colombian|philippine|pakistani"
    r"|indian|russian"
    rf"|polish|turkish|chinese|japanese)[ -])?(?P<word>{'|'.join(_CURRENCY_WORDS)})(?:s|es"
    r"|en)?(?: sterling)?(?!\w|'s))",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(
    rf"(?:(?P<code>\b(?:{'|'.join(_CODES.split())}))[ ]?|(?P<sign>(?:US|AU?|CA?|NZ|HK|S|R)?\$|[€£¥₹₽₴₩₪₺]"
    r"|\bRs\.?)[ ]?)$"
)
_RATE = re.compile(
    r"(?: (?:per|an?|each|every) |/|[ -]a[ -])(hour|day|week|month|year|annum|person|head|share|barrel|tonne|ton"
    r"|litre|kilo|kg|ounce)\b(?! (?:earlier|ago|later|before))",
    re.IGNORECASE,
)
TIMES = frozenset(
    {"second", "minute", "hour", "day", "night", "week", "fortnight", "month", "year", "decade", "century"}
)
# What each unit is worth in the first unit of its kind; months and years by the mean Gregorian year.
_SIZE = {
    "time": {
        "hour": 1.0,
        "second": 1 / 3600,
        "minute": 1 / 60,
        "day": 24.0,
        "night": 24.0,
        "week": 168.0,
        "fortnight": 336.0,
        "month": 730.485,
        "year": 8765.82,
        "decade": 87658.2,
        "century": 876582.0,
    },
    "length": {
        "km": 1.0,
        "mm": 1e-6,
        "cm": 1e-5,
        "metre": 1e-3,
        "mile": 1.609344,
        "nautical mile": 1.852,
        "foot": 3.048e-4,
        "inch": 2.54e-5,
        "yard": 9.144e-4,
    },
    "area": {
        "hectare": 1.0,
        "square km": 100.0,
        "square mile": 258.9988,
        "square metre": 1e-4,
        "acre": 0.4046856,
        "square foot": 9.290304e-6,
    },
    "mass": {"kg": 1.0, "tonne": 1000.0, "gram": 0.001, "lb": 0.45359237, "ounce": 0.0283495},
    "speed": {"km/hour": 1.0, "mile/hour": 1.609344, "knot": 1.852},
    "power": {"MW": 1.0, "GW": 1000.0, "kW": 0.001},
    "points": {"percentage point": 1.0, "basis point": 0.01},
}


def rate_after(after: str, unit: str, end: int) -> tuple[str, int]:
    """Return the unit with what it is counted per ("USD/week") and how far that reaches; both unchanged without."""
    match = _RATE.match(after, end) if end or unit else None
    return (f"{unit}/{match.group(1).lower()}", match.end()) if match else (unit, end)


def unit_after(after: str) -> tuple[str, int]:
    """Return the unit that the text behind a numeral opens with and its length; ("", 0) for none."""
    match = _UNIT.match(after)
    if not match or (match["glue"] and len(match[0].strip()) == 1 and "%" not in match[0] and not _METRES.match(after)):
        return "", 0
    return next(name for at, name in enumerate(_NAMES) if match[f"u{at}"]), match.end()


def money_after(after: str) -> tuple[str, int]:
    """Return the currency that the text behind a numeral opens with and its length; ("", 0) for none."""
    match = _MONEY_AFTER.match(after)
    if not match:
        return "", 0
    if match["code"]:
        return match["code"].upper(), match.end()
    word, land = match["word"].lower(), (match["land"] or "").lower()
    return _OF_COUNTRY.get((word, land), _CURRENCY_WORDS[word]), match.end()


def money_before(before: str) -> tuple[str, int]:
    """Return the currency sign that the text before a numeral ends with and its length; ("", 0) for none."""
    match = _MONEY_BEFORE.search(before)
    if not match:
        return "", 0
    sign = match["sign"] or ""
    return match["code"] or _SYMBOLS.get(sign, "INR"), len(match[0])


def factor(old: str, new: str) -> float | None:
    """Return what a value in unit `new` is multiplied by to stand in unit `old`; None where they do not convert."""
    if old == new:
        return 1.0
    for sizes in _SIZE.values():
        if old in sizes and new in sizes:
            return sizes[new] / sizes[old]
    return None
