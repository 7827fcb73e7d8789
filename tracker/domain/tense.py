"""Which way a date looks: the nearest verb before it tells past from future."""

import re
from typing import Literal

Tense = Literal["past", "future", ""]

_FUTURE = re.compile(
    r"\b(?:will|shall|would|could|may|might|can|must|should|won't|going to|plans? to|planned|planning"
    r"|intends?|aims?|hopes?"
    r"|hoped|due|expects?|expected"
    r"|scheduled|set (?:for|to)|slated|poised|ready to|to (?!the\b|a\b|an\b|[A-Z0-9])[a-z]+|upcoming|deadline"
    r"|no earlier|not before|until|postponed"
    r"|delayed|pushed back|put off|rescheduled|(?:moved|slip(?:s|ped)?|pushed|bumped|extended|put off|shifted"
    r"|brought forward) (?:back )?(?:to|until)|next|is to|are to|was to|were to|target(?:ed|ing)?|tentatively|ahead of"
    r"|is|are"
    r"|(?:has|have) been (?:moved|postponed|called off|put off|delayed|rescheduled)|till"
    r"|begins?|starts?|ends|opens?|closes?|expires?|takes place|kicks off|resumes?|reopens?|arrives?|departs?|convenes?"
    r"|lapses?|flies|travels)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"(?<!\bbe )(?<!\bto )(?<!\bwill )(?<!\bwould )(?<!\bcould )(?<!\bmay )(?<!\bmight )(?<!\bshould )(?<!\bmust )"
    r"(?<!\bcan )\b(?:was|were|had|did|said|told|has|have|been|since|last|ago|[a-z]{2,}ed|began|came|fell|found"
    r"|gave|got|grew|held|hit|killed|knew|led|left"
    r"|lost|made|met|paid|put|ran|rose|saw|sent|shot|sold|spoke|struck|took|went|won|wrote|broke|brought|built|cut"
    r"|died|flew|fought|kept|quit"
    r"|says|reports|announces|kills|according)\b",
    re.IGNORECASE,
)
_LASTED = re.compile(
    r"\b(?:was|were)\s+(?:in|on|at|under|open|closed|shut|valid)\b[^.;,]{0,30}\s(?:until|till)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:was|were|had been)\s+(?:\w+ly\s+)?(?!schedul|plan|expect|postpon|delay|mov|slat|target|re-?schedul|forecast)"
    r"[a-z]+(?:ed|wn|en|ut|ld|ght|un)\s+(?:in|on)\s+$",
    re.IGNORECASE,
)
_REACH = 90


def tense_at(text: str, start: int, end: int) -> Tense:
    """Return the tense of the verb nearest before [start, end) of a text, else of the nearest behind it."""
    before = text[max(0, start - _REACH) : start]
    if _LASTED.search(before):
        return "past"
    ahead, past = _last(_FUTURE, before), _last(_PAST, before)
    if ahead >= 0 or past >= 0:
        return "future" if ahead >= past else "past"
    behind = text[end : end + _REACH]
    coming, gone = _FUTURE.search(behind), _PAST.search(behind)
    if not coming and not gone:
        return ""
    return "future" if coming and (not gone or coming.start() <= gone.start()) else "past"


def happened(text: str, start: int) -> bool:
    """Say whether what a date at `start` of a text dates is over for certain: "was opened in", "were shot on"."""
    return bool(_DONE.search(text, max(0, start - _REACH), start))


def _last(pattern: re.Pattern[str], text: str) -> int:
    """Return where the last match ends, so that "was expected" is of the future; -1 for none."""
    return max((match.end() for match in pattern.finditer(text)), default=-1)
