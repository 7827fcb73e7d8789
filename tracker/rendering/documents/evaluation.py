"""How the judge fares on recorded cases."""

from typing import TypedDict

from tracker.rendering.documents.kinds import Count, Version


class Marks(TypedDict):
    """The five figures that goals are set for."""

    relevance: float
    links: float
    relation: float
    news: float
    duplicates: float


class Ends(TypedDict):
    """The middle 95 of 100 of each figure in resamples: from and to."""

    relevance: list[float]
    links: list[float]
    relation: list[float]
    news: list[float]
    duplicates: list[float]


class Rates(TypedDict):
    """Precision over what was said, recall over what is so, and their harmonic mean."""

    f1: float
    precision: float
    recall: float
    said: Count
    true: Count


class OfPairs(TypedDict):
    """Macro-F1 of the relations, over linked pairs."""

    f1: float
    pairs: Count


class MeasuredCase(TypedDict):
    """The judge on a case, and the simpler rules and the judge without each part by name."""

    case: str
    items: Count
    relevance: Rates
    links: Rates
    relation: OfPairs
    news: Rates
    duplicates: float
    interval: Ends
    baselines: dict[str, Marks]
    ablations: dict[str, Marks]


class Mean(Marks):
    """The mean over the cases."""

    interval: Ends


class Confused(TypedDict):
    """How many linked pairs of which some relations are held got which."""

    held: list[str]
    said: str
    pairs: Count


class Evaluation(TypedDict):
    """The judge on all cases, scored in a language."""

    schema_version: Version
    judge: str
    language: str
    goals: Marks
    cases: list[MeasuredCase]
    mean: Mean
    baselines: dict[str, Marks]
    ablations: dict[str, Marks]
    confusion: list[Confused]
