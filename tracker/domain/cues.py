"""What the words of a sentence say of its status, its polarity and its source."""

import re

from tracker.domain.claims import Status
from tracker.domain.sourcing import READ, content_of, is_pronoun, source_of
from tracker.domain.status_cues import DENIES, MARKERS
from tracker.domain.words import fold

_ASIDE = re.compile(
    r",\s+(?:who|which|whose|where|when|while|although|though|as|after|before|if|once|unless|because|since"
    r"|including|such as|despite|but although|with)\b[^,;]{3,160}(?=,|;|$)"
    r"|\([^)]*\)|\b(?:who|which)\s[^,;.]{3,80}(?=,)",
    re.IGNORECASE,
)
_OPENS_ASIDE = re.compile(
    r"^(?:if|after|as|when|while|although|though|despite|unless|because|since|once|before|following|in response to"
    r"|with)\b[^,]{3,160},\s+",
    re.IGNORECASE,
)
_QUIET = re.compile(
    r"\bnot (?:only|just|merely|simply|least|necessarily|yet clear)\b|\bno (?:fewer|less|more|later|earlier|sooner"
    r"|matter|doubt|longer than)\b"
    r"|\bnothing (?:but|less)\b|\b(?:can ?not|could not|can't|couldn't|not|never|n't"
    r"|without)\s+(?:\w+\s+){0,2}?(?:be(?:en)? )?(?:rul(?:e[sd]?|ing)(?: \w+){0,3} out|den(?:y|ied)|exclud\w+)"
    r"|\bnot (?:seen|\w+ed) since\b|\bneither confirm\w* nor den\w+"
    r"|\b(?:nobody|no one|none|neither)\b (?:\w+ ){0,3}?(?:rul(?:e[sd]?|ing) out|den(?:y|ies|ied)|exclud\w+)"
    r"|\bwhether or not\b|\bif not\b|\bor not\b"
    r"|,\s+(?:and |but )?not\b|\bnot to mention\b"
    r"|\bnot\b[^.;]{1,80}?,?\s+but\s+(?:rather|for|to|in|on|a|an|the|as|from|by|with|military|instead|\w+ing)\b"
    r"|\b(?:no|not) (?:wonder|surprise)\b"
    r"|\b(?:urg|warn|ask|tell|told|call|advis|order|beg|appeal|agree|promis|pledg|vow"
    r"|decid)\w*\b[^,;.]{0,40}\bnot to\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\bnot\b|n't\b|\bnever\b|\bno longer\b|\bneither\b|\bnor\b|\bnobody\b|\bno[- ]one\b|\bnone\b|\bnothing\b"
    r"|\bcannot\b"
    r"|\bno\s+(?!\d)(?:[a-z-]+\s+){0,3}?[a-z-]+|\bfail(?:s|ed|ing)? to\b|\brefus(?:e|es|ed|ing) to\b|\bunable to\b"
    r"|\black(?:s|ed)\b|\bhas yet to\b|\bhave yet to\b",
    re.IGNORECASE,
)
_SUBORDINATES = re.compile(
    r"\b(?:that|which|who|whom|whose|because|although|though|while|whereas|when|after|before|since|if|unless|as"
    r"|so)\b|,\s+and\b|--|;",
    re.IGNORECASE,
)
_DELAY = re.compile(
    r"\bpostpon\w+|(?<!without )(?<!without further )\bdelay(?:s|ed|ing)?\b|\bpush(?:es|ed"
    r"|ing)? (?:\w+ ){0,3}?back\b|\bput(?:s|ting)? (?:\w+ ){0,3}?(?:off\b|back (?:to|until|by)\b)|\badjourn\w*"
    r"|\bdefer(?:s|red|ring|ral)?\b"
    r"|\breschedul\w+|\bslip(?:s|ped)? (?:to|into|by|from|(?:\w+ )?(?:another )?(?:\w+ )?(?:day|week|month|year)s?)\b"
    r"|\bmoved? (?:back )?(?:from [^.;]{1,30} )?to (?:a later"
    r"|no earlier|later)|\bbehind schedule\b|\blater than (?:planned|expected|scheduled)"
    r"|\bpush(?:es|ed) (?:\w+ ){0,4}?to (?:next|later|20\d\d|(?:January|February|March|April|May|June|July|August"
    r"|September|October|November|December))|\bheld up\b|\bhold-?up\b|\bset back\b"
    r"|\b(?:launch|landing|return|vote|release|start|trial|opening|flight|meeting|hearing|deadline|election"
    r"|departure|debut|date)\b[^.;,]{0,40}\b(?:moved|moves|pushed|slips|slipped|bumped) (?:back )?to\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:may|might|could|perhaps|maybe|possibly|probably|likely|unlikely|apparently|reportedly|allegedly"
    r"|purported(?:ly)?|supposed(?:ly)?|seem(?:s|ed|ingly)?|appear(?:s|ed)?"
    r"|suggests?|suggested|rumou?r(?:s|ed)?|unconfirmed|unverified|alleged|potential(?:ly)?|possible|possibility"
    r"|uncertain|unclear|believed to|thought to|said to|expected to|suspected|so-called"
    r"|presumably|presumed|speculat\w+|would appear|in principle|it is not clear|cannot be verified"
    r"|could not be (?:independently )?verified)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^(?:(?:will|would|can|could|should|is|are|was|were|did|does|do|has|have)\s+(?:the|a|an|this|that|it|he|she"
    r"|they|we|[A-Z]\w+)\b[^.]*|(?:why|how|what|who|where|when|which)\s+(?:is|are|was|were|do|does|did|will|would"
    r"|can|could|should|has|have)\b[^.]*)$",
    re.IGNORECASE,
)
_OPENING = 120  # characters in which a denial is about the whole sentence
_TOO_SHORT = 20


def status(sentence: str) -> Status:
    """Return how far the thing is that a sentence speaks about, from the first verb group of its main clause."""
    content, verb = content_of(sentence)
    if DENIES.match(verb) or _denies_outright(content):
        return Status.DENIED
    main = main_clause(content)
    found = _first_marker(main)
    if found:
        return next(name for name, pattern in MARKERS if pattern is found.re)
    return Status.ANNOUNCED if verb.startswith(("announce", "declare")) else Status.FACT


def _first_marker(main: str) -> re.Match[str] | None:
    """Return the first word of status; of two at one place the one listed first."""
    return min(
        (match for _, pattern in MARKERS if (match := pattern.search(main))),
        key=lambda match: match.start(),
        default=None,
    )


def _denies_outright(content: str) -> bool:
    match = DENIES.search(_QUIET.sub(" ", content))
    return match is not None and match.start() < _OPENING


def main_clause(content: str) -> str:
    """Return a sentence without the clauses set off by commas: "who ...", "after ...", "if ..."."""
    text = _ASIDE.sub(" ", fold(content))
    opened = _OPENS_ASIDE.sub("", text)
    return opened if len(opened) > _TOO_SHORT else text


def delayed(sentence: str) -> bool:
    """Say whether a sentence tells of a delay; what is delayed is still planned."""
    return bool(_DELAY.search(fold(sentence[:READ])))


def negated(sentence: str) -> bool:
    """Say whether the main predicate is negated; "not only", "no fewer than", "not ruled out" are no negation."""
    content, _ = content_of(_QUIET.sub(" ", fold(sentence[:READ])))
    main = main_clause(content)
    found = _first_marker(main)
    below = _SUBORDINATES.search(main, found.end() if found else 1)
    return bool(_NEGATION.search(main[: below.start()] if below else main))


def denial(sentence: str) -> bool:
    """Say whether a sentence denies, refutes, rules out, or takes back what somebody said, did or planned."""
    text = _QUIET.sub(" ", fold(sentence[:READ]))
    return bool(DENIES.search(text) or TAKES_BACK.search(text))


TAKES_BACK = re.compile(
    r"\b(?:overturn(?:s|ed|ing)?|annul(?:s|led|ling|ment)?|revok(?:e|es|ed|ing)|scrap(?:s|ped|ping)?|cancel(?:s|led"
    r"|ed|ling|lation)?|call(?:s|ed|ing)? off|quash(?:es|ed)?"
    r"|str(?:uck|ikes?) down|void(?:s|ed)|invalidat\w+|nullif\w+|rescind(?:s|ed)?|retract(?:s|ed|ion)?|walk(?:s"
    r"|ed)? back|contradict(?:s|ed)?|repeal(?:s|ed)?|revers(?:es|ed) (?:its|the|a|his|her|an)\b"
    r"|withdr(?:aws?|ew|awn|awing) (?:its|the|his|her|their|a|an)? ?(?:\w+ ){0,2}?(?:offer|bid|plan|proposal"
    r"|candidacy|bill|decision|licen[cs]e|permit|complaint|lawsuit|request|order|claim|report|statement|accusation"
    r"|appeal)s?"
    r"|(?:is|are|was|were|been) withdrawn|abandon(?:s|ed|ing)? (?:its|the|a|their|his|her)? ?(?:\w+ ){0,2}?(?:plan"
    r"|idea|bid|project|deal|mission|effort)s?|shelv(?:e|es|ed)|drop(?:s|ped) (?:its|the|a|their|his"
    r"|her)? ?(?:\w+ ){0,2}?(?:plan|idea|bid|case|charge|lawsuit|claim)s?)\b",
    re.IGNORECASE,
)


def attribution(sentence: str) -> str | None:
    """Return who stands behind a sentence ("several diplomatic sources"); None where it speaks in its own voice."""
    source = source_of(sentence)
    return source.who if source and not is_pronoun(source.who) else None


def hedged(sentence: str) -> bool:
    """Say whether a sentence marks what it says as uncertain."""
    return bool(_HEDGE.search(fold(sentence[:READ])))


def question(sentence: str) -> bool:
    """Say whether a sentence asks; a headline may ask without a question mark."""
    text = fold(sentence[:READ]).strip().rstrip("\"')")
    return text.endswith("?") or (bool(_ASKS.match(text)) and not text.endswith((".", "!")))
