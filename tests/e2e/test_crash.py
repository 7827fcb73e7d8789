"""A worker killed at any moment loses and repeats nothing."""

import random
import time

from tests.e2e.world import STORY, Publisher, Tracker, publishing, recorded_items

KILLS = 50
ITEMS = recorded_items()[:100]


def follow(tracker: Tracker, publisher: Publisher) -> None:
    tracker.follow(publisher)
    tracker.run("poll")  # the first import, of an empty feed, is the baseline


def story_events(tracker: Tracker) -> list[str]:
    return [event["id"] for event in tracker.log("--story", STORY)]


def test_kill_9_at_random_points_loses_and_repeats_nothing(tracker: Tracker, publisher: Publisher) -> None:
    """Fifty kills of the worker leave the very log of an undisturbed one, verified, with every alert delivered."""
    chance = random.Random(20240531)
    follow(tracker, publisher)
    for kill in range(KILLS):
        publisher.publish(ITEMS[kill * 2 : kill * 2 + 2])
        worker = tracker.start("run")
        time.sleep(chance.uniform(0.2, 3.0))
        worker.kill()
        worker.communicate()
    settle(tracker)

    assert tracker.run("verify").returncode == 0
    undisturbed, reference_hooks = reference(tracker)
    assert story_events(tracker) == undisturbed
    delivered = {hook["id"] for hook in publisher.hooks}
    assert len(delivered) == reference_hooks > 0
    bodies = {(hook["id"], hook["body"]) for hook in publisher.hooks}
    assert len(bodies) == len(delivered), "a repeated delivery has the same id and the same words"


def settle(tracker: Tracker) -> None:
    """Let the worker finish what is due, leases of killed workers included."""
    tracker.run("poll")
    pending = tracker.run("alert", "list", "--state", "pending", "--json").stdout
    while '"pending"' in pending:
        time.sleep(1)
        tracker.run("poll")
        pending = tracker.run("alert", "list", "--state", "pending", "--json").stdout


def reference(tracker: Tracker) -> tuple[list[str], int]:
    """Return the events and the number of alerts of a worker that nobody disturbed, on the same items."""
    home = tracker.home / "reference"
    home.mkdir()
    other = Tracker(f"sqlite:///{home / 'tracker.db'}", home)
    with publishing() as publisher:
        follow(other, publisher)
        publisher.publish(ITEMS)
        other.run("poll")
        return story_events(other), len({hook["id"] for hook in publisher.hooks})
