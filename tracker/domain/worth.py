"""How much there is to check in a sentence, and in words why there is too little."""

import re
from dataclasses import dataclass
from datetime import date

from tracker.domain.claims import Status
from tracker.domain.clauses import clauses
from tracker.domain.cues import denial, question, status
from tracker.domain.quantity import Quantity, quantities
from tracker.domain.sourcing import source_of
from tracker.domain.text import content_words, names
from tracker.domain.when import whens
from tracker.domain.words import fold

ENOUGH = 2.25
_FIRM = frozenset({Status.PLANNED, Status.ANNOUNCED, Status.UNDER_WAY, Status.DONE, Status.CANCELLED, Status.DENIED})
_VERBLESS = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|could|may|might|can|do|does|did|be|been|[a-z]+(?:ed|s))\b"
    r"|\b(?:said|told|held|won|met|led|put|cut|hit|sent|made)\b"
)
_PRONOUN_FIRST = re.compile(
    r"^[\"'(]*(?:(?:but|and|yet|also|so|still|however|meanwhile|then),?\s+)?(?:he|she|it|they|this|that|these|those"
    r"|his|her|its|their|we|i|you|such)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|we|my|our|us|me|you|your)\b(?!\.)|\b(?:I|we|you)'(?:m|re|ve|ll|d)\b", re.IGNORECASE)
_OPINION = re.compile(
    r"\b(?:important|crucial|vital|good|bad|great|terrible|wonderful|amazing|beautiful|tragic|shameful|disgrace\w*"
    r"|historic|inevitable|serious|seriously|proud|happy|sad|sorry|thank|grateful|hope|hopefully|feel|feels|think"
    r"|believe|believes|seems?"
    r"|consistency|matter of|question of|symbol\w*|courage\w*|dream|nightmare|mood|spirit|best|worst|right thing"
    r"|wrong|fair|unfair|must|should|need to|perhaps|exciting|delighted|disappoint\w+|welcome[sd]?|love|hate"
    r"|condolences|prayers?|hearts?)\b",
    re.IGNORECASE,
)
_COLOUR = re.compile(
    r"\b(?:taboos?|milestone|turning point|watershed|wake-up call|game[- ]changer|shadow|cloud of|storm of|sea of"
    r"|on the brink|tightrope|tug of war|cat and mouse|tip of the iceberg|silver lining|picturesque|bustling"
    r"|sun-drenched|smell of|sipp\w+|stroll\w*"
    r"|gazed?|whisper\w*|tears?|smil\w+|laugh\w*|childhood|legend(?:ary)?|iconic|long (?:been )?known for|famed for"
    r"|proverbial|once upon|demolition of|getting closer|writing on the wall|tradition(?:al|ally)?|remember(?:s"
    r"|ed)? (?:the|when|how)|locals? (?:joke|call))\b",
    re.IGNORECASE,
)
_EXPERT = re.compile(
    r"\b(?:researcher|analyst|professor|advis[eo]r|expert|fellow|economist|strategist|scholar|historian|commentator"
    r"|columnist|lecturer|academic|think[- ]tank|resident|shopkeeper|fan|tourist|neighbou?r|passer-by|institute)\b"
    r"|\bvoters? like\b|\bfor (?:[A-Z]\w+ ){2}",
)
_SHORTEST = 4  # words
_VAGUE = 10


@dataclass(frozen=True, slots=True)
class Worth:
    """The weight of a sentence; `reason` says in words why it is too light, "" when it is not."""

    weight: float
    reason: str


def worth(sentence: str, published: date | None, theme: frozenset[str] = frozenset()) -> Worth:
    """Weigh a sentence: a source, a firm status, quantities, dates and names add; opinion, colour and pronouns take.

    `theme` holds the stems that the article turns round; a sentence about them weighs more.
    """
    text = fold(sentence)
    if question(text):
        return Worth(0.0, "a question")
    if len(text.split()) < _SHORTEST or not _VERBLESS.search(text):
        return Worth(0.0, "a fragment without a statement")
    measured = len(_figures(text)) + len(whens(text, published))
    if reason := _soft(text, measured):
        return Worth(0.0, reason)
    weight = _weight(text, published) + _aboutness(text, theme) - (1.0 if _PRONOUN_FIRST.match(text) else 0.0)
    return Worth(weight, "" if weight >= ENOUGH else _too_light(text))


def _figures(text: str) -> list[Quantity]:
    """Return the quantities that say something to check: not "one", not "several"."""
    return [
        each
        for each in quantities(text)
        if each.unit or not (each.high == 1 or (each.approximate and (each.high or _VAGUE) < _VAGUE))
    ]


def _aboutness(text: str, theme: frozenset[str]) -> float:
    return min(1.0, 0.25 * len(content_words(text) & theme))


def _soft(text: str, measured: int) -> str:
    """Return why a sentence is opinion, colour or mere speech; "" when it is not, or holds a number or a date."""
    if measured:
        return ""
    if _COLOUR.search(text):
        return "background colour"
    if _EXPERT.search(text) and ('"' in text or _OPINION.search(text)):
        return "an outside view without anything to check"
    return _speech(text) if '"' in text else _opinion(text)


def _opinion(text: str) -> str:
    bare = not source_of(text) and not names(text)
    return "opinion without anything to check" if bare and _OPINION.search(text) else ""


def _speech(text: str) -> str:
    inner = " ".join(text.split('"')[1::2])
    if _OPINION.search(inner):
        return "opinion without anything to check"
    empty = status(text) is Status.FACT or _FIRST_PERSON.search(inner)
    return "speech without anything to check" if empty and _whole_quote(text) and not denial(text) else ""


def _whole_quote(text: str) -> bool:
    return text.startswith('"') and len(" ".join(text.split('"')[1::2])) > 0.4 * len(text)


def _weight(text: str, published: date | None) -> float:
    steps = {status(clause) for clause in clauses(text)}
    weight = 1.5 if steps & _FIRM else 1.0 if Status.POSSIBLE in steps else 0.0
    weight += 1.5 if source_of(text) else 0.0
    weight += min(2.25, 1.25 * len(_figures(text))) + min(1.5, 1.25 * len(whens(text, published)))
    return weight + min(2.0, 0.5 * len(names(text))) + (0.5 if denial(text) else 0.0)


def _too_light(text: str) -> str:
    if _PRONOUN_FIRST.match(text):
        return "leans on the sentence before it and says little of its own"
    return "background: no source, number, date or named actor enough to check it by"
