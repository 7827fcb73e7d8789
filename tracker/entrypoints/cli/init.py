"""`tracker init`: a config file and a database, from answers or from options."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.entrypoints.cli.context import Context, pass_context
from tracker.entrypoints.cli.init_plan import Plan
from tracker.entrypoints.cli.init_questions import ask, sure
from tracker.entrypoints.cli.names import FILE
from tracker.errors import TrackerError, UsageError

if TYPE_CHECKING:
    from tracker.bootstrap import App
    from tracker.config import Settings

_USUAL = "tracker.toml"
_OF_MAIL = {
    "mail_user": "mail.username",
    "mail_password": "mail.password",
    "sender": "mail.sender",
    "email": "",
}
"""Options that need a mail server, with the setting of each."""


@click.command(
    epilog="""\b
Asked one by one:   tracker init
In a script:        tracker init /etc/tracker/tracker.toml --no-input \\
                      --database-url postgresql://tracker@db.example.org/tracker"""
)
@click.argument("file", required=False, type=FILE)
@click.option(
    "--database-url", metavar="URL", help="A SQLite file or postgresql://...; your account's own file otherwise."
)
@click.option("--mail-host", metavar="HOST[:PORT]", help="The server that sends alerts by mail; no mail otherwise.")
@click.option("--mail-user", metavar="NAME", help="The account there.")
@click.option("--mail-password", metavar="REFERENCE", help="Where its password is: env:NAME or file:PATH.")
@click.option("--sender", metavar="ADDRESS", help="What stands in From.")
@click.option("--email", metavar="ADDRESS", help="Who is told of every development, by mail.")
@click.option("--check-mail", is_flag=True, help="Greet the mail server and log in, before anything is written.")
@click.option("--serve-token", is_flag=True, help="Make the token with which one may write on the page.")
@click.option("--public-url", metavar="URL", help="Where readers reach the worker; makes the key that signs links.")
@click.option("--no-input", is_flag=True, help="Ask nothing; what no option says is as it ships.")
@click.option("--force", is_flag=True, help="Write FILE anew where there is one.")
@pass_context
def init(context: Context, /, *, file: str | None, no_input: bool, force: bool, check_mail: bool, **said: Any) -> None:
    """Make a config file and the database, and say what to type next.

    On a terminal it asks what no option says. FILE is tracker.toml otherwise; every setting stands in it with what it
    is for. Secrets go to files beside it that only you may read, and are left alone where they are there already.
    """
    asks = not no_input and sys.stdin.isatty()
    if not (asks or no_input or any(said.values())):
        raise UsageError("there is no terminal to ask at: say by options what you want, or --no-input for the defaults")
    path = Path(file or context.config or _USUAL).absolute()
    _refuse_taken(path, asks=asks, force=force)
    said["database_url"] = said["database_url"] or context.overrides.get("database", {}).get("url")
    plan = _planned(path, said)
    if asks:
        ask(plan)
    plan.check()
    greet = check_mail or (asks and "mail.host" in plan.values and sure("Greet the mail server now?", usually=True))
    _say_next(plan.file, _make(plan, greet=greet, asks=asks))


def _refuse_taken(file: Path, *, asks: bool, force: bool) -> None:
    if file.exists() and not force and not (asks and sure(f"{file} is there already. Write it anew?")):
        raise UsageError(f"{file} is there already; --force writes it anew")


def _planned(file: Path, said: dict[str, Any]) -> Plan:
    """Return what the options say. Raises UsageError for what does not go together."""
    plan = Plan(file, told=said["email"])
    if said["database_url"]:
        plan.database(said["database_url"])
    if said["mail_host"]:
        plan.mail(said["mail_host"])
    elif any(said[name] for name in _OF_MAIL):
        raise UsageError("a mail needs a server: --mail-host HOST[:PORT]")
    plan.values |= {key: said[name] for name, key in _OF_MAIL.items() if key and said[name]}
    if said["serve_token"]:
        plan.token()
    if said["public_url"]:
        plan.public(said["public_url"])
    return plan


def _make(plan: Plan, *, greet: bool, asks: bool) -> "Settings":
    """Make the secrets, the database and the file, in this order: whoever has the file has the rest."""
    from tracker.bootstrap import App

    try:
        plan.file.parent.mkdir(parents=True, exist_ok=True)
        for name, words in plan.secrets.items():
            _keep(plan.file.parent / name, words)
        app = App(plan.settings())
        try:
            if greet and app.settings.mail.host:
                _greet(app, asks=asks)
            click.echo(f"database     {app.shown_database()}{_opened(app)}")
        finally:
            app.close()
        draft = plan.file.with_name(f".{plan.file.name}.{os.getpid()}")
        draft.write_text(plan.text, encoding="utf-8")
        draft.replace(plan.file)
    except OSError as error:
        raise UsageError(f"{error.filename or plan.file}: {error.strerror or 'cannot be written'}") from error
    click.echo(f"config file  {plan.file}")
    return app.settings


def _opened(app: "App") -> str:
    """Open the database, made where there is none; return whether it was there, and what it holds."""
    from tracker.application.project import catch_up
    from tracker.projections import ALL
    from tracker.rendering.phrases import count

    if app.checkup.missing() or app.checkup.schema().current is None:
        app.log.head()
        return ", made now"
    catch_up(app.log, app.views, ALL)
    held = count(sum(1 for _ in app.views.partitions("stories")), "story", "stories")
    other = "" if app.settings.database.url else "; with --database-url FILE this config has another"
    return f", was there and already holds {held}{other}"


def _keep(file: Path, words: str | None) -> None:
    """Write what is secret to a file that only its owner may read; one that is there is left alone."""
    from secrets import token_urlsafe

    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        click.echo(f"kept         {file}")
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(f"{words or token_urlsafe(32)}\n")
    click.echo(f"secret       {file}")


def _greet(app: "App", *, asks: bool) -> None:
    """Raise TrackerError where the mail server does not take us, unless whoever is asked does not mind."""
    trouble = app.mail.trouble()
    if trouble is None:
        click.echo(f"mail server  {app.settings.mail.host} takes us")
        return
    if not (asks and sure(f"The mail server: {trouble}. Write it down all the same?")):
        raise TrackerError(f"no config file was written; the mail server: {trouble}")


def _say_next(file: Path, settings: "Settings") -> None:
    from shlex import quote

    told = settings.subscription or not settings.mail.host
    page = settings.serve.url or f"http://{settings.serve.listen}"
    steps = (
        (f"export TRACKER_CONFIG={quote(str(file))}", ""),
        ("tracker story open ARTICLE.txt", "an article, as a file or by its address"),
        ("tracker feed add URL --story ID", "or --query, for a search on its words"),
        *(() if told else (("tracker subscription add --email ADDRESS", ""),)),
        ("tracker run", "follows the story until it is stopped"),
        ("tracker serve", f"shows it at {page}"),
        ("tracker doctor --online", "says whether all is well, and the mail server takes us")
        if settings.mail.host
        else ("tracker doctor", "says whether all is well"),
    )
    click.echo("\nNext:", err=True)
    for command, words in steps:
        click.echo(f"  {command:40}{words}".rstrip(), err=True)
