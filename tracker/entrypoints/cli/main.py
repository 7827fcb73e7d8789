"""The `tracker` command: global options, and how errors become one line and an exit code.

Commands are loaded when they are called: `tracker --help` reads only the table below.
"""

import gc
import os
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import click
from click.exceptions import Exit, NoArgsIsHelpError, NoSuchCommand, NoSuchOption

from tracker import __version__
from tracker.entrypoints.cli.context import Context
from tracker.entrypoints.cli.terminal import colour, stand_in
from tracker.entrypoints.hangup import let_through
from tracker.errors import TrackerError

# The judge's products are small: threads for them gain nothing, but wait by spinning, a whole core in each worker. Read
# when numpy is first imported, which no module above does.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

COMMANDS = {
    "alert": ("alert", "See which alerts went out, and send some again."),
    "calibrate": ("calibrate", "Show how often findings were right by their reviews, and what that teaches."),
    "compare": ("compare", "Say whether a sentence corroborates a claim, denies it or does neither."),
    "completion": ("completion", "Print the script that has a shell complete what is typed."),
    "config": ("settings", "Show the settings in force."),
    "db": ("database", "Bring the database to the newest schema, or check it."),
    "demo": ("demo", "Follow a recorded story offline: ten days of June 2024 in under a minute."),
    "diff": ("status", "Show which claims of a story differ between two moments of seeing."),
    "doctor": ("doctor", "Name what is wrong with database, log, feeds, alerts or settings, and its remedy."),
    "erase": ("erase", "Take an entry's words out of the log and the archive, for good."),
    "evaluate": ("evaluate", "Measure how often the judge is right on recorded cases."),
    "export": ("transfer", "Write everything that is no view to a file that can be imported."),
    "feed": ("feed", "Choose the sources that are polled."),
    "healthcheck": ("healthcheck", "Tell whether the worker is well, in a line and an exit code."),
    "import": ("transfer", "Take an export into an empty database, proving it line by line."),
    "init": ("init", "Make a config file and the database, and say what to type next."),
    "judge": ("judge", "Judge a text against a story; writes nothing."),
    "log": ("log", "Print the events of the log, oldest first."),
    "mute": ("mute", "Be told nothing of a story, a claim or an outlet for a while."),
    "poll": ("worker", "Poll every feed now, judge what is new, deliver what is owed."),
    "rebuild": ("log", "Make the views anew from the log."),
    "replay": ("replay", "Run recorded items through a story and write the verdicts."),
    "review": ("review", "Say whether what the judge found is right."),
    "run": ("worker", "Follow the stories until stopped (SIGTERM or Ctrl-C)."),
    "serve": ("serve", "Show the stories to a browser until stopped (SIGTERM or Ctrl-C)."),
    "status": ("status", "Report how a story stands."),
    "story": ("story", "Open, list and close stories."),
    "subscription": ("subscription", "Choose who is told of developments, by mail, webhook or chat."),
    "timeline": ("status", "List what happened in a story, oldest first."),
    "verify": ("log", "Check that no event was changed, lost, added or moved."),
    "why": ("status", "Explain the event at a position of the log."),
}
COMPLETING = "_TRACKER_COMPLETE"
"""Set by a shell that wants to know what may come next."""
INTERRUPTED = 130
_YOUNG = 50_000
"""Objects between two looks for garbage: what is imported is none, and by default it is looked through all the time."""
_RELOADS = "run"
"""The command to which a SIGHUP does not mean the end: it lets one through once it is ready for it."""
_GLOBAL = ("--config", "--database-url")


class Commands(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in order."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, None for a name that is not in the table."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"tracker.entrypoints.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 ok, 1 failed, 2 usage or configuration, 3 nothing matched, 4 partly done, 5 timed out.",
)
@click.option("--config", type=click.Path(path_type=Path), help="Config file.  [env: TRACKER_CONFIG]")
@click.option("--database-url", help="sqlite:///FILE or postgresql://...  [env: TRACKER_DATABASE_URL]")
@click.version_option(__version__, prog_name="tracker")
@click.pass_context
def cli(ctx: click.Context, config: Path | None, database_url: str | None) -> None:
    """Follow developing news stories: what changed, who says so, and why we think so.

    Begin with:  tracker demo
    """
    if ctx.invoked_subcommand != _RELOADS:
        let_through()
    context = Context.of(config, database_url)
    ctx.obj = context
    ctx.color = colour()
    ctx.call_on_close(context.close)


def main() -> None:
    """Run the command line and exit with the documented code."""
    stand_in()
    gc.set_threshold(_YOUNG)
    if COMPLETING in os.environ:
        from tracker.entrypoints.cli.completion import answer

        sys.exit(answer(cli))
    code = run(sys.argv[1:])
    gc.freeze()  # or the interpreter would look through everything once more at its end
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run the command line; return its exit code. Errors are one line on stderr."""
    try:
        result = _called([_readable(one) for one in arguments])
        sys.stdout.flush()
    except NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help())
        return 0
    except click.ClickException as error:
        return _refused(error)
    except (click.Abort, KeyboardInterrupt, EOFError):
        click.echo("\nstopped" if sys.stderr.isatty() else "stopped", err=True)  # the terminal has shown ^C
        return INTERRUPTED
    except TrackerError as error:
        return _failed(str(error), error.exit_code)
    except OSError as error:
        # Nobody reads any more, or the output cannot grow: say so once, and let the interpreter end in peace.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0 if isinstance(error, BrokenPipeError) else _failed(f"output: {error.strerror}", 1)
    return result if isinstance(result, int) else 0


def _called(arguments: list[str]) -> object:
    """Call the command and return what it returns. Click's own way to do so ends the process, with codes of its own."""
    try:
        with cli.make_context("tracker", arguments) as context:
            return cli.invoke(context)
    except Exit as ended:
        return ended.exit_code


def _readable(argument: str) -> str:
    """Return an argument as text: bytes that are no UTF-8 can be neither stored nor printed."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _refused(error: click.ClickException) -> int:
    context = error.ctx if isinstance(error, click.UsageError) else None
    said = _misspelt(error)
    words = said or error.format_message().rstrip(".")
    hint = f"; see {context.command_path} --help" if context and not said else ""
    return _failed(f"{words}{hint}", error.exit_code)


def _misspelt(error: click.ClickException) -> str | None:
    """Return what to say of a command or an option that there is not, None where something else is wrong."""
    if isinstance(error, NoSuchCommand) and error.ctx and isinstance(error.ctx.command, click.Group):
        known: Iterable[str] = error.ctx.command.list_commands(error.ctx)
        return f"no command {error.command_name}{_near(error.command_name, known, error.ctx)}"
    if isinstance(error, NoSuchOption) and error.ctx:
        if error.ctx.parent and error.option_name in _GLOBAL:
            return (
                f"{error.option_name} stands before the command: tracker {error.option_name} ... {error.ctx.info_name}"
            )
        known = (name for option in error.ctx.command.get_params(error.ctx) for name in option.opts if name[:2] == "--")
        return f"no option {error.option_name}{_near(error.option_name, known, error.ctx)}"
    return None


def _near(wanted: str, known: Iterable[str], context: click.Context) -> str:
    from tracker.rendering.near import near

    return near(wanted, known, f"see {context.command_path} --help")


def _failed(words: str, code: int) -> int:
    click.echo(f"tracker: {' '.join(words.split())}", err=True)
    return code
