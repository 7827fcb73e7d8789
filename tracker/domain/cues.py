"""What the words of a sentence say of its status, polarity and source."""

from tracker.domain.claims import Status


def status(sentence: str) -> Status:
    return Status.FACT


def delayed(sentence: str) -> bool:
    return False


def negated(sentence: str) -> bool:
    return False


def denial(sentence: str) -> bool:
    return False


def attribution(sentence: str) -> str | None:
    return None


def hedged(sentence: str) -> bool:
    return False


def question(sentence: str) -> bool:
    return sentence.rstrip().endswith("?")
