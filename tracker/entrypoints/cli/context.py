"""What a command gets: the app, made only when it is asked for."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

if TYPE_CHECKING:
    from tracker.adapters.sql.glance import Glance
    from tracker.bootstrap import App
    from tracker.config import Settings
    from tracker.ports.feeds import FeedReader
    from tracker.ports.views import ViewReader


@dataclass(slots=True)
class Context:
    """The global options of one call."""

    config: Path | None = None
    overrides: dict[str, dict[str, Any]] = field(default_factory=dict)
    _app: "App | None" = None
    _glances: "list[Glance]" = field(default_factory=list)

    @classmethod
    def of(cls, config: Path | None = None, database_url: str | None = None) -> "Context":
        """Return what the global options say."""
        return cls(config, {"database": {"url": database_url}} if database_url else {})

    def settings(self) -> "Settings":
        """Return the settings of this call. Raises ConfigError."""
        from tracker.config import load

        return load(self.config, os.environ, self.overrides)

    def app(self) -> "App":
        """Return the app of this call, the same each time. Raises ConfigError."""
        if self._app is None:
            from tracker.bootstrap import App

            self._app = App(self.settings())
        return self._app

    def existing(self) -> "App":
        """Return the app of this call, whose database is there: whoever only reads makes none.

        Raises ConfigError, NotFound.
        """
        from tracker.errors import NotFound

        app = self.app()
        if app.checkup.missing():
            raise NotFound(f"there is no tracker database {app.shown_database()}; `tracker init` makes one")
        return app

    def views(self) -> "ViewReader":
        """Return the views, level with the log: a worker that was killed may have left them behind."""
        return self.reading()[0]

    def reading(self) -> "tuple[ViewReader, FeedReader]":
        """Return the views, level with the log, and what tells how sources fare; read in the cheapest way there is."""
        app = self.app()
        glanced = app.glance()
        if glanced is not None:
            self._glances.append(glanced)
            return glanced, glanced
        from tracker.application.project import catch_up
        from tracker.projections import ALL

        app = self.existing()
        catch_up(app.log, app.views, ALL)
        return app.views, app.feeds

    def close(self) -> None:
        """Give back what the app holds."""
        for one in self._glances:
            one.close()
        if self._app is not None:
            self._app.close()


PARTLY = 4
"""Exit code of a command that did some of what was asked, and said what it did not."""


class Position(click.IntRange):
    """A position of the log, as far as a database can count."""

    def __init__(self) -> None:
        super().__init__(min=1, max=2**63 - 1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number; what is none is told where positions are printed."""
        if not isinstance(value, int) and not str(value).strip().removeprefix("-").isdecimal():
            printed = "`tracker log` and `tracker timeline` print it"
            self.fail(f"a position of the log is a number, as {printed}, not {value!r}", param, ctx)
        return super().convert(value, param, ctx)


POSITION = Position()

pass_context = click.make_pass_decorator(Context, ensure=True)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
"""Of every command that prints a list."""


def json_word(form: str) -> Callable[[Command], Command]:
    """Return the option --json of a command with --format: a short word for the form that is JSON."""
    return click.option("--json", "form", flag_value=form, help=f"The same as --format {form}.")


def print_json(document: object) -> None:
    """Print a document as JSON, with its schema version in it already."""
    from tracker.rendering.json_report import dumps

    click.echo(dumps(document))
