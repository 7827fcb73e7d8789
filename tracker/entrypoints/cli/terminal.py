"""What the terminal is like, if there is one."""

import os
import shutil
import sys

WIDEST = 120
WITHOUT_A_TERMINAL = 100


def colour() -> bool:
    """Tell whether output may be coloured: on a terminal that can, unless NO_COLOR is set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Return the columns to write in."""
    return min(shutil.get_terminal_size((WITHOUT_A_TERMINAL, 24)).columns, WIDEST)
