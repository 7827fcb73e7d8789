"""The part of `replay.py` that runs under the interpreter of the bench environment; prints microseconds an event.

python replay_library.py sqlite|postgresql URL PAGE REPEATS     < one JSON body a line
"""

import json
import sys
from time import perf_counter, process_time
from typing import Any

from append_library import settings
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

STREAM, SAVED = 1000, 100


class Story(Aggregate):
    """An aggregate that only counts."""

    @event("Opened")
    def __init__(self, body: dict[str, Any]) -> None:  # noqa: ARG002 - the event holds it
        self.told = 1

    @event("Told")
    def tell(self, body: dict[str, Any]) -> None:  # noqa: ARG002 - as above
        """Be told."""
        self.told += 1


def main() -> None:
    """Save the bodies as events of streams, then read them back as notifications, selected alone and mapped."""
    kind, url, page, repeats = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    bodies = [json.loads(line) for line in sys.stdin]
    app = Application(env=settings(kind, url))
    for first in range(0, len(bodies), STREAM):
        story = Story(bodies[first])
        for nth, body in enumerate(bodies[first + 1 : first + STREAM], 1):
            story.tell(body)
            if nth % SAVED == 0:
                app.save(story)
        app.save(story)
    for _ in range(repeats):
        for name in ("select", "mapped"):
            wall, cpu = perf_counter(), process_time()
            assert read(app, page, mapped=name == "mapped") == len(bodies)
            print(name, *((end / len(bodies)) * 1e6 for end in (perf_counter() - wall, process_time() - cpu)))
    app.close()


def read(app: Application, page: int, *, mapped: bool) -> int:
    """Return how many notifications there are, having read them all."""
    count, start = 0, 1
    while found := app.recorder.select_notifications(start=start, limit=page):
        if mapped:
            for notification in found:
                app.mapper.to_domain_event(notification)
        count, start = count + len(found), found[-1].id + 1
    return count


if __name__ == "__main__":
    main()
