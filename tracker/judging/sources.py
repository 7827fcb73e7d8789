"""Who stands behind an entry: the agency or outlet that it relays, else its publisher."""

import re
from collections.abc import Iterator
from functools import lru_cache

from tracker.domain.entry import Entry

UNKNOWN = "unknown"
_AGENCIES = (
    "Reuters|Associated Press|AP|Agence France-Presse|AFP|PTI|Press Trust of India|IANS|ANI|UNI|Xinhua|TASS|RIA Novosti"
    "|RIA|Interfax|Anadolu|AA|dpa|DPA|EFE|Europa Press|ANSA|Adnkronos|Kyodo|Jiji|Yonhap|PAP|Ukrinform|Bloomberg|UPI"
    "|PA Media|CNA|MTI|TASR|CTK|ČTK|BTA|Agerpres"
    "|Belga|APA|ATS|Lusa|TT|NTB|Ritzau|STT|AAP|Bernama|Antara|SPA|WAM|IRNA|SANA|MENA|APP|GNA|NAN|CNN|BBC"
    "|Tribune News Service|States Newsroom|ProPublica|Dow Jones|Deutsche Welle|DW"
)
_VIA = re.compile(r"^(?P<source>.{2,60}?)\s+(?:via|through)\s+\S")
_CREDIT = re.compile(
    r"\(\s*(?:from |copy of |quoting |by )?(?P<source>[^()]{2,40}?)(?: copy| text| report| wire)?\s*\)\s*$",
    re.IGNORECASE,
)
_QUOTING = re.compile(r"\b(?:quoting|from|copy of|relaying)\s+(?:the\s+)?(?P<source>[A-Z][\w&. ]{1,40})$")
_NO_SOURCE = re.compile(
    r"\b(?:edition|english|italian|french|german|spanish|online|blog|tv|us|uk|international|opinion)\b", re.IGNORECASE
)
_DATELINE = re.compile(rf"\(\s*(?P<source>{_AGENCIES})\s*\)\s*[-–—:]?")
_LEADING = re.compile(
    rf"^\s*(?:Relays|Relaying|Citing|Quoting)\s+(?:the\s+)?(?P<source>[A-Z][\w&.]*(?:\s[A-Z][\w&.]*){{0,3}})"
    rf"|^\s*(?P<agency>{_AGENCIES})\s*:\s"
)
_TOLD = re.compile(
    rf"\b(?:according to|reports?|reported|citing|told|dispatch (?:of|from)|report (?:of|by))\s+"
    rf"(?:the\s+)?(?P<source>{_AGENCIES})\b"
)
_SHORT = re.compile(rf"^(?P<source>{_AGENCIES})\s+(?:dispatch|report|story|wire)\b")


def source_of(entry: Entry) -> str:
    """Return the name of who stands behind an entry, see `source_in`."""
    return source_in(entry.publisher, entry.title, entry.summary or entry.text)


@lru_cache(maxsize=64)  # an entry is judged for every story in turn
def source_in(publisher: str | None, title: str, text: str) -> str:
    """Return the name of who stands behind the words, "unknown" when nobody is named.

    Looked for in this order: the publisher's name ("AP via X", "X (Reuters)"), a dateline, an opening credit, a
    mention of an agency as the one that reports.
    """
    return _clean(next(_named(publisher or "", title, text[:600]), publisher or UNKNOWN))


def _named(publisher: str, title: str, text: str) -> Iterator[str]:
    if via := _VIA.search(publisher):
        yield via["source"]
    credit = _CREDIT.search(publisher)
    if credit and not _NO_SOURCE.search(credit["source"]):
        yield credit["source"]
    if credit and (quoting := _QUOTING.search(credit["source"])):
        yield quoting["source"]
    for pattern in (_DATELINE, _LEADING, _SHORT, _TOLD):
        for words in (text, title):
            if match := pattern.search(words):
                yield next(group for group in match.groups() if group)


def _clean(name: str) -> str:
    return re.sub(r"^the\s+", "", " ".join(name.split()), flags=re.IGNORECASE).split("/")[0].strip() or UNKNOWN
