"""What `tracker init` asks on a terminal; each answer is looked at before the next question."""

from collections.abc import Callable

import click

from tracker.entrypoints.cli.init_plan import PASSWORD, TOKEN, Plan
from tracker.errors import UsageError

_Take = Callable[[Plan, str], None]


def ask(plan: Plan) -> None:
    """Ask for what the plan does not hold yet. Nothing said is nothing changed."""
    if "database.url" not in plan.values:
        _asked(plan, "Database: a file, or postgresql://...  (empty: your account's own file)", Plan.database)
    if "mail.host" not in plan.values:
        _asked(plan, "Mail server, HOST or HOST:PORT  (empty: no mail)", Plan.mail)
        if "mail.host" in plan.values:
            _ask_for_mail(plan)
    if TOKEN not in plan.secrets and sure("A token, so that you may write on the page?"):
        plan.token()


def sure(question: str, *, usually: bool = False) -> bool:
    """Ask yes or no."""
    return click.confirm(question, default=usually, err=True)


def _ask_for_mail(plan: Plan) -> None:
    account = click.prompt("Account there  (empty: none)", default="", show_default=False, err=True).strip()
    if account:
        plan.values |= {"mail.username": account, "mail.password": f"file:{PASSWORD}"}
        if not (plan.file.parent / PASSWORD).exists():
            plan.secrets[PASSWORD] = click.prompt(
                "Its password  (goes to a file of its own)", hide_input=True, err=True
            )
    _asked(plan, "From which address  (empty: tracker@localhost)", _sender)
    _asked(plan, "Who is told of every development, by mail  (empty: nobody yet)", _reader)


def _sender(plan: Plan, said: str) -> None:
    plan.values["mail.sender"] = said


def _reader(plan: Plan, said: str) -> None:
    plan.told = said


def _asked(plan: Plan, question: str, take: _Take) -> None:
    """Ask until the answer can be used."""

    def tried(said: str) -> str:
        if not said.strip():
            return said
        trial = Plan(plan.file, dict(plan.values), plan.told)
        try:
            take(trial, said.strip())
            trial.check()
        except UsageError as error:
            raise click.UsageError(str(error)) from error
        plan.values, plan.told = trial.values, trial.told
        return said

    click.prompt(question, default="", show_default=False, value_proc=tried, err=True)
