"""Who stands behind a sentence: "according to", "X said that", quotes, and the colon of a headline."""

import re
from dataclasses import dataclass

from tracker.domain.words import fold

_SAID = (
    r"(?:says?|said|tells?|told(?: (?:reporters|journalists|parliament|lawmakers|a (?:news|press) conference"
    r"|state (?:television|tv|media)|the \w+|[A-Z]\w+(?: [A-Z]\w+)?))?|announce[sd]?|warn(?:s|ed)?|claim(?:s|ed)?"
    r"|stated|declare[sd]?(?= (?:that|it|he|she|they)\b|[,:])|add(?:s|ed)|insist(?:s|ed)?|argue[sd]?|assert(?:s"
    r"|ed)?"
    r"|allege[sd]?|confirm(?:s|ed)?|den(?:y|ies|ied)|report(?:s|ed)?|wrote|writes|note[sd]|explain(?:s|ed)?"
    r"|estimate[sd]?|predict(?:s|ed)?"
    r"|suggest(?:s|ed)?|acknowledge[sd]?|admit(?:s|ted)?|reveal(?:s|ed)?|stress(?:es|ed)?|emphasi[sz]e[sd]?"
    r"|assure[sd]?|conclude[sd]?|repeat(?:s|ed)"
    r"|reiterate[sd]?|recall(?:s|ed)|point(?:s|ed)? out|maintain(?:s|ed)|posted|tweeted|disclose[sd]?|indicate[sd]?"
    r"|testif(?:y|ies|ied)|refute[sd]?"
    r"|complain(?:s|ed)?|caution(?:s|ed)?|hint(?:s|ed)?|signal(?:s|led|ed)?|contend(?:s|ed)?|accuse[sd]?|remark(?:s"
    r"|ed)?|observe[sd]|pointed to|puts? (?:the|its) (?:\w+ ){0,2}?(?:toll|number|figure|total|cost|damage|count"
    r"|losses) at"
    r"|(?:believe|think|fear|worr(?:y|ie)|hope|expect|doubt|suspect)s?(?= that\b)|(?:ruled|ordered|found|decided"
    r"|concluded)(?= that\b|[.!\"']*$))"
)
_NOUN_TOO = re.compile(
    r"^(?:claims|reports?|notes|estimates?|doubts|fears|hopes|claim|signals?|hints?|remarks?|cautions?|posted"
    r"|repeated|told)$",
    re.IGNORECASE,
)
_SPEAKER = re.compile(
    r"(?:[A-Z][\w'.-]*|\b(?:sources?|officials?|minist(?:er|ry)|president|spokes\w+|government|army|military|police"
    r"|company|union|agency|media"
    r"|authorities|office|report|statement|group|party|leaders?|experts?|analysts?|diplomats?|lawmakers?"
    r"|prosecutors?|officers?|ombudsman|court"
    r"|mayor|governor|chief|head|channel|newspaper|witness(?:es)?|rescuers|doctors|scientists|researchers"
    r"|investigators|lawyers?|judge))$"
)
_PRONOUN = re.compile(
    r"^(?:he|she|they|it|we|i|who|which|that|this|these|those|one|you|the (?:expert|researcher|analyst|spokes\w+))$",
    re.IGNORECASE,
)
_ADVERBS = (
    r"(?:\s+(?:has|have|had|also|already|now|later|then|earlier|previously|recently|repeatedly|publicly|just"
    r"|further|once again|again|yesterday|today|on \w+day|\w+ly))*"
)
_PLACE = re.compile(
    r"\s+(?:(?:on|late|early|last|this|earlier|later)\s+(?:on\s+)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|in (?:an? )?(?:\w+ )?(?:interview|statement|post|tweet|letter"
    r"|report|briefing|press|speech|note|filing|call|video|message)|during|after|before|when|while|who|which|where"
    r"|to reporters|told|on (?:social|X|Telegram"
    r"|Twitter|Facebook|state|television)|at (?:a|the)|today|yesterday|as|and|but|in (?:January|February|March"
    r"|April|May|June|July|August|September|October|November|December|\d{4}))\b.*$"
)
# Before the verb, "at the plant" is who they are; behind it, where they said it.
_SUBJECT_TAIL = re.compile(_PLACE.pattern.replace("|at (?:a|the)", ""))
_ACCORDING = re.compile(
    r"(?:,\s*)?\b(?:[Aa]ccording to|[Aa]s per|^Per(?= (?:the|an?|[A-Z]))|[Cc]iting|quoting|as (?:revealed|reported"
    r"|stated|confirmed|announced|disclosed"
    r"|claimed|quoted|published|shown) (?:by|in))\s+(?P<who>[^,;:()\"]{2,120}?)"
    r"(?=,|;|:|\)|\"|\.?\s*$|\s+(?:who|which|as|after|and has|and is|that|,)\b)"
)
_AS_SAID = re.compile(
    rf",?\s*\b[Aa]s (?P<who>(?:(?:the )?[A-Z]|the )[^,;:\"]{{1,60}}?) (?:has |have |had )?{_SAID}(?=[,.;\"]|$)"
)
_INVERTED = re.compile(
    rf"(?:[,!?\"'](?:\s*\")?)\s+(?:{_SAID}|considers|recalls|thinks|believes|warns)\s+(?!to\b|that\b|he\b|she\b"
    r"|it\b|they\b)(?P<who>[^,;:\"]{2,120}?)(?=,|;|:|\"|\.?\s*$)"
)
_FINAL = re.compile(
    rf",\"?'?\s+(?P<who>[^,;:\"]{{2,90}}?){_ADVERBS}\s+{_SAID}(?P<tail>\s+(?:on|in|at|to|during|late|earlier"
    r"|yesterday|today|via|after)\b[^,;\"]*|\s+\w+day)?(?:[.!\"']*$|,(?=\s+(?:adding|citing|noting|with|in|as|and"
    r"|but|while)\b))"
)
_MEDIAL = re.compile(
    rf",\s+(?!(?:which|who|whose|whom|as|and|but|when|where|after|because|that|if|while|although|before|since)\b)"
    rf"(?P<who>[^,;:\"]{{2,60}}?){_ADVERBS}\s+{_SAID}(?:\s+(?:on\s+|late\s+)?\w+day)?,(?=\s+[a-z])"
)
# In "The chief, Anna Berg, said sales had fallen" it is she who says it, and not the sales.
_CLAUSE = re.compile(r"\b(?:is|are|was|were|will|would|could|can|may|might|had|has|have)\b")
_NAMED_LAST = re.compile(
    rf",\s+[^,;:\"]{{2,80}},\s+(?P<who>(?:[A-Z][\w'.-]+\s?){{1,4}}),\s+{_SAID}"
    r"(?:\s+(?:on|in|at|to|late|\w+day)\b[^,\"]{0,40})?[.!\"']*$"
)
_APPOSITION = re.compile(r"[^,\"]+,\s+(?:[A-Z][\w'.-]+\s?){1,4}")
_INITIAL = re.compile(
    rf"^(?P<who>.{{2,200}}?){_ADVERBS}\s+(?P<verb>{_SAID})\b(?P<rest>(?:\s+(?:on|in|at|late"
    r"|early)\s+(?:an? )?(?:\w+\s+){0,2}?(?:\w+day|statement|interview|briefing|report|post"
    r"|speech)\b)?(?:\s+that\b|:|,(?=\s*\"))?)"
)
_HEADLINE = re.compile(
    r"^(?P<who>[A-Z][\w'.&-]*(?:\s+(?:[A-Z][\w'.&-]*|of|the|minister|president|chief|official|officials|source"
    r"|sources|report|spokesman|mp|pm)){0,6}):\s+(?=[\"'\w])"
)
_TAIL = re.compile(r"\s+-\s+(?P<who>[A-Z][\w'.&-]*(?:\s+[\w'.&-]+){0,4})$")
_FOR = re.compile(r"^For (?P<who>(?:[A-Z][\w'-]+\s){1,3}?[A-Z][\w'-]+),\s")
_NO_SOURCE = re.compile(
    r"^(?:breaking|live|updated?|analysis|exclusive|watch|opinion|video|explainer|fact check|factbox|timeline"
    r"|photos?|editorial|review|interview|podcast|recap|poll|preview|note|correction|in pictures|urgent|alert"
    r"|just in|read more|related|key points?|summary|background|day \d+|part \d+)$",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:(?:but|and|meanwhile|however|still|yet|also|separately|earlier|later|furthermore|moreover|in addition"
    r"|instead|while|although|\w+day)\b,?\s*)+",
    re.IGNORECASE,
)
_ADVERBIAL = re.compile(
    r"^(?:on|in|at|after|during|following|earlier|late|by|since|as|when|while|despite|with|for|last|this|speaking"
    r"|asked|according|from|under|amid)\b[^,\"]{1,90},\s+",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(
    r"\b(?:is|are|was|were|be|been|being|to|not|n't|will|would|could|may|might|should|can|by|of|the|a|an|and|as|widely"
    r"|his"
    r"|its|their|he's)$|\b(?:had|has|have|when|where|because)\b|.\b(?:he|she|they|it)$"
)
_NOBODY = re.compile(r"(?:neither|nobody|no one|none|no|not)\b", re.IGNORECASE)
_FINITE = re.compile(r"\b(?:is|are|was|were|will|would|could|can|may|might|has been|have been|had been)\b")
READ = 1000  # characters; what is longer is no sentence, and patterns would take long over it
_SHORT = 40  # characters; " - Name" behind less is more likely a part of it
_LONGEST_SUBJECT, _LONGEST_NAME = 22, 14  # words


@dataclass(frozen=True, slots=True)
class Source:
    """Who says it, and the characters [start, end) of the sentence that only say so."""

    who: str
    start: int
    end: int
    verb: str = ""


def source_of(sentence: str) -> Source | None:
    """Return who is said to stand behind a sentence; a bare pronoun counts, for the caller to resolve."""
    text = fold(sentence[:READ])
    for pattern in (_ACCORDING, _AS_SAID, _INVERTED, _NAMED_LAST, _FINAL, _MEDIAL):
        match = pattern.search(text)
        if match and _speaks(pattern, match) and (who := _tidy(match["who"])):
            return Source(who, match.start(), match.end())
    return _headline(text) or _initial(text)


def _speaks(pattern: re.Pattern[str], match: re.Match[str]) -> bool:
    """Say whether what stands where a speaker stands can be one."""
    if pattern is _INVERTED:
        return not (_CLAUSE.search(match["who"]) or _APPOSITION.fullmatch(match.string, 0, match.start()))
    return pattern not in (_FINAL, _MEDIAL) or not _NO_SUBJECT.search(match["who"])


def is_pronoun(who: str) -> bool:
    """Say whether a speaker is named by a pronoun or a bare role only."""
    return bool(_PRONOUN.match(who))


def content_of(sentence: str) -> tuple[str, str]:
    """Return the sentence without the words that only say who says it, and the verb of saying it opened with."""
    text = fold(sentence[:READ])
    source = source_of(text)
    if not source:
        return text, ""
    rest = f"{text[: source.start]} {text[source.end :]}".strip(" ,")
    return (rest or text), source.verb


def _headline(text: str) -> Source | None:
    match = _HEADLINE.match(text) or _FOR.match(text)
    if match and not _NO_SOURCE.match(match["who"]):
        return Source(match["who"], 0, match.end())
    match = _TAIL.search(text)
    return (
        Source(match["who"], match.start(), match.end())
        if match and len(text) > _SHORT and not text.endswith(".")
        else None
    )


def _initial(text: str) -> Source | None:
    opening = _OPENING.match(text)
    skip = opening.end() if opening else 0
    adverbial = _ADVERBIAL.match(text[skip:])
    skip += adverbial.end() if adverbial else 0
    match = _INITIAL.match(text[skip:])
    if not match or not _is_subject(match["who"], match["verb"]):
        return None
    who = _tidy(_named_part(match["who"]), _SUBJECT_TAIL)
    return Source(who, skip, skip + match.end(), match["verb"].lower()) if who else None


def _is_subject(who: str, verb: str) -> bool:
    """Say whether what stands before a verb of saying can be its subject."""
    if (
        _NOBODY.match(who)
        or _NO_SUBJECT.search(who)
        or _FINITE.search(who.partition(",")[0])
        or len(who.split()) > _LONGEST_SUBJECT
    ):
        return False
    return not (_NOUN_TOO.match(verb) and not _SPEAKER.search(who))


def _named_part(who: str) -> str:
    """Return the name among the parts in apposition ("the commander, Oleksandr Syrskyi,"), else the first part."""
    parts = [part.strip() for part in who.split(",") if part.strip()]
    named = [part for part in parts if re.fullmatch(r"(?:[A-Z][\w'.-]*\s?){1,4}", part)]
    return (named or parts or [""])[0]


def _tidy(who: str, tail: re.Pattern[str] = _PLACE) -> str:
    """Return a speaker without place, time and hedging around; "" when nothing of a name is left."""
    bare = tail.sub("", " " + _OPENING.sub("", who.strip(" \"'")).strip())
    bare = re.sub(r"\s+(?:has|have|had|also|already|now|then|later|\w+day)$", "", bare).strip(" .,\"'")
    return bare if 0 < len(bare.split()) <= _LONGEST_NAME else ""
