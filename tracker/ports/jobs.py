"""Work that is handed out to many processes. What is due stands in our own tables; a job that is lost loses nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["tick", "poll", "page", "judge", "project", "bundle", "deliver"]


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do.

    `about`: the feed to poll, the host whose pages to read, the story to judge, the way to deliver over; else empty.

    Jobs that are equal are one: while one waits no other is put beside it, and while one is done no other begins. A
    tick, which only looks for what is due, may run beside another.
    """

    kind: Kind
    about: str = ""


Work = Callable[[Job], Sequence[Job]]
"""Does a job and returns what follows from it. Doing one twice, or one that is not due any more, changes nothing."""
