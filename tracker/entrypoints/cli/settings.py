"""`tracker config`."""

import click

from tracker.entrypoints.cli.context import Context, pass_context, print_json


@click.group()
def config() -> None:
    """Show the settings in force."""


@config.command()
@click.option("--json", is_flag=True, expose_value=False, help="Print JSON, as without it.")
@pass_context
def show(context: Context) -> None:
    """Print the settings in force as JSON.

    Flags go over variables, over the config file, over defaults. Secrets are never shown. Exits with 2 for what a
    worker would refuse, whatever the database holds.
    """
    from tracker.config import shown

    context.app().declared()
    print_json({"schema_version": 1, **shown(context.settings())})
