"""`tracker serve`: the stories as pages, and as JSON for programs."""

import click

from tracker.entrypoints.cli.context import Context, pass_context
from tracker.errors import TrackerError


@click.command()
@click.option("--listen", metavar="HOST:PORT", help="Where to listen; serve.listen in the config file otherwise.")
@click.option("--get", "path", metavar="PATH", help="Print one page, such as /story/ID, and exit.")
@pass_context
def serve(context: Context, listen: str | None, path: str | None) -> None:
    """Show the stories to a browser until stopped (SIGTERM or Ctrl-C).

    The page reads; it writes, reviews and marks of what was read, only for who has serve.token.
    """
    if listen:
        context.overrides["serve"] = {"listen": listen}
    app = context.app()
    from tracker.entrypoints.web.serving import serving

    site = serving(app)
    if path is not None:
        from tracker.entrypoints.web.once import get

        status, body = get(site, path)
        click.echo(body, nl=False)
        if status != 200:  # noqa: PLR2004 - OK
            raise TrackerError(f"{path}: HTTP {status}")
        return
    from tracker.entrypoints.web.server import serve_until_stopped

    serve_until_stopped(site, app.settings.serve.listen)
