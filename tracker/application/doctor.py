"""Looks at everything that tracker stands on, one check at a time; a check that cannot be made is told and stops none.

Nothing is written, made or migrated. What needs the tables is looked at only where they are those of this version.
"""

import platform
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from tracker.application import diagnosis, surroundings
from tracker.application.bundle import without_zone
from tracker.application.declared import Declared, check_declared, not_taken_up
from tracker.application.diagnosis import Diagnosis
from tracker.application.lag import lag
from tracker.application.subscribe import subscriptions
from tracker.errors import ConfigError, TrackerError
from tracker.ports.archive import Library
from tracker.ports.checkup import Checkup, Listener
from tracker.ports.clock import Clock
from tracker.ports.feeds import FeedQueue
from tracker.ports.log import Auditor, EventLog
from tracker.ports.outbox import Outbox
from tracker.ports.views import ViewWriter
from tracker.projections import ALL

NEWEST = 1000
"""How many of the newest events are verified."""

BRIEF = timedelta(minutes=10)
"""A host that is left alone no longer than that may be just asked by a worker; it is not told."""

Reach = Callable[[str], Listener]
"""Tells who answers at `HOST:PORT` of this machine."""

Check = tuple[str, Callable[[], Diagnosis]]


@dataclass(frozen=True, slots=True)
class Web:
    """Where the worker listens, and where readers reach it, each None where it is not set.

    `read_key` looks up what signs the links in mails. Raises ConfigError where that cannot be read.
    """

    listen: str | None
    public_url: str | None
    read_key: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Page:
    """Where `tracker serve` shows the page. `read_token` returns None without one; raises ConfigError."""

    listen: str
    read_token: Callable[[], str | None]


@dataclass(frozen=True, slots=True)
class MailServer:
    """The mail server that is set; `greet` tells why it does not take us, if it is asked."""

    greet: Callable[[], str | None]


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at. `load_models` runs every model once and returns their versions.

    `references` yields the settings that are references to secrets. `declared` returns what the config file asks for,
    `secret` what is behind a reference; both raise ConfigError.
    """

    database: Checkup
    log: EventLog
    auditor: Auditor
    views: ViewWriter
    feeds: FeedQueue
    archive: Library
    outbox: Outbox
    web: Web
    page: Page
    mail: MailServer | None
    reach: Reach
    references: Callable[[], Iterable[tuple[str, str]]]
    declared: Callable[[], Declared]
    secret: Callable[[str], str]
    load_models: Callable[[], str]
    clock: Clock


def examine(patient: Patient, *, online: bool = False) -> Iterator[tuple[str, Diagnosis]]:
    """Yield each check's name with what it found; `online`: the mail server is greeted as well."""
    database = patient.database
    yield from map(_made, _around(database))
    if database.missing():
        yield "database", diagnosis.of_missing(database.name)
    else:
        name, schema = _made(("schema", lambda: diagnosis.of_schema(database.schema())))
        yield name, schema
        if schema.level == "ok":
            yield from map(_made, _inside(patient, online=online))
    yield _made(("page", partial(_page, patient)))
    yield _made(("models", lambda: Diagnosis("ok", patient.load_models())))


def _around(database: Checkup) -> tuple[Check, ...]:
    python: Check = ("python", lambda: Diagnosis("ok", f"Python {platform.python_version()}"))
    if database.kind == "server":
        return python, ("server", lambda: diagnosis.of_server(database.server()))
    library: Check = ("sqlite", lambda: diagnosis.of_library(database.library()))
    place: Check = ("place", lambda: diagnosis.of_place(database.place()))
    return (python, library, place) if database.kind == "file" else (python, library)


def _inside(patient: Patient, *, online: bool) -> Iterator[Check]:
    database = patient.database
    if database.kind != "server":
        yield "file", lambda: diagnosis.of_damage(database.damage())
    yield "log", partial(_log, patient)
    yield "views", lambda: diagnosis.of_views(lag(patient.log, patient.views, ALL, patient.clock()))
    if database.kind == "file":
        yield "worker", lambda: diagnosis.of_worker(database.worker(), patient.feeds.all())
    yield "feeds", partial(_feeds, patient)
    yield "entries", lambda: diagnosis.of_entries(patient.archive.quarantined())
    yield "alerts", lambda: diagnosis.of_owed(database.owed(patient.clock() - diagnosis.PATIENCE))
    yield "zones", lambda: diagnosis.of_zones(without_zone(subscriptions(patient.log)))
    yield "endpoints", lambda: diagnosis.of_endpoints(patient.outbox.troubled())
    yield "config", partial(_declared, patient)
    yield "secrets", partial(_secrets, patient)
    yield "web", partial(_web, patient)
    yield "mail", partial(_mail, patient, online=online)
    yield "clock", partial(_clock, patient)


def _feeds(patient: Patient) -> Diagnosis:
    feeds, now = patient.feeds.all(), patient.clock()
    held = patient.feeds.resting({feed.host for feed in feeds}, now)
    return diagnosis.of_feeds(feeds, now, {host: end for host, end in held.items() if end - now > BRIEF})


def _declared(patient: Patient) -> Diagnosis:
    try:
        declared = patient.declared()
        check_declared(patient.log, declared)
    except ConfigError as error:
        return surroundings.of_declared(0, 0, str(error))
    waiting = sum(not_taken_up(patient.log, patient.feeds, declared))
    return surroundings.of_declared(len(declared.feeds), len(declared.subscriptions), None, waiting=waiting)


def _secrets(patient: Patient) -> Diagnosis:
    missing: dict[str, str] = {}
    for what, reference in _references(patient):
        try:
            patient.secret(reference)
        except ConfigError as error:
            missing[what] = str(error)
    return surroundings.of_secrets(missing)


def _references(patient: Patient) -> Iterator[tuple[str, str]]:
    """Yield each reference to a secret that a worker takes, with what it is for."""
    yield from patient.references()
    with suppress(ConfigError):  # the check of the config file tells it
        yield from patient.declared().references()
    for one in subscriptions(patient.log).current.values():
        reference = one.target if one.channel == "chat" else one.secret
        if reference:
            yield f"subscription {one.subscription}", reference


def _web(patient: Patient) -> Diagnosis:
    web = patient.web
    if web.public_url:
        try:
            web.read_key()
        except ConfigError as error:
            return surroundings.of_unread("web.key", str(error))
    return surroundings.of_web(web.listen, web.public_url, patient.reach(web.listen) if web.listen else "nobody")


def _page(patient: Patient) -> Diagnosis:
    listen = patient.page.listen
    try:
        token = patient.page.read_token()
    except ConfigError as error:
        return surroundings.of_unread("serve.token", str(error))
    return surroundings.of_page(listen, None if token is None else len(token.encode()), patient.reach(listen))


def _mail(patient: Patient, *, online: bool) -> Diagnosis:
    trouble = patient.mail.greet() if patient.mail and online else None
    held, configured = subscriptions(patient.log), patient.mail is not None
    return surroundings.of_mail(held, configured=configured, greeted=online, trouble=trouble)


def _clock(patient: Patient) -> Diagnosis:
    newest = next(patient.log.read(after=max(patient.log.head() - 1, 0)), None)
    return surroundings.of_clock(patient.clock(), newest.recorded_at if newest else None)


def _log(patient: Patient) -> Diagnosis:
    head = patient.database.head()
    return diagnosis.of_log(head, patient.auditor.verify(start=max(head.newest - NEWEST, 0) + 1))


def _made(check: Check) -> tuple[str, Diagnosis]:
    name, look = check
    try:
        return name, look()
    except TrackerError as error:
        return name, Diagnosis("fault", str(error), "until this is mended the check cannot be made")
    except Exception as error:  # noqa: BLE001 - what breaks one check must not stop the others
        return name, Diagnosis("fault", f"the check broke: {type(error).__name__}: {error}", "please report this")
