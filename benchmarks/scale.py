"""How far one process, one PostgreSQL and several logs go: arithmetic from measured numbers, no run.

    python benchmarks/scale.py [--judge 0.05] [--appends 1400] [--look 1.0] [--bytes 4400] ...

What the defaults were measured with: `--judge` (s of one core an entry and story) `python -m benchmarks.workers`;
`--appends` (a second, one writer, one event each, durable PostgreSQL) `python benchmarks/append.py`; `--look` (us an
entry of the archive) `python benchmarks/look.py`; `--bytes` (an entry judged by one story, all tables) and `--telling`
(share of entries that append an event) by polling the demo's 176 items into a SQLite file; `--connections` (of one
worker) by counting `pg_stat_activity`. The rest is assumed: put in your own.
"""

import argparse
import math
from dataclasses import dataclass

DAY = 86_400.0


@dataclass(frozen=True)
class Load:
    """Who follows how much; `readers`: stories that judge what one feed brings."""

    name: str
    stories: int
    feeds: int
    readers: int


LOADS = (
    Load("person", 5, 20, 5),
    Load("desk", 50, 200, 10),
    Load("newsroom", 500, 2_000, 20),
    Load("agency", 5_000, 20_000, 50),
)
COLUMNS = (
    "load", "stories", "feeds", "judged/s", "cores", "appends/s", "% of a log", "polls at once", "slow after",
    "GB/year", "workers", "connections", "logs", "fits",
)  # fmt: skip


def row(load: Load, given: argparse.Namespace) -> tuple[object, ...]:
    """Return what a load asks for at its peak.

    "slow after": days until a look at every story for what waits takes longer than `--round`.
    """
    judged = given.peak * load.feeds * given.entries * load.readers / DAY
    cores = judged * given.judge
    appends = judged * given.telling
    share = appends / given.appends
    polls = load.feeds / given.interval * given.fetch
    archive = load.feeds * given.entries * 365
    slow = given.round / (load.stories * load.feeds * given.entries * given.look / 1e6)
    gigabytes = archive * load.readers * given.bytes / 1e9
    workers = max(1, math.ceil(cores), math.ceil(polls / given.fetchers))
    logs = max(1, math.ceil(share / given.full))
    one = cores <= given.full and polls <= given.fetchers
    fits = "one process, SQLite" if one else "one PostgreSQL" if logs == 1 else f"{logs} logs"
    return (
        load.name, load.stories, load.feeds, f"{judged:.1f}", f"{cores:.2f}", f"{appends:.1f}", f"{100 * share:.1f}",
        f"{polls:.1f}", f"{slow:,.0f} d", f"{gigabytes:,.1f}", workers, workers * given.connections, logs, fits,
    )  # fmt: skip


def table(rows: list[tuple[object, ...]]) -> str:
    """Return the rows under their columns, aligned."""
    cells = [tuple(map(str, one)) for one in [COLUMNS, *rows]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(one, widths, strict=True)).rstrip() for one in cells
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default, what in (
        ("judge", 0.05, "seconds of one core to judge an entry for a story"),
        ("appends", 1400.0, "appends a second that one log takes"),
        ("look", 1.0, "microseconds an entry of the archive to find that nothing waits"),
        ("round", 60.0, "seconds that a look at every story may take (assumed)"),
        ("bytes", 4400.0, "bytes an entry and story that judges it"),
        ("telling", 0.3, "share of judged entries that append to the log"),
        ("connections", 10, "connections to PostgreSQL of one worker"),
        ("entries", 40.0, "new entries of a feed in a day (assumed)"),
        ("interval", 900.0, "seconds between two polls of a feed (the default setting)"),
        ("fetch", 1.0, "seconds that a poll takes (assumed)"),
        ("fetchers", 8, "polls at once in one worker (the default setting)"),
        ("peak", 5.0, "the busiest hour against the mean (assumed)"),
        ("full", 0.5, "share of a core or a log that is used before it counts as full (assumed)"),
    ):
        parser.add_argument(f"--{name}", type=type(default), default=default, help=f"{what}; {default:g}")
    given = parser.parse_args()
    print(table([row(load, given) for load in LOADS]))


if __name__ == "__main__":
    main()
