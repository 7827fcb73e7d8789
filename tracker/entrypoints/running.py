"""The worker as it runs: the app of the settings in force, which a reload replaces, and the room made of it."""

from collections.abc import Callable

from tracker.application.newsroom import Newsroom
from tracker.bootstrap import App


class Running:
    """A worker as it runs. `app` is that of the settings in force: ask for it each time, and do not keep it.

    `room` is None until the schema is checked, the lock is held and what the config declares is there.
    """

    def __init__(self, app: App, stopping: Callable[[], bool]) -> None:
        self.app = app
        self.room: Newsroom | None = None
        self._stopping = stopping
