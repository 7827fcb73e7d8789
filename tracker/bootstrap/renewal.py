"""New settings for a worker that runs: another app, on the same database, models and processes."""

from functools import cached_property

from tracker.bootstrap.app import App
from tracker.bootstrap.store import Store
from tracker.config import Settings

_DATABASE = frozenset(name for name, part in vars(Store).items() if isinstance(part, cached_property))
_OWN = ("http", "mail")
_COSTLY = ("judge", "apart", "apart_for_feeds")


def renewed(app: App, settings: Settings) -> App:
    """Return an app of other settings, of which those of the database are the same; `retire` the old one."""
    new = App(settings, app.clock)
    vars(new).update({name: part for name, part in vars(app).items() if name in _DATABASE})
    vars(new).update({name: getattr(app, name) for name in _COSTLY})
    return new


def retire(app: App) -> None:
    """Give back what the app that came after does not share."""
    for name in _OWN:
        if name in vars(app):
            vars(app)[name].close()
