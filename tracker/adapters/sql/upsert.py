"""Insert or replace, which both databases have and the common language has not."""

from importlib import import_module
from typing import Any

from sqlalchemy import ColumnElement, Engine, Table
from sqlalchemy.dialects.sqlite import Insert


def insert_for(engine: Engine, table: Table) -> Insert:
    """Return an INSERT that knows ON CONFLICT; both dialects' have the same methods."""
    statement: Insert = import_module(f"sqlalchemy.dialects.{engine.dialect.name}").insert(table)
    return statement


def upsert(
    engine: Engine, table: Table, *, keys: tuple[str, ...] = (), keep: tuple[str, ...] = (), where: Any = None
) -> Insert:
    """Return an INSERT that replaces the row of the same primary key, except for the columns in `keep`.

    `keys` name other columns that are unique together; the primary key then stays. `where` decides from the row that
    is there whether it is replaced at all.
    """
    statement = insert_for(engine, table)
    primary = tuple(column.name for column in table.primary_key)
    keys, stay = keys or primary, (*primary, *keys, *keep)
    changed: dict[str, ColumnElement[Any]] = {
        column.name: statement.excluded[column.name] for column in table.columns if column.name not in stay
    }
    return statement.on_conflict_do_update(index_elements=keys, set_=changed, where=where)
