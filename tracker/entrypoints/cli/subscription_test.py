"""`tracker subscription test`."""

from typing import TYPE_CHECKING

import click

from tracker.entrypoints.cli.context import Context, pass_context, print_json
from tracker.entrypoints.cli.names import SUBSCRIPTION
from tracker.errors import TrackerError

if TYPE_CHECKING:
    from tracker.config import Settings
    from tracker.domain.subscription_events import SubscriptionAdded
    from tracker.ports.outbox import Attempt

_FAILED = 1


@click.command()
@click.argument("identity", metavar="ID|TARGET", type=SUBSCRIPTION)
@click.option("--json", "as_json", is_flag=True, help="Print JSON; exit 1 tells that it did not arrive.")
@pass_context
def test(context: Context, identity: str, as_json: bool) -> int:
    """Send a real test message now, once, and say how it ended.

    Nothing is retried. A way that counted as failing, or was disabled, and takes the message is used again.
    """
    from tracker.application.subscribe import find_subscription, subscriptions
    from tracker.application.trial import prove
    from tracker.config import secret

    app = context.app()
    wanted = find_subscription(subscriptions(app.log), identity)
    for reference in _references(wanted, app.settings):
        secret(reference)  # one that is not there is a fault of the configuration, and nothing is sent
    attempt = prove(wanted, app.notifiers, app.outbox, app.log, app.clock)
    if as_json:
        print_json({"schema_version": 1, **_row(wanted, attempt)})
        return 0 if attempt.outcome == "delivered" else _FAILED
    if attempt.outcome != "delivered":
        raise TrackerError(f"not delivered to {wanted.target}: {attempt.detail}")
    _tell(wanted, attempt)
    return 0


def _references(wanted: "SubscriptionAdded", settings: "Settings") -> list[str]:
    """Return where the secrets are that a message to somebody takes."""
    of_channel = {"email": settings.mail.password, "webhook": wanted.secret, "chat": wanted.target}
    reference = of_channel[wanted.channel]
    return [reference] if reference else []


def _tell(wanted: "SubscriptionAdded", attempt: "Attempt") -> None:
    if wanted.channel != "email":
        click.echo(f"delivered to {wanted.target}: {attempt.detail}")
        return
    said = " ".join((attempt.answer or "").split())
    click.echo(f"{attempt.detail} for {wanted.target}: {attempt.code} {said}".rstrip())
    click.echo("Taken is not read: see whether it is in the mailbox, or among the spam.", err=True)


def _row(wanted: "SubscriptionAdded", attempt: "Attempt") -> dict[str, object]:
    """Return how it ended; of mail "delivered" says that a server took it, and no more."""
    where = {"subscription": wanted.subscription, "channel": wanted.channel, "target": wanted.target}
    return {
        **where, "outcome": attempt.outcome, "code": attempt.code, "detail": attempt.detail, "answer": attempt.answer
    }  # fmt: skip
