"""What claims rest on: the event that made each stand as it does, the sides of a dispute, and who is quoted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from tracker.projections.projection import Row
from tracker.rendering.plain import line
from tracker.rendering.view import Change, ClaimView, Group, Side, Voice

_VALUES = frozenset({"quantity", "date", "status"})


def grounds(rows: Iterable[Row]) -> Iterator[int]:
    """Yield the positions of the events that claims rest on, given their rows of the ledger."""
    for row in rows:
        yield row["turned"]["position"]
        yield from row["denials"].values()


def grounded(claim: ClaimView, row: Row, told: Mapping[int, Change]) -> ClaimView:
    """Return a claim with what made it stand so, and the sides where it is disputed; `told` holds its grounds."""
    why = told.get(row["turned"]["position"])
    denials = {source: told[at] for source, at in row["denials"].items() if at in told}
    sides = tuple(_sides(claim, denials)) if claim.group is Group.DISPUTED else ()
    return replace(claim, why=why if why and why.kind != "tracked" else None, sides=sides)


def voices(claims: Sequence[ClaimView]) -> tuple[Voice, ...]:
    """Return who is quoted, those with most claims first: whom claims are put down to, and who denies one."""
    found: dict[str, Voice] = {}
    for claim, name, denies in _quotes(claims):
        voice = found.get(name.casefold(), Voice(name, (), ()))
        says, denied = ((), (claim,)) if denies else ((claim,), ())
        found[name.casefold()] = Voice(voice.name, (*voice.says, *says), (*voice.denies, *denied))
    return tuple(sorted(found.values(), key=lambda one: (-len(one.says) - len(one.denies), one.name.casefold())))


def _quotes(claims: Sequence[ClaimView]) -> Iterator[tuple[str, str, bool]]:
    for claim in claims:
        if name := line(claim.attributed_to):
            yield claim.id, name, False
        for name in dict.fromkeys(name for side in claim.sides if side.denies for name in side.speakers):
            yield claim.id, name, True


def _sides(claim: ClaimView, denials: Mapping[str, Change]) -> Iterator[Side]:
    """Yield who holds to the claim, and those who deny it, together where they say the same instead."""
    held = next((line(told.old) for told in denials.values() if told.field in _VALUES and told.old), "")
    yield Side(held, False, () if claim.moved else _one(claim.attributed_to), claim.sources)
    said: dict[str, list[tuple[str, Change]]] = {}
    for source, told in sorted(denials.items(), key=lambda one: one[1].position):
        said.setdefault(_value(told).casefold(), []).append((source, told))
    for against in said.values():
        findings = tuple(told for _, told in against)
        speakers = tuple(dict.fromkeys(name for told in findings for name in _speaker(told)))
        yield Side(_value(findings[0]), True, speakers, tuple(sorted(source for source, _ in against)), findings)


def _value(told: Change) -> str:
    return line(told.new) if told.field in _VALUES else ""


def _speaker(told: Change) -> tuple[str, ...]:
    # Its patterns take long to load, and most reports hold no dispute.
    from tracker.domain.sourcing import is_pronoun, source_of  # noqa: PLC0415

    found = source_of(line(told.sentence))
    return _one(found.who) if found and not is_pronoun(found.who) else ()


def _one(name: str | None) -> tuple[str, ...]:
    return (line(name),) if line(name) else ()
