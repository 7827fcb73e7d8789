"""Values that a sentence names only to put them aside: rejected ("not 3,000"), left behind ("up from 17"), once told.

What stands right before a value in its clause says so. Such a value is not what the sentence reports: it neither agrees
with a claim nor moves it.
"""

import re

_SMALL = r"(?:(?:on|in|by|from|until|at|the|to|about|around|some|of|only|just|a|an|its|for|that)\s+)*"
_MOVED = (
    r"(?:up|down|r[oi]s(?:e|es|en|ing)|rose|f[ae]ll(?:s|en|ing)?|grew|grown|climb\w*|jump\w*|dropp?\w*|increas\w*"
    r"|decreas\w*|rais\w*|lower\w*|cut|reduc\w*|revis\w*|correct\w*|chang\w*|adjust\w*|mov\w*|push\w*|postpon\w*|delay\w*"
    r"|brought|swell\w*|swollen|shr[iau]nk\w*|recover\w*|upgrad\w*|downgrad\w*)"
)
_ONCE = r"(?:earlier|previous(?:ly)?|initial(?:ly)?|original(?:ly)?|preliminary|prior|at first|once|formerly|hitherto)"
_TOLD = (
    r"(?:said|reports?|reported|reporting|put|gave|given|announced|estimated?s?|thought|believed|feared|tolls?|counts?"
    r"|counted|figures?|tall(?:y|ies)|numbers?|totals?|plans?|planned|scheduled|due|set|expected|targets?|forecasts?"
    r"|schedules?|dates?|deadlines?|claims?|claimed|named|promised|agreed|meant|spoken?)"
)
_BEFORE = re.compile(
    rf"(?:\b(?:not(?!\s+(?:only|just|merely|before|until|later|earlier|sooner|more|less|fewer))|than|instead of"
    rf"|as opposed to|compared (?:with|to)|as against)|n't)\s+{_SMALL}$"
    rf"|\b{_MOVED}\b(?:\s+[\w%$€£.'-]+){{0,4}}?\s+from\s+{_SMALL}$"
    rf"|\b{_ONCE}\b(?:\s+[\w'-]+){{0,2}}?\s+{_TOLD}\b(?:\s+[\w'-]+){{0,4}}?\s+$"
    rf"|\b{_TOLD}\s+{_ONCE}\s+{_SMALL}$",
    re.IGNORECASE,
)
_LEFT = 90  # characters: further away than that nothing is put aside


def put_aside(sentence: str, start: int) -> bool:
    """Say whether the value that begins at `start` is one that the sentence rejects or leaves behind."""
    return bool(_BEFORE.search(sentence[max(0, start - _LEFT) : start]))
