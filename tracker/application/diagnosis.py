"""What the facts of a check-up mean: well, worth a warning, or a fault, and what to do about it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from tracker.application.lag import Lag
from tracker.domain.endpoint import Endpoint
from tracker.domain.subscription_events import SubscriptionAdded
from tracker.ports.archive import Quarantine
from tracker.ports.checkup import Head, Library, Owed, Place, Schema, Server
from tracker.ports.feeds import FeedState
from tracker.ports.log import Audit
from tracker.rendering.plain import line, moment
from tracker.rendering.sources import trouble_words

Level = Literal["ok", "warning", "fault"]

OLDEST_SQLITE = (3, 35, 0)
"""The first version that gives back what it wrote (RETURNING), on which the log relies."""

SCARCE, SPENT = 1_000_000_000, 50_000_000
"""Bytes of free disk below which there is a warning, and a fault."""

SPARE_CONNECTIONS = 10
_SHOWN = 5
"""Of how many things of a kind each is told; of more only the number."""
PATIENCE = timedelta(hours=1)
"""How long something may be due before that is told."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One line of what was found, and one of what to do about it, "" where there is nothing to do.

    `lags`: what the finding was read from, where it is about the views; `details`: a line on each thing that was found.
    """

    level: Level
    finding: str
    remedy: str = ""
    lags: tuple[Lag, ...] = ()
    details: tuple[str, ...] = ()


def of_library(library: Library) -> Diagnosis:
    """Judge the version of SQLite and say which rule is in force."""
    version = ".".join(map(str, library.version))
    if library.version < OLDEST_SQLITE:
        return Diagnosis("fault", f"SQLite {version} is too old", "take a Python whose SQLite is 3.35 or later")
    if library.turns:
        return Diagnosis(
            "ok",
            f"SQLite {version} has the WAL-reset fault (mended in 3.51.3): writers take turns, so it cannot strike",
        )
    return Diagnosis("ok", f"SQLite {version}")


def of_missing(name: str) -> Diagnosis:
    """Say that there is no database yet."""
    return Diagnosis("warning", f"{name} is not there yet", "any command makes it, such as `tracker db upgrade`")


def of_place(place: Place) -> Diagnosis:
    """Judge the folder of the database."""
    folder = f"{place.folder} ({place.file_system or 'file system not known'})"
    if not place.writable:
        return Diagnosis(
            "fault",
            f"{folder} may not be written to, so no database can be kept there",
            "give this user the right to write there, or keep it elsewhere: database.url (TRACKER_DATABASE_URL)",
        )
    found = f"{folder}, {_size(place.free)} free"
    if place.free < SPENT:
        return Diagnosis("fault", found, "make room on the disk: without it nothing can be recorded")
    if place.free < SCARCE:
        return Diagnosis("warning", found, "make room on the disk soon")
    return Diagnosis("ok", found)


def of_server(server: Server) -> Diagnosis:
    """Judge a PostgreSQL server."""
    used = f"{server.connections} of {server.limit} connections in use"
    off = [name for name, setting in sorted(server.settings.items()) if setting == "off"]
    if off:
        return Diagnosis(
            "fault",
            f"PostgreSQL {server.version}: {', '.join(off)} off, so that what was recorded may be lost with the power",
            f"set {' and '.join(off)} to on",
        )
    if server.limit - server.connections < SPARE_CONNECTIONS:
        return Diagnosis(
            "warning",
            f"PostgreSQL {server.version}, {used}",
            "raise max_connections, or run fewer workers",
        )
    return Diagnosis("ok", f"PostgreSQL {server.version}, {used}")


def of_schema(schema: Schema) -> Diagnosis:
    """Judge the revision of the tables."""
    if schema.current == schema.newest:
        return Diagnosis("ok", f"schema {schema.current}")
    found = f"schema {schema.current}, this version has {schema.newest}" if schema.current else "no tables yet"
    return Diagnosis("warning", found, "any command makes them, such as `tracker db upgrade`")


def of_damage(faults: Sequence[str]) -> Diagnosis:
    """Judge what SQLite says of its file."""
    if faults:
        return Diagnosis(
            "fault",
            f"SQLite finds fault with its file: {_first(faults)}",
            "stop every worker and restore a backup; `tracker verify` says what of the log still holds",
        )
    return Diagnosis("ok", "SQLite finds its file whole")


def of_log(head: Head, audit: Audit) -> Diagnosis:
    """Judge the newest part of the log."""
    faults = list(audit.faults)
    if head.position != head.newest:
        said = "is lost" if head.position is None else f"says {head.position}"
        faults.insert(0, f"the head {said}, the newest event is at {head.newest}")
    if faults:
        return Diagnosis("fault", _first(faults), "`tracker verify` lists every fault; restore a backup")
    if not audit.events:
        return Diagnosis("ok", "the log is empty")
    return Diagnosis("ok", f"the last {audit.events} of {head.newest} events hold together (all: `tracker verify`)")


def of_views(lags: Sequence[Lag]) -> Diagnosis:
    """Judge how far the views are behind the log, and what is missing from them."""
    return replace(_of_lags(lags), lags=tuple(lags))


def _of_lags(lags: Sequence[Lag]) -> Diagnosis:
    lost = [f"{one.projection} lacks {one.dead_letters} events" for one in lags if one.dead_letters]
    late = [f"{one.projection} is {one.behind} events behind" for one in lags if one.age > PATIENCE.total_seconds()]
    beyond = [f"{one.projection} holds {-one.behind} events that the log has lost" for one in lags if one.behind < 0]
    if beyond:
        return Diagnosis("fault", _first(beyond), "the log's end was cut off: restore a backup")
    if lost:
        return Diagnosis(
            "warning", f"{_first(lost)} that could not be folded", "`tracker rebuild`, once a version that can is there"
        )
    if late:
        return Diagnosis("warning", f"{_first(late)} for over an hour", "`tracker rebuild`; is a worker running?")
    return Diagnosis("ok", "level with the log" if not any(one.behind for one in lags) else "a little behind the log")


def of_worker(process: int | None, feeds: Sequence[FeedState]) -> Diagnosis:
    """Judge whether anybody follows the stories."""
    if process is not None:
        return Diagnosis("ok", f"process {process} follows the stories")
    if feeds:
        return Diagnosis("warning", "no worker runs, nothing is polled", "start `tracker run`, or call `tracker poll`")
    return Diagnosis("ok", "no worker runs, and there is no feed to poll")


def of_feeds(feeds: Sequence[FeedState], now: datetime, resting: Mapping[str, datetime]) -> Diagnosis:
    """Judge how the sources fare; `resting`: the hosts that are left alone, each with until when."""
    bad = [feed for feed in feeds if trouble_words(feed)]
    late = [feed for feed in feeds if feed not in bad and feed.due_at < now - PATIENCE and feed.host not in resting]
    found = [f"{_named(feed)}: {trouble_words(feed)}" for feed in bad]
    found += [f"{_named(feed)}: due since {moment(feed.due_at)}" for feed in late]
    left = [f"{host} is left alone until {moment(end)}" for host, end in sorted(resting.items())]
    if not found:
        return Diagnosis("ok", "; ".join((f"{len(feeds)} followed, none failing, silent or overdue", *left)))
    told = f"{len(found)} of {len(feeds)} in trouble"
    look = f"`tracker feed check {bad[0].id}` says more; `tracker feed list` shows each" if bad else ""
    more = (f"and {len(found) - _SHOWN} more",) if len(found) > _SHOWN else ()
    return Diagnosis("warning", told, look or "is a worker running?", details=(*found[:_SHOWN], *more, *left[:_SHOWN]))


def _named(feed: FeedState) -> str:
    return f"{line(feed.name, 60) or line(feed.url, 60)} ({feed.id})"


def of_entries(restless: Sequence[Quarantine]) -> Diagnosis:
    """Say which entries are judged no more for now; there is nothing to be done about it."""
    if not restless:
        return Diagnosis("ok", "none in quarantine")
    found = [f"{one.entry}, since {moment(one.since)}: {one.reason}" for one in restless]
    return Diagnosis("ok", f"{len(found)} in quarantine: {_several(found)}")


def of_owed(owed: Owed) -> Diagnosis:
    """Judge the outbox."""
    found = f"{owed.dead} given up, {owed.overdue} overdue"
    if owed.dead:
        return Diagnosis("warning", found, "`tracker alert list --state dead` shows why; `tracker alert retry ID`")
    if owed.overdue:
        return Diagnosis("warning", found, "`tracker alert list --state pending` shows why; is a worker running?")
    return Diagnosis("ok", found)


def of_zones(strange: Sequence[SubscriptionAdded]) -> Diagnosis:
    """Judge whether the hours of subscribers can be told, given those whose time zone is not known."""
    if not strange:
        return Diagnosis("ok", "every time zone of a subscription is known")
    zones = ", ".join(sorted({line(one.timing.zone, 100) for one in strange}))
    found = f"{len(strange)} subscribed by hours of a zone that this machine does not know, taken as UTC: {zones}"
    return Diagnosis("fault", found, "bring the time zones up to date: pip install --upgrade tzdata")


def of_endpoints(troubled: Sequence[Endpoint]) -> Diagnosis:
    """Say to whom there is no way at present."""
    if not troubled:
        return Diagnosis("ok", "none failing or disabled")
    found = [f"{whereabouts(one)} {one.state}, {_since(one.since)}: {line(one.last_error, 200)}" for one in troubled]
    more = [f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    told = f"{len(troubled)} in trouble"
    disabled = any(one.state == "disabled" for one in troubled)
    again = "; `tracker alert retry` tries a disabled one again" if disabled else ""
    return Diagnosis(
        "warning", told, f"`tracker subscription test ID` shows more{again}", details=(*found[:_SHOWN], *more)
    )


def whereabouts(endpoint: Endpoint) -> str:
    """Return a channel and a target without what may be a key in it."""
    target = urlsplit(endpoint.target).hostname if endpoint.channel == "webhook" else endpoint.target
    return f"{endpoint.channel} {line(target, 100)}"


def _since(moment_: datetime | None) -> str:
    return f"since {moment(moment_)}" if moment_ else "for an unknown time"


def _several(found: Sequence[str]) -> str:
    more = f" (and {len(found) - _SHOWN} more)" if len(found) > _SHOWN else ""
    return "; ".join(found[:_SHOWN]) + more


def _first(faults: Sequence[str]) -> str:
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"{faults[0]}{more}"


def _size(amount: int) -> str:
    return f"{amount / 1e9:.1f} GB" if amount >= 1e9 else f"{amount / 1e6:.0f} MB"  # noqa: PLR2004 - units
