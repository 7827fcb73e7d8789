"""Runs the migrations: on the connection that tracker hands in, or by hand on the database of TRACKER_DATABASE_URL."""

import os

from alembic import context
from sqlalchemy import Connection

from tracker.adapters.sql.engine import open_engine, writing
from tracker.adapters.sql.tables import metadata
from tracker.errors import ConfigError


def migrate(connection: Connection) -> None:
    """Run what alembic was asked for, all of it in the transaction of this connection."""
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """Take the connection handed in, or open one."""
    handed_in = context.config.attributes.get("connection")
    url = os.environ.get("TRACKER_DATABASE_URL")
    if handed_in is not None:
        migrate(handed_in)
    elif url:
        with writing(open_engine(url)) as connection:
            migrate(connection)
    else:
        raise ConfigError("TRACKER_DATABASE_URL says which database to migrate; it is not set")


main()
