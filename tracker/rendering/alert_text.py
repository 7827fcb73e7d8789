"""A message as plain text."""

from collections.abc import Iterator

from tracker.rendering.alert_sheet import Change, Item, Part, Point, Section, Sheet, Words
from tracker.rendering.alert_why import ENDING


def sheet_text(sheet: Sheet) -> str:
    """Return the message for a reader of plain text; blocks are parted by empty lines."""
    return "\n\n".join(_blocks(sheet)) + "\n"


def _blocks(sheet: Sheet) -> Iterator[str]:
    yield f"{sheet.headline}\nStory: {sheet.about}" if sheet.about else sheet.headline
    yield from sheet.intro
    for part in sheet.parts:
        yield from _part(part)
    yield from sheet.outro
    yield "-- \n" + "\n".join(sheet.footer)


def _part(part: Part) -> Iterator[str]:
    if part.title:
        yield f"{part.title}\n{'=' * min(len(part.title), 72)}"
    for section in part.sections:
        yield from _section(section)
    if part.more:
        yield part.more


def _section(section: Section) -> Iterator[str]:
    if section.heading:
        yield section.heading.upper()
    for item in section.items:
        yield from _item(item)
    yield from section.notes


def _item(item: Item) -> Iterator[str]:
    """Under a title the source comes first, and all is one block; otherwise the source follows the points."""
    where = [line for line in (item.whence, item.url) if line]
    points = [_point(point) for point in item.points]
    if item.title:
        yield "\n".join([f"* {item.title}", *(f"  {row}" for block in (*where, *points) for row in block.split("\n"))])
        return
    yield from points
    if where:
        yield "\n".join(where)


def _point(point: Point) -> str:
    """What belongs to a claim stands under it, set in."""
    claim = f"Claim: {point.claim}" if point.claim else ""
    head = ". ".join(words for words in (point.word, claim) if words)
    lines = map(_line, point.lines)
    return "\n".join([head, *(f"  {line}" for line in lines)] if head else lines)


def _line(line: Words | Change) -> str:
    label = f"{line.label}: " if line.label else ""
    if isinstance(line, Change):
        return f"{label}{line}"
    return f"{label}{line.text}"


def with_way_out(text: str, url: str) -> str:
    """Return the text of a message with the address that ends the subscription, where its foot says how to."""
    start = text.rfind(f"\n{ENDING}")
    end = len(text) if start < 0 else text.index("\n", start + 1) + 1
    return f"{text[:end]}Or here: {url}\n{text[end:]}"
