"""The counted noun after or before a numeral, as a lemma, and which nouns count the same things."""

import re

from tracker.domain.words import STOP, bag, singular

_STEP = re.compile(r"[\s\"'(]*([^\W\d_][\w']*(?:-[\w']+)*|\d[\w-]*|[^\w\s])")
_LEAD = re.compile(
    r"(?:\s+(?:out\s+)?of(?:\s+(?:the|its|their|his|her|our|these|those|all|such))*(?=\s))?(?:\s+(?:the|its"
    r"|their))?"
)
_NUMBER_AFTER_OF = re.compile(
    r"\s*(?:\d[\d,.]*|[a-z]+teen|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty)\b\s*", re.IGNORECASE
)
_IRREGULAR = {
    "people": "person",
    "persons": "person",
    "men": "man",
    "women": "woman",
    "children": "child",
    "lives": "life",
    "wives": "wife",
    "knives": "knife",
    "wolves": "wolf",
    "leaves": "leaf",
    "feet": "foot",
    "teeth": "tooth",
    "mice": "mouse",
    "crises": "crisis",
    "analyses": "analysis",
    "buses": "bus",
    "viruses": "virus",
    "campuses": "campus",
    "bases": "base",
    "series": "series",
    "species": "species",
    "criteria": "criterion",
    "deaths": "dead",
    "death": "dead",
    "dead": "dead",
    "killed": "dead",
    "fatalities": "dead",
    "fatality": "dead",
    "injured": "injured",
    "wounded": "injured",
    "hurt": "injured",
    "injuries": "injured",
    "injury": "injured",
    "missing": "missing",
    "displaced": "displaced",
    "homeless": "homeless",
    "arrested": "arrest",
    "detained": "arrest",
    "percent": "percent",
    "premises": "premises",
    "gases": "gas",
    "gas": "gas",
    "yes": "yes",
}
_MASS = bag(
    """
    people men women children police staff personnel aircraft spacecraft hovercraft cattle sheep fish crew military
    infantry cavalry clergy policemen servicemen firemen fishermen businessmen congressmen gunmen women workforce dead
    """
)
_HARMED = bag("killed dead wounded injured hurt missing displaced arrested detained homeless")
_NOT_PLURAL = bag(
    """
    was is has does its this his hers plus less across various previous serious famous us thus as perhaps always
    besides yes bus gas press business process access congress class loss boss cross mass gross express progress
    success religious dangerous continuous numerous precious anonymous indigenous overseas upstairs afterwards towards
    says tells wants needs gets makes takes goes comes gives finds keeps becomes seems remains rises falls kills
    injures wounds hits wins loses beats rejects backs approves joins leaves ends begins starts opens closes
    """
)
_VERBS = bag(
    """
    flee die vote join reject back approve strike face lose win remain say want need get be go come take make fall rise
    hit cut quit put live work stay return
    """
)
_PAST = bag(
    """
    are were been being have had do did can could will would may might must shall should become became went came took
    made fell rose held left died led sent won lost met kept began ran grew gave got fled saw told sold spent paid felt
    brought bought caught drew fought sought thought taught stood understood feared voted said wore wrote spoke broke
    hit struck
    """
)
_PILED = bag(
    "arms sports weapons sales savings operations communications systems goods news women's men's human customs"
)
_MEMBERS = bag("crew police staff aircraft military infantry personnel cattle fish")
_GROUPS = (
    bag("soldier troop serviceman servicemember military personnel"),
    bag("worker employee staff job position post workforce"),
    bag("vote ballot voter"),
    bag("rise raise increase hike"),
    bag("cut reduction drop fall decline"),
    bag("person other dead"),
    bag("jet plane aircraft warplane"),
    bag("child kid"),
    bag("instructor trainer"),
    bag("migrant refugee"),
    bag("home house"),
    bag("company firm business"),
    bag("country nation state"),
    bag("police policeman officer"),
    bag("crew member"),
)
_GENERAL = bag("person other worker employee staff member civilian resident citizen victim")
_AGENT = re.compile(
    r"(?:er|or|ist|ian|man|eer|ee|ant|child|woman|dead|injured|missing|soldier|troop|victim|person|other)$"
)
_LIMIT = 7
_BASE = bag(
    "say want think approve reject believe oppose feel favour favor plan live die expect agree disagree know see be "
    "come"
)
_ADJECTIVES_OF_MEASURE = bag(
    "long high tall deep wide thick away apart old older younger later earlier longer shorter long-term behind "
    "early late higher lower faster slower cheaper dearer bigger smaller larger greater stronger weaker heavier "
    "lighter effective certain sure likely complete full empty accurate contained"
)
_ADVERB = re.compile(r"(?:ed|ing|(?<!al)(?<!fami)(?<!assemb)(?<!supp)(?<!rep)(?<!ral)(?<!monopo)(?<!f)ly)$|'s$")
_HARMED_AFTER = re.compile(
    r"\s+(?:others\s+)?(?:were|are|was|is|have been|has been|remain|remained|remains)\s+(?:also\s+|still\s+"
    r"|reported\s+|confirmed\s+)*(killed|dead|wounded|injured|hurt|missing|displaced|arrested|detained|homeless)\b"
)
_IN = re.compile(r"\s+in\s+(?=[a-z])")


def lemma(noun: str) -> str:
    """Return the singular of a noun in lower case; the words for the dead share one lemma, so do those for the hurt."""
    lowered = noun.lower().removesuffix("'s").removesuffix("'")
    if lowered in _IRREGULAR:
        return _IRREGULAR[lowered]
    if lowered.endswith("men"):
        return lowered[:-3] + "man"
    if lowered.endswith("children"):
        return lowered.removesuffix("ren")
    return singular(lowered.rsplit("-", 1)[-1] if lowered.endswith("s") else lowered)


def plural_of(noun: str) -> str:
    """Return the plural of a noun that is a lemma: "people" of "person"; those for the harmed have none."""
    if noun in _HARMED | _MASS or _IRREGULAR.get(noun) == noun:
        return noun
    if irregular := next((many for many, one in _IRREGULAR.items() if one == noun), None):
        return irregular
    if noun.endswith("man"):
        return f"{noun[:-3]}men"
    if noun.endswith("y") and noun[-2:-1] not in set("aeiou"):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def head_noun(after: str, *, plural: bool) -> tuple[str, int]:
    """Return the lemma of the noun that a numeral counts and how far into `after` it reaches; ("", 0) for none.

    `after` is the text behind the numeral; `plural` says that the count wants a plural noun, so that words before the
    first plural are its adjectives ("33,000 Boeing machinists").
    """
    if plural and (harmed := _HARMED_AFTER.match(after)):
        return lemma(harmed.group(1)), 0
    lead = _LEAD.match(after)
    at = lead.end() if lead else 0
    if at and (whole := _NUMBER_AFTER_OF.match(after, at)):
        at = whole.end()
    return _scan(after, at, plural=plural)


def _scan(after: str, at: int, *, plural: bool) -> tuple[str, int]:
    last, harmed = ("", 0), ("", 0)
    for _ in range(_LIMIT):
        step = _STEP.match(after, at)
        if not step or _stops(step.group(1), plural=plural) or (re.match(r"\s*[\"(]", after[at:]) and last[0]):
            break
        word, at = step.group(1), step.end()
        if _is_plural(word) and not _piles(word, after, at):
            return lemma(word), at
        if word.lower() in _HARMED:
            harmed = harmed if harmed[0] else (lemma(word), at)
        elif not _ADVERB.search(word) and word.lower() not in _KEPT - {"other", "others"}:
            last = (lemma(word), at)
    return harmed if harmed[0] else ("", 0) if plural else last


def _stops(word: str, *, plural: bool) -> bool:
    lowered = word.lower()
    verbs = _VERBS if plural else _BASE | _ADJECTIVES_OF_MEASURE
    return not word[0].isalnum() or lowered in verbs or lowered in _PAST or (lowered in STOP and lowered not in _KEPT)


def noun_in(after: str) -> tuple[str, int]:
    """Return the lemma of what money is given in ("$2 billion in military aid") and how far it reaches."""
    lead = _IN.match(after)
    return _scan(after, lead.end(), plural=False) if lead else ("", 0)


_KEPT = bag("other others more new former further second few back")


def _is_plural(word: str) -> bool:
    lowered = word.lower()
    if lowered in _MASS or lowered == "others" or lowered.endswith("children"):
        return True
    return bool(re.search(r"[^s'iu]s$|[aeo]is$", lowered)) and lowered not in _NOT_PLURAL and not lowered.endswith("'s")


def _piles(word: str, after: str, at: int) -> bool:
    """Say whether a plural only qualifies the next one: "arms dealers"."""
    follows = _STEP.match(after, at)
    return word.lower() in _PILED | _MEMBERS and follows is not None and _is_plural(follows.group(1))


_BEFORE = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)\s+(?:of|at|to|by)\s+$")
_MEASURING = bag("total maximum minimum average excess upward")
_TOLL = re.compile(
    r"\b(?:toll|deaths?|fatalities|dead)\b(?![^.;]*\b(?:injur|wound|hurt)\w*)[^.;,]{0,50}$", re.IGNORECASE
)


def noun_before(before: str) -> str:
    """Return the lemma of the noun before a quantity ("a pay rise of", "death toll climbs to"), or ""."""
    if _TOLL.search(before):
        return "dead"
    match = _BEFORE.search(before)
    noun = match.group(1).lower() if match and match.group(0).split()[-1].lower() == "of" else ""
    return "" if noun in STOP or noun in _MEASURING else lemma(noun)


_NUMBER_OF = re.compile(
    r"\bnumber of((?:\s+[a-z-]+){1,4}?)\s+(?:has|have|had|is|was|will|would|could|may|might|rose|rises|fell|falls|grew"
    r"|climbed|dropped|jumped|reached|stood|stands|passed|doubled|hit|to)\b[^.;,]{0,40}$",
    re.IGNORECASE,
)


def noun_numbered(before: str) -> str:
    """Return the lemma of what a count before it is of ("the number of cases rose to"), or ""."""
    match = _NUMBER_OF.search(before)
    return _scan(match.group(1), 0, plural=True)[0] if match else ""


def same_noun(old: str, new: str) -> bool:
    """Say whether two lemmas may count the same things; a missing noun fits any."""
    return old == new or not old or not new or any(old in group and new in group for group in _GROUPS)


def wider_noun(old: str, new: str) -> bool:
    """Say whether one lemma is a general word for persons that may cover the other."""
    return (old in _GENERAL and bool(_AGENT.search(new))) or (new in _GENERAL and bool(_AGENT.search(old)))
