"""Deliveries, their tries and notices as lines of `tracker alert`."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tracker.errors import NotFound, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.ports.outbox import Delivery, Outbox, Owed, Try

_MOST = 100
_SHOWN = 2000
"""Characters of an answer that are shown; all of it is in the database."""
_WAITS_FOR = {"group": "company", "quiet": "the end of quiet hours", "digest": "its digest"}


def found_by_id(outbox: "Outbox", wanted: str) -> "Delivery":
    """Return the delivery whose id begins so. Raises NotFound, UsageError where several do."""
    found = outbox.beginning(wanted, _MOST)
    if not found:
        raise NotFound(f"no delivery {wanted}; `tracker alert list` shows them")
    if len(found) > 1 and found[0].id != wanted:
        more = " or more" if len(found) == _MOST else ""
        raise UsageError(f"{wanted} begins {len(found)} ids{more}; give more of it")
    return found[0]


def delivery_line(one: "Delivery") -> str:
    """Return a delivery in a line."""
    return f"{one.id}  {one.story or 'all stories'}  to {one.subscription}  {_how(one)}"


def notice_line(one: "Owed") -> str:
    """Return a notice in a line: on what, to whom, and why it waited or waits."""
    why = _WAITS_FOR.get(one.held or "", "")
    waits = ""
    if one.dropped:
        waits = f"  never sent: {one.dropped}"
    elif one.delivery is None:
        waits = f"  waits for {why or 'its message'} until {minute(one.due_at)}"
    elif why:
        waits = f"  waited for {why}"
    return f"#{one.position}  {one.story or 'all stories'}  {one.kind or 'alert'}  to {one.subscription}{waits}"


def tries(found: "Sequence[Try]") -> Iterator[str]:
    """Yield the lines on each try at a delivery."""
    for number, one in enumerate(found, 1):
        began = one.started_at or one.ended_at
        took = f" after {(one.ended_at - began).total_seconds():.1f} s" if one.started_at else ""
        code = f" {one.code}" if one.code is not None else ""
        whom = f" ({one.target})" if one.target else ""
        yield f"try {number}: {_second(began)}: {one.outcome}{code}{took}{whom}: {one.detail}"
        if one.answer and one.answer not in one.detail:
            cut = " …" if len(one.answer) > _SHOWN else ""
            yield "".join(f"    {line}\n" for line in one.answer[:_SHOWN].splitlines()).rstrip("\n") + cut


def minute(moment: "datetime | None") -> str:
    """Return a moment to the minute."""
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""


def _second(moment: "datetime") -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _how(one: "Delivery") -> str:
    from tracker.rendering.phrases import count

    if one.state == "delivered":
        return f"delivered {minute(one.delivered_at)}"
    if one.state == "dead":
        return f"given up after {count(one.attempts, 'attempt')}: {one.last_error}"
    failed = f", failed {count(one.attempts, 'time')}: {one.last_error}" if one.last_error else ""
    return f"due {minute(one.due_at)}{failed}"
