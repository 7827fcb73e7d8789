"""Which developments of a story are asked for: by the address, and by the form that makes such addresses."""

from dataclasses import asdict, dataclass

from starlette.requests import Request

from tracker.application.browse import Wanted
from tracker.errors import UsageError
from tracker.rendering import phrases
from tracker.rendering.plain import line, source_name
from tracker.rendering.view import StatusView

_NAMES = {"kind": "kind", "claim": "claim", "source": "source", "standing": "standing", "words": "q"}
"""Fields of `Wanted`, and what they are called in addresses."""
_WORDS = 70


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of the form: its name in the address, its label, what none is called, and values with their words."""

    name: str
    label: str
    none: str
    options: tuple[tuple[str, str], ...]


def wanted_of(request: Request) -> Wanted:
    """Return which developments the address asks for. Raises UsageError for a kind or standing that there is not."""
    asked = request.query_params
    for name, words in (("kind", phrases.KINDS), ("standing", phrases.STANDINGS)):
        if (value := asked.get(name)) and value not in words:
            raise UsageError(f"no such {name}: {line(value, 40)}; there are {', '.join(words)}")
    return Wanted(**{field: asked.get(name) or None for field, name in _NAMES.items()})


def query_of(wanted: Wanted) -> dict[str, str]:
    """Return the query of an address that asks for the same."""
    return {_NAMES[field]: value for field, value in asdict(wanted).items() if value}


def choices(view: StatusView) -> tuple[Choice, ...]:
    """Return what a reader of a story can choose from."""
    claims = ((claim.id, f"{line(claim.id)} {line(claim.current, _WORDS)}") for claim in view.claims)
    sources = ((source.name, source_name(source.name)) for source in view.sources)
    return (
        Choice("kind", "Kind", "any kind", tuple(phrases.KINDS.items())),
        Choice("standing", "Claims that are", "any standing", tuple(phrases.STANDINGS.items())),
        Choice("source", "Source", "any source", tuple(sources)),
        Choice("claim", "Claim", "any claim", tuple(claims)),
    )
