"""What to say of a name that there is not: those that come nearest."""

from collections.abc import Iterable

_FEW = 3
_ALIKE = 0.6


def near(wanted: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return "; did you mean A or B?" for names that come near what was typed, else "; " with `otherwise`, if any.

    A name that begins as it was typed comes near, and capitals make no difference.
    """
    typed = wanted.casefold()
    likeness = {name: _likeness(typed, name.casefold()) for name in known}
    found = sorted((name for name in likeness if likeness[name] >= _ALIKE), key=lambda name: (-likeness[name], name))[
        :_FEW
    ]
    if found:
        return f"; did you mean {' or '.join(found)}?"
    return f"; {otherwise}" if otherwise else ""


def _likeness(typed: str, name: str) -> float:
    """Return how near a name comes to what was typed, from 0 to 1."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - who has typed well pays nothing

    begun = _ALIKE if typed and name.startswith(typed) else 0.0
    return max(begun, SequenceMatcher(None, typed, name).ratio())
