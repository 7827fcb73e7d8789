"""What the facts beside the database mean: settings, secrets, addresses, the mail server, the clock. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tracker.application.diagnosis import Diagnosis
from tracker.domain.routing import Subscriptions
from tracker.ports.checkup import Listener
from tracker.rendering.phrases import count
from tracker.rendering.plain import moment

SHORTEST_TOKEN = 16
"""Bytes that the page's token has at least."""

_AHEAD = timedelta(minutes=1)
"""How far clocks of several machines may be apart without anybody noticing."""
_SHOWN = 5


def of_declared(feeds: int, subscriptions: int, fault: str | None, *, waiting: int = 0) -> Diagnosis:
    """Judge what the config file asks for; `fault`: why a worker would not start with it; `waiting`: for its start."""
    if fault:
        return Diagnosis("fault", fault, "mend the config file: no worker starts with it")
    found = f"{count(feeds, 'feed')} and {count(subscriptions, 'subscription')} in the config file"
    yet = f", {waiting} not taken up yet: `tracker run` or `tracker poll` does so when it starts" if waiting else ""
    return Diagnosis("ok", f"{found}{yet}")


def taken_up(waiting: int) -> str:
    """Say when so many feeds or subscriptions of the config file are added."""
    return (
        f"{waiting} in the config file {'is' if waiting == 1 else 'are'} taken up when `tracker run` or `tracker poll`"
        " starts"
    )


def of_secrets(missing: Mapping[str, str]) -> Diagnosis:
    """Judge the references whose secret cannot be read here, each with why, by what they are for."""
    if not missing:
        return Diagnosis("ok", "every secret that is referred to can be read")
    found = [f"{what}: {why}" for what, why in missing.items()]
    more = (f"and {len(found) - _SHOWN} more",) if len(found) > _SHOWN else ()
    told = f"{len(found)} cannot be read here, perhaps not by the worker either"
    return Diagnosis(
        "warning", told, "set the variable, or write the file, where the worker runs", details=(*found[:_SHOWN], *more)
    )


def of_unread(setting: str, why: str) -> Diagnosis:
    """Say that a secret of a setting cannot be read, and how to make one."""
    variable = f"TRACKER_{setting.replace('.', '_').upper()}"
    return Diagnosis(
        "fault",
        f"{setting}: {why}",
        f'write one to a file, and name that file with {setting} = "file:PATH" or {variable}=file:PATH, or the variable'
        " that holds it with env:NAME; to make one: openssl rand -base64 24",
    )


def of_web(listen: str | None, public_url: str | None, listener: Listener) -> Diagnosis:
    """Judge where the worker can be asked, and whether anybody serves the links in mails."""
    if listen and listener not in {"nobody", "tracker"}:
        return _taken("web.listen", listen, listener)
    listens = f"{'listens' if listener == 'tracker' else 'would listen'} at {listen}" if listen else "listens nowhere"
    if public_url and not listen:
        return Diagnosis(
            "warning",
            f"mails bear links to {public_url}, and a worker with these settings {listens}",
            "set web.listen (TRACKER_WEB_LISTEN), and have the public address lead there",
        )
    return Diagnosis("ok", f"a worker {listens}" + (f", links in mails lead to {public_url}" if public_url else ""))


def of_page(listen: str, token: int | None, listener: Listener) -> Diagnosis:
    """Judge the page: its address, and its token, which is so many bytes long, None where there is none."""
    if token is not None and token < SHORTEST_TOKEN:
        return Diagnosis(
            "fault",
            f"serve.token is {token} bytes long, and the page takes none shorter than {SHORTEST_TOKEN}",
            "make another, such as with: openssl rand -base64 24",
        )
    if listener not in {"nobody", "tracker"}:
        return _taken("serve.listen", listen, listener)
    shows = f"shown at http://{listen}" if listener == "tracker" else f"not shown; `tracker serve` shows it at {listen}"
    return Diagnosis("ok", f"{shows}; {'read only' if token is None else 'who has the token may write'}")


def _taken(setting: str, listen: str, listener: str) -> Diagnosis:
    variable = f"TRACKER_{setting.replace('.', '_').upper()}"
    why = "another program listens there" if listener == "another" else listener
    return Diagnosis("fault", f"{setting} {listen}: {why}", f"choose another address ({variable}), or end that program")


def of_mail(
    subscriptions: Subscriptions, *, configured: bool, greeted: bool = False, trouble: str | None = None
) -> Diagnosis:
    """Judge whether those who want a mail can get one; `greeted`: the server was asked, `trouble`: it refuses us."""
    wanted = sum(1 for one in subscriptions.current.values() if one.channel == "email")
    if wanted and not configured:
        return Diagnosis(
            "fault",
            f"{wanted} subscribed by mail, and no mail server is configured",
            "set mail.host (TRACKER_MAIL_HOST)",
        )
    if trouble:
        return Diagnosis("fault", trouble, "see mail.host, mail.port, mail.tls and the account in the config file")
    if not configured:
        return Diagnosis("ok", f"{wanted} subscribed by mail, no mail server configured")
    server = "the mail server takes us" if greeted else "whether the mail server takes us: `tracker doctor --online`"
    return Diagnosis("ok", f"{wanted} subscribed by mail; {server}")


def of_clock(now: datetime, newest: datetime | None) -> Diagnosis:
    """Judge the clock of this machine by the moment of the newest event."""
    if newest is not None and newest - now > _AHEAD:
        return Diagnosis(
            "fault",
            f"this machine has {moment(now)}, and the log ends at {moment(newest)}",
            "set the clock right, as with: timedatectl set-ntp true",
        )
    return Diagnosis("ok", f"{moment(now)}")
