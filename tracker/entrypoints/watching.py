"""What watches over a worker that runs: its pulse, the supervisor that hears it, and the site that tells of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from tracker.entrypoints.metrics import FEEDS, Metrics
from tracker.entrypoints.pulse import Pulse
from tracker.entrypoints.running import Running
from tracker.entrypoints.systemd import Supervisor
from tracker.ports.vitals import Vitals

INTERVAL = 10.0
"""Seconds between two beats, unless the supervisor wants them more often."""


@contextmanager
def watched(running: Running, supervisor: Supervisor, metrics: Metrics) -> Iterator[Pulse]:
    """Serve the site, where one is asked for; give the pulse, which is to be started once the worker is ready.

    Raises ConfigError when the address to listen at cannot be had, TrackerError when it is in use.
    """

    def ask() -> Vitals:
        return running.app.observer.vitals(running.app.clock(), FEEDS)

    def told(vitals: Vitals) -> None:
        supervisor.status(_words(vitals, running))
        supervisor.alive()

    pulse = Pulse(ask, min(supervisor.beat or INTERVAL, INTERVAL), told)
    with _served(running, pulse, metrics):
        try:
            yield pulse
        finally:
            pulse.stop()


@contextmanager
def _served(running: Running, pulse: Pulse, metrics: Metrics) -> Iterator[None]:
    web = running.app.settings.web
    if web.listen is None:
        yield
        return
    from tracker.entrypoints.web.server import WebServer, open_socket
    from tracker.entrypoints.web.site import site

    server = WebServer(site(running, web, pulse, metrics), open_socket(web.listen))
    server.start()
    try:
        yield
    finally:
        server.stop()


def _words(vitals: Vitals, running: Running) -> str:
    stories = len(running.room.shelf.followed()) if running.room else 0
    return (
        f"stories: {stories}; feeds: {vitals.feeds}, {vitals.due} due, {vitals.failing} failing;"
        f" alerts: {vitals.pending} pending, {vitals.dead} given up"
    )
