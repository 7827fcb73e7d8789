"""Commands that another writer may overtake: look again, decide again."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from tracker.errors import Conflict

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 10
"""Tries at a command that others keep overtaking; of several writers at once one succeeds at each try."""


def retried(command: Callable[P, T]) -> Callable[P, T]:
    """Return a command that begins anew when another writer was first. Raises Conflict after `ATTEMPTS` tries."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(ATTEMPTS - 1):
            try:
                return command(*args, **kwargs)
            except Conflict:
                continue
        return command(*args, **kwargs)

    return run
