"""A database read with its driver alone, as it is: nothing is made, migrated or waited for.

For what has to answer before the library that everything else is read with would have been imported.
"""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

_PATIENCE = 2
"""Seconds that a database may take to answer."""

_LIVE = (
    'SELECT v.data FROM "view" v JOIN checkpoint c ON c.projection = v.projection AND c.generation = v.generation'
    " AND c.live WHERE v.projection = "
)
_STORIES = f"{_LIVE}'stories' ORDER BY v.partition"
_CLAIMS = f"{_LIVE}'ledger' AND v.partition = ? ORDER BY v.\"key\""
_FEEDS = "SELECT id, name, url FROM feed WHERE NOT removed ORDER BY id"
_ALERTS = (
    "SELECT type, data FROM event WHERE stream = 'alerts'"
    " AND type IN ('subscription.added', 'subscription.removed') ORDER BY version"
)

Name = tuple[str, str]
"""An id, and what it stands for in words of others."""


class Names:
    """The ids that a person may type. Every method raises an error of the driver where the database does not answer."""

    def __init__(self, url: str) -> None:
        self._url = url

    def stories(self) -> list[Name]:
        """Return the stories, closed ones too."""
        return [(row["id"], row["title"]) for row in self._rows(_STORIES)]

    def claims(self, story: str) -> list[Name]:
        """Return the claims of a story."""
        return [(row["id"], row["current"]["text"]) for row in self._rows(_CLAIMS, story)]

    def feeds(self) -> list[Name]:
        """Return the sources that are followed."""
        return [(identity, name or url) for identity, name, url in self._asked(_FEEDS)]

    def subscriptions(self) -> list[Name]:
        """Return those that are in force."""
        held: dict[str, str] = {}
        for kind, data in self._asked(_ALERTS):
            said = json.loads(data)
            held.pop(said["subscription"], None)
            if kind != "subscription.removed":
                held[said["subscription"]] = said["target"]
        return list(held.items())

    def _rows(self, question: str, *values: str) -> Iterator[dict[str, Any]]:
        return (json.loads(data) for (data,) in self._asked(question, *values))

    def _asked(self, question: str, *values: str) -> list[Any]:
        if self._url.startswith("sqlite"):
            with closing(_sqlite(self._url)) as connection:
                return connection.execute(question, values).fetchall()
        import psycopg  # noqa: PLC0415 - it may not be installed

        options = f"-c default_transaction_read_only=on -c statement_timeout={_PATIENCE}s"
        server = f"postgresql://{self._url.partition('://')[2]}"
        with psycopg.connect(server, connect_timeout=_PATIENCE, options=options) as server_connection:
            return server_connection.execute(question.replace("?", "%s").encode(), values).fetchall()


def _sqlite(url: str) -> sqlite3.Connection:
    """Return a connection to a file that is there, which writes neither to it nor beside it.

    Without a write-ahead log beside it nobody has it open, and SQLite would make one only to look.
    """
    path = os.path.realpath(url.partition("sqlite:///")[2])
    alone = "" if Path(f"{path}-wal").exists() else "&immutable=1"
    return sqlite3.connect(f"file:{quote(path)}?mode=ro{alone}", uri=True, timeout=_PATIENCE)
