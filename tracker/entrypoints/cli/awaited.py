"""What the config file names and no worker has taken up yet."""

from typing import TYPE_CHECKING

from tracker.errors import ConfigError

if TYPE_CHECKING:
    from tracker.bootstrap import App


def awaited(app: "App") -> tuple[str, str]:
    """Return what to say of the feeds, and of the subscriptions, that wait for a worker; "" where none does.

    Nothing is said of a config file that no worker would start with: `tracker doctor` tells of it.
    """
    from tracker.application.declared import not_taken_up
    from tracker.application.surroundings import taken_up

    try:
        feeds, subscriptions = not_taken_up(app.log, app.feeds, app.declared())
    except ConfigError:
        return "", ""
    return taken_up(feeds) if feeds else "", taken_up(subscriptions) if subscriptions else ""
