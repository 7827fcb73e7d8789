"""Mutes: what is not told for a while, to somebody or to anybody. It stays in the log and in every report."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.ids import content_id
from tracker.domain.subscription_events import MuteSet


@dataclass(frozen=True, slots=True)
class Subject:
    """What a notice would be about, as a mute looks at it. `outlets`: every name of who published it, or says it."""

    story: str | None
    claims: Collection[str] = ()
    outlets: Collection[str] = ()


def mute_id(what: str, story: str | None, about: str | None, subscription: str | None) -> str:
    """Return the id of a mute: the same thing muted for the same reader is the same mute."""
    return content_id("m", (what, story or "", about or "", subscription or ""))[:14]


def in_force(mutes: Iterable[MuteSet], now: datetime) -> tuple[MuteSet, ...]:
    """Return the mutes that have not run out: at its last moment a mute is over."""
    return tuple(one for one in mutes if one.until is None or now < one.until)


def muting(mutes: Iterable[MuteSet], subscription: str, about: Subject) -> MuteSet | None:
    """Return a mute, of those in force, by which a subscription is not told of a subject; None where there is none.

    What bears on several claims is told while one of them is not muted.
    """
    mine = [
        one for one in mutes if one.subscription in (None, subscription) and one.story in (None, about.story)
    ]  # fmt: skip
    whole = next((one for one in mine if _covers(one, about)), None)
    if whole is not None:
        return whole
    claims = {one.about: one for one in mine if one.what == "claim" and one.about in about.claims}
    return next(iter(claims.values())) if claims and claims.keys() >= set(about.claims) else None


def in_words(mute: MuteSet) -> str:
    """Return what is muted, for whom and until when, in words."""
    what = f"{mute.what} {mute.about}" if mute.about else ""
    where = f"story {mute.story}" if mute.story else ""
    whom = f" for {mute.subscription}" if mute.subscription else ""
    until = f"until {mute.until:%Y-%m-%d %H:%M} UTC" if mute.until else "until it is lifted"
    return f"{' of '.join(filter(None, (what, where)))}{whom}, {until}"


def same_outlet(name: str | None, outlets: Iterable[str]) -> bool:
    """Tell whether a name is among those of outlets, however it is capitalised."""
    return (name or "").casefold() in {one.casefold() for one in outlets}


def _covers(mute: MuteSet, about: Subject) -> bool:
    return mute.what == "story" or (mute.what == "outlet" and same_outlet(mute.about, about.outlets))
