"""The job engine's tables: in a schema of their own beside ours, made and brought up to date at the start."""

from importlib.resources import files

from sqlalchemy import Connection, text

from tracker.errors import DatabaseTooNew

LOCK = 0x7472_6163_6B65_7204
"""The advisory lock under which `prepare` runs."""

# The engine keeps no record of what was applied; its scripts sort by name in the order of their versions.
_make_record = "CREATE TABLE applied (script text PRIMARY KEY)"
_record = text("INSERT INTO applied (script) VALUES (:script)")
_newest = text("SELECT max(script) FROM applied")
_name = text("SELECT current_schema() || '_jobs'")
_there = text("SELECT to_regnamespace(:schema)")
_found = text("SELECT to_regclass('applied')")


def prepare(connection: Connection) -> str:
    """Make the engine's tables, or bring them to the version installed here; return the name of their schema.

    It is that of our own tables with `_jobs` behind it. The caller holds `LOCK` until its transaction ends, so that of
    several workers that start one does this. Raises DatabaseTooNew for tables of a later version.
    """
    schema = str(connection.execute(_name).scalar_one())
    quoted = connection.dialect.identifier_preparer.quote(schema)
    if connection.execute(_there, {"schema": quoted}).scalar_one() is None:  # who may not make it may still use it
        connection.exec_driver_sql(f"CREATE SCHEMA {quoted}")
    connection.exec_driver_sql(f"SET LOCAL search_path TO {quoted}")
    if connection.execute(_found).scalar_one() is None:
        _make(connection)
    else:
        _upgrade(connection, schema)
    return schema


def scripts() -> dict[str, str]:
    """Return the engine's migrations by name, oldest first."""
    folder = files("procrastinate.sql") / "migrations"
    found = sorted((one for one in folder.iterdir() if one.name.endswith(".sql")), key=lambda one: one.name)
    return {one.name: one.read_text(encoding="utf-8") for one in found}


def _make(connection: Connection) -> None:
    _run(connection, (files("procrastinate.sql") / "schema.sql").read_text(encoding="utf-8"))
    _run(connection, _make_record)
    connection.execute(_record, {"script": list(scripts())[-1]})


def _upgrade(connection: Connection, schema: str) -> None:
    applied = str(connection.execute(_newest).scalar_one())
    known = scripts()
    if applied not in known:
        raise DatabaseTooNew(
            f"the tables of the job engine ({schema}) were made by a later procrastinate: upgrade this machine"
        )
    for name, script in known.items():
        if name > applied:
            _run(connection, script)
            connection.execute(_record, {"script": name})


def _run(connection: Connection, script: str) -> None:
    """Run a script of several statements: only a call without parameters takes one."""
    connection.execution_options(no_parameters=True).exec_driver_sql(script)
