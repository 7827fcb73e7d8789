"""Where judge and readers part on an item, as text."""

from collections.abc import Iterator, Mapping
from typing import Any

from tracker.rendering.plain import line

_TITLE, _SUMMARY = 90, 160


def parting_text(parting: Mapping[str, Any]) -> str:
    """Return a few lines on an item: what it says, what is held of it, and what was said."""
    return "\n".join(_lines(parting))


def _lines(parting: Mapping[str, Any]) -> Iterator[str]:
    held, said = parting["held"], parting["said"]
    mark = "!" if parting["parted"] else " "
    yield f"{mark} {parting['grade'] or '-':6} {parting['published'][:10]}  {line(parting['title'], _TITLE)}"
    if parting["summary"]:
        yield f"{'':9}{line(parting['summary'], _SUMMARY)}"
    yield f"{'':9}held: {held['relevant']}, news {held['news']}, {line(held['event']) or 'no event'}; {_held(held)}"
    belongs = "belongs" if said["relevant"] else "does not belong"
    copied = f", copy of {line(said['duplicate_of'])}" if said["duplicate_of"] else ""
    yield f"{'':9}said: {belongs} {said['score']:.2f}{', told' if said['alert'] else ''}{copied}; {_said(said)}"


def _held(held: Mapping[str, Any]) -> str:
    links = (f"{line(one['claim'])} {'/'.join(one['relations'])}{'' if one['must'] else '?'}" for one in held["links"])
    return ", ".join(links) or "no claim"


def _said(said: Mapping[str, Any]) -> str:
    return ", ".join(map(_finding, said["findings"])) or "no claim"


def _finding(one: Mapping[str, Any]) -> str:
    values = f" {one['field']}: {line(one['old'])} -> {line(one['new'])}" if one["field"] else ""
    return f"{line(one['claim']) or 'a new claim'} {one['relation']} {one['score']:.2f}{values}"
