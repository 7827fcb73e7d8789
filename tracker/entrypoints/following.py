"""What the daemon needs to know of those who do the jobs."""

from collections.abc import Callable
from dataclasses import dataclass

GRACE = 8.0
"""Seconds between the signal and the end, whatever a slow server or model does."""


@dataclass(frozen=True, slots=True)
class Following:
    """The jobs are being done.

    `end` takes no more work and waits until what runs has ended; `retime` does the jobs as often as the settings in
    force say now.
    """

    end: Callable[[], None]
    retime: Callable[[], None]
