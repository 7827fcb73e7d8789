"""Who recorded an event: a part of tracker by its name, or a person, with a name where one is known."""

PERSON = "person"
_NAMED = f"{PERSON}:"


def person(name: str) -> str:
    """Return the actor that a person of a name is: never one of the names that parts of tracker have."""
    return f"{_NAMED}{name}"


def shown(actor: str) -> str:
    """Return an actor as readers know them: a person by name, or as a person."""
    return actor.removeprefix(_NAMED) if actor not in ("", PERSON) else "a person"
