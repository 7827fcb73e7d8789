"""`tracker healthcheck`: is the worker well, in one line and an exit code, for containers."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import click

from tracker.entrypoints.cli.context import Context, json_option, pass_context, print_json
from tracker.errors import TrackerError, UsageError

_MOST = 65_536
"""Bytes of an answer that are read."""


_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where others listen, it is asked here


class _Ill(TrackerError):
    """The worker is not well."""


@click.command()
@click.option("--url", help="Where the worker answers, such as http://127.0.0.1:8377.  [default: as web.listen says]")
@click.option("--timeout", type=click.FloatRange(0.1, 600), default=5.0, show_default=True, help="Seconds to wait.")
@json_option
@pass_context
def healthcheck(context: Context, url: str | None, timeout: float, as_json: bool) -> None:
    """Tell whether the worker is well, in a line and an exit code.

    The code is 0 if it is, else 1. Asks the worker (/readyz) where it listens. Where it does not, looks whether the
    database answers and, on SQLite, whether a worker holds its lock.
    """
    from tracker.entrypoints.documents.pulse import pulse

    try:
        said = _within(timeout, lambda: _looked(context, url, timeout))
    except TrackerError as error:
        if as_json:
            print_json(pulse(str(error), well=False))
        raise
    if as_json:
        print_json(pulse(said, well=True))
    else:
        click.echo(said)


def _looked(context: Context, url: str | None, timeout: float) -> str:
    listen = context.settings().web.listen if url is None else None
    if listen is not None:
        url = _address(listen)
    return _database(context) if url is None else _asked(url.rstrip("/"), timeout)


def _address(listen: str) -> str:
    """Return where a worker on this machine is asked that listens there."""
    from tracker.config import address

    host, port = address(listen)
    here = _ANYWHERE.get(host, host)
    return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"


def _asked(url: str, timeout: float) -> str:
    if not url.startswith(("http://", "https://")):
        raise UsageError(f"--url {url}: an address begins with http:// or https://")
    try:
        # No proxy: it would be asked for its own loopback.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{url}/readyz", timeout=timeout):
            return "ready"
    except urllib.error.HTTPError as error:
        raise _Ill(f"{url}: {_parts(error.read(_MOST)) or f'HTTP {error.code}'}") from error
    except urllib.error.URLError as error:
        reason = error.reason
        raise _Ill(f"{url}: {reason.strerror if isinstance(reason, OSError) else reason}") from error
    except (OSError, ValueError) as error:
        raise _Ill(f"{url}: {error}") from error


def _parts(body: bytes) -> str:
    """Return which parts a worker says are not well."""
    try:
        parts: dict[str, dict[str, Any]] = json.loads(body)["parts"]
        ill = [
            f"{name} ({part['state']})" if "state" in part else name for name, part in parts.items() if not part["ok"]
        ]
    except (ValueError, KeyError, TypeError):
        return ""
    return f"not ready: {', '.join(ill)}"


def _database(context: Context) -> str:
    app = context.app()
    if app.checkup.missing():
        raise _Ill(f"{app.checkup.name} is not there yet")
    schema = app.checkup.schema()
    if schema.current != schema.newest:
        raise _Ill(f"{app.checkup.name} has schema {schema.current or 'none'}, this version {schema.newest}")
    if app.checkup.kind != "file":
        return "the database answers"
    process = app.checkup.worker()
    if process is None:
        raise _Ill("no worker runs")
    return f"process {process} follows the stories; the database answers"


def _within(seconds: float, look: Callable[[], str]) -> str:
    """Return what a look tells, if it does so within some seconds. Raises TrackerError."""
    found: list[str | TrackerError] = []

    def run() -> None:
        try:
            found.append(look())
        except TrackerError as error:
            found.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise _Ill(f"no answer within {seconds:g} s")
    if isinstance(found[0], TrackerError):
        raise found[0]
    return found[0]
