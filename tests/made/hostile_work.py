"""What a document can make a parser do, as functions that a child process can import."""

import os

from tracker.errors import NotAFeed


def loop() -> None:
    """Never end."""
    while True:
        pass


def hog() -> int:
    """Take memory until there is none, in a process that is limited."""
    taken = []
    while True:
        taken.append(bytearray(16 << 20))


def crash() -> None:
    """End the process as a fault in a library does."""
    os._exit(3)


def refuse() -> None:
    """Find no feed."""
    raise NotAFeed("plain text, not a feed")


def deep() -> list[object]:
    """Return what cannot be pickled: lists in lists, 100,000 deep."""
    found: list[object] = []
    for _ in range(100_000):
        found = [found]
    return found
