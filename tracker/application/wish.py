"""How a person says what they want to be told of, and when: words of an option or a config file, checked."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal, TypedDict, TypeVar, Unpack, cast, get_args

from tracker.domain.schedule import has_zone
from tracker.domain.subscription_events import DevelopmentKind, Filter, Timing
from tracker.errors import UsageError

Standing = Literal["reported", "corroborated"]
Every = Literal["immediate", "hourly", "daily", "weekly"]

KINDS: tuple[DevelopmentKind, ...] = get_args(DevelopmentKind)
STANDINGS: tuple[Standing, ...] = get_args(Standing)
EVERY: tuple[Every, ...] = get_args(Every)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

T = TypeVar("T", bound=str)

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,3})?) ?([smhdw]?)")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_LONGEST_GROUP = 86_400.0  # seconds; who waits longer wants a digest
_LONGEST_NAME = 200


class OnlyGiven(TypedDict, total=False):
    """Conditions as somebody writes them; see `Filter`."""

    kind: Sequence[str]
    standing: str | None
    claim: Sequence[str]
    language: Sequence[str]
    outlet: Sequence[str]


class TimingGiven(TypedDict, total=False):
    """A timing as somebody writes it; see `Timing`. `quiet` is "FROM-UNTIL", a wait "5m", or a number of seconds."""

    every: str | None
    at: str | None
    day: str | None
    zone: str | None
    quiet: str | None
    urgent: Sequence[str]
    group_wait: str | float | None
    group_interval: str | float | None


def filter_of(**given: Unpack[OnlyGiven]) -> Filter:
    """Return which developments are wanted. Raises UsageError."""
    return Filter(
        kinds=tuple(one_of(kind, KINDS, "kind of development") for kind in _once(given.get("kind"))),
        standing=one_of(given.get("standing") or "reported", STANDINGS, "standing"),
        claims=tuple(_name(claim, "claim") for claim in _once(given.get("claim"))),
        languages=tuple(_language(one) for one in _once(given.get("language"))),
        outlets=tuple(_name(outlet, "outlet") for outlet in _once(given.get("outlet"))),
    )


def timing_of(**given: Unpack[TimingGiven]) -> Timing:
    """Return when somebody wants to be told. Raises UsageError, also for a part that would have no effect."""
    _refuse_idle(given)
    plain, at, day, quiet = Timing(), given.get("at"), given.get("day"), given.get("quiet")
    wait, interval, zone = given.get("group_wait"), given.get("group_interval"), given.get("zone")
    return Timing(
        every=one_of(given.get("every") or plain.every, EVERY, "rhythm"),
        at=plain.at if at is None else _time(at),
        day=plain.day if day is None else _day(day),
        zone=plain.zone if zone is None else _zone(zone),
        quiet=None if quiet is None else _quiet(quiet),
        urgent=tuple(one_of(kind, KINDS, "kind of development") for kind in _once(given.get("urgent"))),
        group_wait=plain.group_wait if wait is None else seconds_of(wait, _LONGEST_GROUP),
        group_interval=plain.group_interval if interval is None else seconds_of(interval, _LONGEST_GROUP),
    )


def one_of(word: str, known: Sequence[T], what: str) -> T:
    """Return a word that is one of a few. Raises UsageError, which names them."""
    if word not in known:
        raise UsageError(f"{ascii(word)[:80]} is no {what}; there are {', '.join(known)}")
    return cast("T", word)


def seconds_of(text: str | float, longest: float) -> float:
    """Return a duration in seconds: a number of them, or words with a unit, "30s", "5m", "2h", "3d", "1w".

    Raises UsageError, also for words without a unit, and for one that is longer than `longest`.
    """
    found = _DURATION.fullmatch(str(text).strip())
    if found is None:
        raise UsageError(f"{ascii(text)[:80]} is no duration; write 30s, 5m, 2h, 3d or 1w")
    if isinstance(text, str) and not found[2]:
        raise UsageError(f"{ascii(text)[:80]} has no unit: write {found[1]}s, {found[1]}m, {found[1]}h or {found[1]}d")
    seconds = float(found[1]) * _UNITS[found[2]]
    if seconds > longest:
        raise UsageError(f"{text} is too long: at most {longest / _UNITS['d']:g} days")
    return seconds


def _refuse_idle(given: TimingGiven) -> None:
    """Refuse what would have no effect: who asks for it believes that it has one."""
    every, urgent = given.get("every") or "immediate", bool(given.get("urgent"))
    digest = every != "immediate"
    groups = given.get("group_wait") is not None or given.get("group_interval") is not None
    timed = given.get("at") is not None and every not in {"daily", "weekly"}
    idle = (
        (timed, "a time (at) is that of a daily or weekly digest"),
        (given.get("day") is not None and every != "weekly", "a day is that of a weekly digest"),
        (urgent and not given.get("quiet"), "urgent is what quiet hours let through, and there are none"),
        (urgent and digest, "a digest knows no urgency: what waits for it waits"),
        (groups and digest, "a digest is one message anyway: grouping is for what is told immediately"),
    )
    reason = next((reason for wrong, reason in idle if wrong), None)
    if reason is not None:
        raise UsageError(reason)


def _once(words: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words or ()))


def _name(word: str, what: str) -> str:
    """Return a name without blanks around it: one that is empty or cannot be shown matches nothing."""
    name = word.strip()
    if not name or not name.isprintable() or len(name) > _LONGEST_NAME:
        raise UsageError(f"{ascii(word)[:80]} is no name of a{'n' * what.startswith('o')} {what}")
    return name


def _language(word: str) -> str:
    if not _LANGUAGE.fullmatch(word):
        raise UsageError(f"{ascii(word)[:80]} is no language; write en, or pt-BR")
    return word.lower()


def _time(word: str) -> str:
    if not _TIME.fullmatch(word):
        raise UsageError(f"{ascii(word)[:80]} is no time of day; write it as 08:00")
    return word


def _day(word: str) -> int:
    return DAYS.index(one_of(word.lower(), DAYS, "day of the week"))


def _zone(name: str) -> str:
    if not has_zone(name):
        raise UsageError(f"there is no time zone {ascii(name)[:80]}; write one like Europe/Paris")
    return name


def _quiet(words: str) -> tuple[str, str]:
    start, dash, end = (part.strip() for part in words.partition("-"))
    if not dash or not _TIME.fullmatch(start) or not _TIME.fullmatch(end):
        raise UsageError(f"{ascii(words)[:80]} are no quiet hours; write them as 22:00-07:00")
    if start == end:
        raise UsageError(f"quiet hours from {start} to {end} are none; leave them out")
    return start, end
