"""The part of `append.py` that runs under the interpreter of the bench environment; prints the seconds it took.

python append_library.py sqlite|postgresql URL EVENTS_A_TRANSACTION EVENTS     < one JSON body a line
"""

import json
import sys
from time import perf_counter
from urllib.parse import parse_qs, urlsplit

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

STREAM = 100


class Story(Aggregate):
    """An aggregate that only counts."""

    @event("Opened")
    def __init__(self, entry: dict, finding: dict) -> None:  # noqa: ARG002 (they are what is stored)
        self.corroborated = 1

    @event("Corroborated")
    def corroborate(self, entry: dict, finding: dict) -> None:  # noqa: ARG002
        """Store both, and count."""
        self.corroborated += 1


def settings(kind: str, url: str) -> dict[str, str]:
    """Return where the library keeps its events."""
    if kind == "sqlite":
        return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": url.removeprefix("sqlite:///") + ".lib"}
    (host,) = parse_qs(urlsplit(url).query)["host"]
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": urlsplit(url).path.lstrip("/"),
        "POSTGRES_HOST": host,
        "POSTGRES_PORT": "5432",
        "POSTGRES_USER": "postgres",
        "POSTGRES_PASSWORD": "none",
    }


def main() -> None:
    """Save streams of 100 events, so many a transaction."""
    kind, url, size, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    bodies = [json.loads(line) for line in sys.stdin]
    app = Application(env=settings(kind, url))
    app.save(Story(**bodies[0]))
    start = perf_counter()
    for first in range(0, count, STREAM):
        story, held = Story(**bodies[first]), 1
        for nth in range(1, STREAM + 1):
            if held == size or nth == STREAM:
                app.save(story)
                held = 0
            if nth < STREAM:
                story.corroborate(**bodies[first + nth])
                held += 1
    print(perf_counter() - start)
    app.close()


if __name__ == "__main__":
    main()
