"""What the terminal is like, if there is one, and what its user wants of it."""

import os
import shutil
import sys
from datetime import UTC, datetime, tzinfo
from typing import TextIO

WIDEST = 120
WITHOUT_A_TERMINAL = 100
_OFF = ("", "0")


def colour(stream: TextIO | None = None) -> bool:
    """Tell whether what is written to a stream, standard output otherwise, may be coloured: on a terminal that can.

    NO_COLOR says no whatever else is said; FORCE_COLOR and CLICOLOR_FORCE say yes to pipes and files as well.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name, "") not in _OFF for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return capable(stream or sys.stdout)


def capable(stream: TextIO) -> bool:
    """Tell whether a stream is a terminal that moves its cursor: only there progress is shown, and colour."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Return the columns to write in."""
    return min(shutil.get_terminal_size((WITHOUT_A_TERMINAL, 24)).columns, WIDEST)


def zone(at: datetime) -> tzinfo:
    """Return the zone of the reader's clock at a time; UTC where nobody reads along, so that files tell the same."""
    try:
        return (at.astimezone().tzinfo or UTC) if sys.stdout.isatty() else UTC
    except (OverflowError, OSError, ValueError):  # a time at the end of what a calendar holds
        return UTC


def stand_in() -> None:
    """Open nothing in the place of each standard stream that is closed.

    Otherwise the next file that is opened takes its number: a database, say, to which somebody's output then goes.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
