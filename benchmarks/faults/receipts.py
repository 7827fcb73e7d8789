"""What was told, by the outbox and by those who were told: both must agree."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, select

from benchmarks.faults.receivers import Receiver
from tracker.adapters.sql.engine import reading
from tracker.adapters.sql.tables import attempt, delivery
from tracker.application.lane import UNSETTLED

COLUMNS = (
    "owed",
    "delivered",
    "given up",
    "tries",
    "cut off",
    "receipts",
    "taken",
    "twice",
    "by kills",
    "lost",
    "unrecorded",
)


@dataclass
class Told:
    """One delivery: its state, how its tries ended, and its receipts: digest of the words, and whether it was taken."""

    receiver: str
    state: str
    error: str | None
    tries: Counter[str] = field(default_factory=Counter)
    receipts: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def taken(self) -> int:
        """How often the receiver took it."""
        return sum(taken for _, taken in self.receipts)

    @property
    def unknown(self) -> int:
        """How many tries ended without the worker knowing how: it was killed, or the answer was lost."""
        return self.tries["interrupted"] + self.tries["no answer"]


@dataclass(frozen=True)
class Account:
    """Numbers by receiver, and every law that was broken, in words."""

    rows: Mapping[str, Counter[str]]
    broken: Sequence[str]


def account(engine: Engine, receipts: Path, receivers: Sequence[Receiver], kills: int) -> Account:
    """Return what outbox and receipts say of each receiver, after so many kills of the worker.

    A kill may repeat what had ended over a way and was not on record, and no more than that.
    """
    told, strays = _told(engine, receipts)
    by_name = {one.name: one for one in receivers}
    rows: dict[str, Counter[str]] = {name: Counter() for name in by_name}
    broken = [f"received, but owed to nobody: {one}" for one in strays]
    for identity, one in told.items():
        faults = tuple(_faults(one, by_name[one.receiver]))
        broken += [f"{one.receiver}, {identity}: {words}" for words in faults]
        rows[one.receiver] += _counted(one, faults)
    bound = kills * (UNSETTLED + 1)
    for name, row in rows.items():
        if row["by kills"] > bound:
            broken.append(f"{name}: {kills} kills repeated {row['by kills']} messages, more than {bound}")
    return Account(rows, broken)


def table(found: Account) -> str:
    """Return the numbers as a table, one line a receiver and one for all."""
    total: Counter[str] = sum(found.rows.values(), Counter())
    lines = [f"{'receiver':<16}" + "".join(f"{name:>11}" for name in COLUMNS)]
    for name, row in (*found.rows.items(), ("all", total)):
        lines.append(f"{name:<16}" + "".join(f"{row[column]:>11}" for column in COLUMNS))
    return "\n".join(lines)


def _told(engine: Engine, receipts: Path) -> tuple[dict[str, Told], list[str]]:
    with reading(engine) as connection:
        rows = connection.execute(
            select(delivery.c.id, delivery.c.subscription, delivery.c.state, delivery.c.last_error)
        ).all()
        tries = connection.execute(select(attempt.c.delivery, attempt.c.outcome, attempt.c.code)).all()
    told = {identity: Told(*rest) for identity, *rest in rows}
    for identity, outcome, code in tries:
        told[identity].tries["no answer" if outcome == "transient" and code is None else outcome] += 1
    came = defaultdict(list)
    for line in receipts.read_text().splitlines():
        identity, digest, _, taken = line.split()
        came[identity].append((digest, taken == "taken"))
    for identity in came.keys() & told.keys():
        told[identity].receipts = came[identity]
    return told, sorted(came.keys() - told.keys())


def _faults(one: Told, receiver: Receiver) -> Iterator[str]:
    tries = one.tries.total()
    laws = (
        (one.state != "pending", "still owed"),
        (bool(one.taken) or not receiver.mends, f"lost: {one.state}, {one.error}"),
        (bool(one.taken) or one.state != "delivered", "marked as delivered and never taken"),
        (bool(one.error) or one.state != "dead", "given up without a reason"),
        (len(one.receipts) <= tries, f"{len(one.receipts)} receipts, {tries} tries on record"),
        (
            one.tries["delivered"] == (one.state == "delivered"),
            f"delivered by {one.tries['delivered']} tries on record",
        ),
        (one.taken - 1 <= one.unknown, f"taken {one.taken} times, and only {one.unknown} answers were lost"),
        (len({digest for digest, _ in one.receipts}) <= 1, "came in two wordings"),
    )
    yield from (words for held, words in laws if not held)


def _counted(one: Told, faults: Sequence[str]) -> Counter[str]:
    return Counter(
        {
            "owed": 1,
            "delivered": one.state == "delivered",
            "given up": one.state == "dead",
            "tries": one.tries.total(),
            "cut off": one.tries["interrupted"],
            "receipts": len(one.receipts),
            "taken": one.taken,
            "twice": max(0, one.taken - 1),
            "by kills": max(0, one.taken - 1 - one.tries["no answer"]),
            "lost": any(words.startswith(("lost", "still")) for words in faults),
            "unrecorded": max(0, len(one.receipts) - one.tries.total()),
        }
    )
