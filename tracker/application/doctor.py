"""Looks at everything that tracker stands on, one check at a time; a check that cannot be made is told and stops none.

Nothing is written, made or migrated. What needs the tables is looked at only where they are those of this version.
"""

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from tracker.application import diagnosis
from tracker.application.bundle import without_zone
from tracker.application.diagnosis import Diagnosis
from tracker.application.lag import lag
from tracker.application.subscribe import subscriptions
from tracker.errors import TrackerError
from tracker.ports.archive import Library
from tracker.ports.checkup import Checkup
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
class Patient:
    """What is looked at. `load_models` runs every model once and returns their versions; `mail`: a server is set."""

    database: Checkup
    log: EventLog
    auditor: Auditor
    views: ViewWriter
    feeds: FeedQueue
    archive: Library
    outbox: Outbox
    web: Web
    load_models: Callable[[], str]
    mail: bool
    clock: Clock


def examine(patient: Patient) -> Iterator[tuple[str, Diagnosis]]:
    """Yield each check's name with what it found."""
    database = patient.database
    yield from map(_made, _around(database))
    if database.missing():
        yield "database", diagnosis.of_missing(database.name)
    else:
        name, schema = _made(("schema", lambda: diagnosis.of_schema(database.schema())))
        yield name, schema
        if schema.level == "ok":
            yield from map(_made, _inside(patient))
    yield _made(("models", lambda: Diagnosis("ok", patient.load_models())))


def _around(database: Checkup) -> tuple[Check, ...]:
    python: Check = ("python", lambda: Diagnosis("ok", f"Python {platform.python_version()}"))
    if database.kind == "server":
        return python, ("server", lambda: diagnosis.of_server(database.server()))
    library: Check = ("sqlite", lambda: diagnosis.of_library(database.library()))
    place: Check = ("place", lambda: diagnosis.of_place(database.place()))
    return (python, library, place) if database.kind == "file" else (python, library)


def _inside(patient: Patient) -> Iterator[Check]:
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
    yield "web", partial(_web, patient.web)
    yield "mail", lambda: diagnosis.of_mail(subscriptions(patient.log), configured=patient.mail)


def _feeds(patient: Patient) -> Diagnosis:
    feeds, now = patient.feeds.all(), patient.clock()
    held = patient.feeds.resting({feed.host for feed in feeds}, now)
    return diagnosis.of_feeds(feeds, now, {host: end for host, end in held.items() if end - now > BRIEF})


def _web(web: Web) -> Diagnosis:
    if web.public_url:
        web.read_key()
    return diagnosis.of_web(web.listen, web.public_url)


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
