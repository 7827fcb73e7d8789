"""Settings: flags > TRACKER_* variables > config file > defaults; frozen once read.

Every setting `section.key` has the variable `TRACKER_SECTION_KEY` (`TRACKER_DATABASE_URL`). Secrets are never values:
they are references `env:NAME` or `file:PATH`, resolved when they are used. A PATH in a config file is relative to its
folder.
"""

from tracker.config.check import address
from tracker.config.load import load, settings_in, shown, variables
from tracker.config.secrets import anchored, secret, seen_secrets
from tracker.config.settings import (
    Database,
    FeedEntry,
    Log,
    Mail,
    Opinion,
    Serve,
    Settings,
    SubscriptionEntry,
    Web,
    Webhook,
    Worker,
)

__all__ = [
    "Database",
    "FeedEntry",
    "Log",
    "Mail",
    "Opinion",
    "Serve",
    "Settings",
    "SubscriptionEntry",
    "Web",
    "Webhook",
    "Worker",
    "address",
    "anchored",
    "load",
    "secret",
    "seen_secrets",
    "settings_in",
    "shown",
    "variables",
]
