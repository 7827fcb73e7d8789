"""`tracker db`."""

import click

from tracker.entrypoints.cli.context import Context, pass_context
from tracker.errors import StoreError


@click.group()
def db() -> None:
    """Bring the database to the newest schema, or check it."""


@db.command()
@pass_context
def upgrade(context: Context) -> None:
    """Bring the database to the newest schema. Every command that uses it does so by itself."""
    app = context.app()
    before = None if app.checkup.missing() else app.checkup.schema().current
    app.log.head()
    now = app.checkup.schema().current
    was = "" if before == now else f", was {before or 'none'}"
    click.echo(f"{app.shown_database()}: schema {now}{was}")


@db.command()
@pass_context
def check(context: Context) -> None:
    """Say which schema the database has, and change nothing. Exits with 1 unless it is that of this version."""
    app = context.app()
    if app.checkup.missing():
        raise StoreError(f"{app.checkup.name} is not there yet; `tracker db upgrade` makes it")
    schema = app.checkup.schema()
    if schema.current is None:
        raise StoreError(f"{app.checkup.name} has no tables yet; `tracker db upgrade` makes them")
    if schema.current != schema.newest:
        raise StoreError(
            f"{app.checkup.name} has schema {schema.current}, this version {schema.newest};"
            " `tracker db upgrade` brings it there"
        )
    click.echo(f"{app.shown_database()}: schema {schema.current}, log at position {app.log.head()}")
