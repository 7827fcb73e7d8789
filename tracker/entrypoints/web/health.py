"""Whether the worker can work, part by part. Nothing is asked of the database here: an answer is there at once."""

from time import monotonic
from typing import Any

from tracker.entrypoints.pulse import Pulse
from tracker.entrypoints.running import Running
from tracker.errors import TrackerError

_TICKS = 4
_ROUND = 180.0
"""Seconds that one round of a job may take: slow servers have their time, and an import is judged in turns."""
_BEATS = 2
_LATE = 1.0
"""Seconds beyond so many beats for which the database may have been silent."""


def readiness(running: Running, pulse: Pulse) -> tuple[bool, dict[str, Any]]:
    """Return whether all parts are well, and each part as JSON-ready values; all times are in seconds."""
    parts = {"worker": _worker(running), "database": _database(pulse), "jobs": _jobs(running)}
    if running.check:
        parts["lock"] = _lock(running)
    ready = all(part["ok"] for part in parts.values())
    return ready, {"ready": ready, "parts": parts}


def _worker(running: Running) -> dict[str, Any]:
    if running.room is None:
        return {"ok": False, "state": "starting"}
    stopping = running.stopping()
    return {"ok": not stopping, "state": "stopping" if stopping else "following"}


def _database(pulse: Pulse) -> dict[str, Any]:
    silence = pulse.silence()
    return {"ok": silence is not None and silence < _BEATS * pulse.interval + _LATE, "last_answer": _rounded(silence)}


def _jobs(running: Running) -> dict[str, Any]:
    now = monotonic()
    since = {part: now - seen if (seen := running.signs.get(part)) else None for part in running.parts}
    limit = _TICKS * running.app.settings.worker.tick + _ROUND
    alive = all(one is not None and one < limit for one in since.values())
    return {"ok": bool(since) and alive, "last_sign": {part: _rounded(one) for part, one in since.items()}}


def _lock(running: Running) -> dict[str, Any]:
    try:
        assert running.check
        running.check()
    except TrackerError:
        return {"ok": False}
    return {"ok": True}


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
