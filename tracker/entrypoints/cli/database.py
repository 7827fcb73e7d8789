"""`tracker db`."""

import click

from tracker.entrypoints.cli.context import Context, pass_context


@click.group()
def db() -> None:
    """Bring the database to the newest schema, or check it."""


@db.command()
@pass_context
def upgrade(context: Context) -> None:
    """Bring the database to the newest schema. Every command that uses it does so by itself."""
    app = context.app()
    click.echo(f"{app.shown_database()}: schema {app.schema()}")


@db.command()
@pass_context
def check(context: Context) -> None:
    """Say which schema the database has."""
    app = context.app()
    click.echo(f"{app.shown_database()}: schema {app.schema()}, log at position {app.log.head()}")
