"""A small story, reports of it, and the feeds that carry them."""

from datetime import UTC, datetime, timedelta

from benchmarks.faults.outside import rss
from tracker.domain.claims import Claim, Status
from tracker.domain.entry import Entry
from tracker.ports.seeds import Seed

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
_FEEDS = 8

BRIDGE = Seed(
    "bridge", "Bridge over the Lea", "en", NOON, None, None,
    (
        Claim("C1", "The council plans to build a bridge over the river Lea.", "the council", Status.PLANNED),
        Claim("C2", "The bridge over the Lea would cost 3 million pounds."),
    ),
)  # fmt: skip
_REPORTS = (
    ("Council starts to build the bridge over the Lea", "Work on the bridge over the river Lea has begun."),
    ("Cup final goes to penalties", "Rovers beat United on penalties."),
    ("Bridge over the Lea to cost 5 million", "The bridge over the river Lea would cost 5 million pounds, it said."),
    ("Lea bridge: council begins work", "The council has begun to build the bridge over the river Lea."),
    ("Council drops the Lea bridge", "The council will not build a bridge over the river Lea, the mayor said."),
    ("Rain expected", "It will rain on Sunday in the north."),
    (
        "Bridge over the Lea would cost 5 million",
        "The bridge over the Lea would cost 5 million pounds, the mayor said.",
    ),
)


def served() -> dict[str, tuple[int, bytes]]:
    """Return the feeds of the world outside, by path; only /bridge carries what others carry, too."""
    told = reports(2 * _FEEDS + 1)
    feeds = {f"/feed-{number}": (200, rss(told[2 * number : 2 * number + 2])) for number in range(_FEEDS)}
    return feeds | {
        "/broken": (500, b""),
        "/gone": (410, b""),
        "/back": (200, rss(told[-1:])),
        "/bridge": (200, rss(told[:7])),
    }


def reports(count: int) -> list[Entry]:
    """Return entries for the story of the bridge, each an hour after the one before."""
    return [
        Entry(
            f"e-{number}", title if number < len(_REPORTS) else f"{title}, part {number}", summary,
            seen=NOON + timedelta(hours=number + 1), published=NOON + timedelta(hours=number + 1),
            url=f"https://news.example/e-{number}", publisher=f"Paper {number % 3}", language="en",
        )
        for number in range(count)
        for title, summary in (_REPORTS[number % len(_REPORTS)],)
    ]  # fmt: skip
