"""Exporting: every row that is no view, as of one moment, line by line."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Connection, Engine, Select, select, text, type_coerce

from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.engine import reading
from tracker.adapters.sql.tables import event, log
from tracker.adapters.sql.transfer import FORMAT, SCHEMA_VERSION, Chain, Part, Sum, line, parts, with_documents
from tracker.errors import BrokenLog

_PAGE = 500

_head = (
    select(log.c.position, type_coerce(log.c.recorded_at, BigInteger), event.c.hash)
    .select_from(log.outerjoin(event, event.c.position == log.c.position))
    .where(log.c.id == 1)
)
# Whoever takes the lines may be slow.
_no_hurry = text("SET LOCAL idle_in_transaction_session_timeout = 0")


class SqlExporter:
    """Writes a database; see `tracker.ports.transfer.Exporter`. `views`: those that are not made from the log."""

    def __init__(self, engine: Engine, views: Collection[str] = ()) -> None:
        self._engine = engine
        self._parts = parts(views)

    def lines(self) -> Iterator[bytes]:
        """Yield the lines as they are read, each event proven first; memory stays as it is however long the log.

        Raises BrokenLog for a log that does not verify, StoreError when the database refuses.
        """
        with reading(self._engine, snapshot=True) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(_no_hurry)
            found = connection.execute(_head).one_or_none()
            if found is None:
                raise BrokenLog("the log has lost its head row")
            position, recorded_at, head = found
            total, chain = Sum(part.name for part in self._parts), Chain()
            header = {"format": FORMAT, "head": head or "", "position": position, "schema_version": SCHEMA_VERSION}
            yield total.add(line(header))
            for part in self._parts:
                for row in _rows(connection, part):
                    if part.table is event:
                        _follow(chain, row)
                    yield total.add(line({part.name: with_documents(row)}), part.name)
                if part.table is event:
                    _end(chain, position, recorded_at)
            yield total.end()


def _follow(chain: Chain, row: Mapping[str, Any]) -> None:
    try:
        chain.add(row)
    except (BrokenLog, TypeError, msgspec.MsgspecError) as error:
        raise BrokenLog(f"position {row['position']}: {error}; `tracker verify` says what else is wrong") from error


def _end(chain: Chain, position: int, recorded_at: int) -> None:
    chain.close()
    if (chain.position, chain.recorded_at) != (position, recorded_at):
        raise BrokenLog(f"the log ends at position {chain.position} and its head says {position}")


def _rows(connection: Connection, part: Part) -> Iterator[dict[str, Any]]:
    found = connection.execute(_select(part), execution_options={"yield_per": _PAGE})
    yield from (dict(row) for row in found.mappings())


def _select(part: Part) -> Select[Any]:
    table = part.table
    columns = (
        type_coerce(column, BigInteger).label(column.name) if isinstance(column.type, Moment) else column
        for column in table.columns
    )
    found = select(*columns).order_by(*table.primary_key)
    return found if part.views is None else found.where(table.c.projection.in_(part.views))
