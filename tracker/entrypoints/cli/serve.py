"""`tracker serve`: the stories as pages, and as JSON for programs."""

from http import HTTPStatus
from typing import TYPE_CHECKING

import click

from tracker.entrypoints.cli.context import Context, pass_context
from tracker.errors import NotFound, TrackerError, UsageError
from tracker.rendering.plain import line

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from tracker.config import Serve

_FAILED: dict[int, type[TrackerError]] = {HTTPStatus.NOT_FOUND: NotFound, HTTPStatus.BAD_REQUEST: UsageError}
"""Errors by what a page was refused with; they have the exit codes."""


@click.command()
@click.option("--listen", metavar="HOST:PORT", help="Where to listen; serve.listen in the config file otherwise.")
@click.option("--get", "path", metavar="PATH", help="Print one page, such as /story/ID, and exit; nothing listens.")
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
        _print(site, path)
        return
    from tracker.entrypoints import logs
    from tracker.entrypoints.web.server import open_socket, serve_until_stopped

    wanted = app.settings.serve
    listening = open_socket(wanted.listen, "serve.listen")
    logs.set_up(app.settings.log)
    _warn(wanted)
    serve_until_stopped(site, listening, behind_proxy=wanted.url is not None)


def _print(site: "Starlette", path: str) -> None:
    from tracker.entrypoints.web.once import get

    status, body = get(site, path)
    click.echo(body, nl=False)
    if status >= HTTPStatus.BAD_REQUEST:
        failed = _FAILED.get(status, TrackerError)
        raise failed(f"{line(path)}: HTTP {status} {HTTPStatus(status).phrase}")


def _warn(serve: "Serve") -> None:
    """Say who may read where more than this machine gets there."""
    from tracker.config import address
    from tracker.entrypoints.web.server import is_here

    if is_here(address(serve.listen)[0]):
        return
    click.echo(f"tracker: everybody who reaches {serve.listen} may read every story", err=True)
    if serve.token and not (serve.url or "").startswith("https:"):
        click.echo("tracker: without TLS in front (serve.url) the token is sent as plain text", err=True)
