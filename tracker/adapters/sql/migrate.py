"""Bringing a database to the tables of this version."""

import importlib.resources
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from tracker.adapters.sql.engine import open_engine, reading, take_turns, writing
from tracker.adapters.sql.place import file_of
from tracker.adapters.sql.refusal import name_of, refusals
from tracker.adapters.sql.revisions import HEAD, REVISIONS
from tracker.errors import DatabaseTooNew, StoreError

_LOCK = 0x7472_6163_6B65_7201


def upgrade(engine_or_url: Engine | str) -> None:
    """Bring a database to the head, in one transaction and alone; make its folder and its file where they are missing.

    Raises DatabaseTooNew for one that a later tracker wrote, StoreError when the database refuses.
    """
    if isinstance(engine_or_url, str):
        engine = open_engine(engine_or_url)
        try:
            upgrade(engine)
        finally:
            engine.dispose()
        return
    engine = engine_or_url
    _make_folder(engine)
    if revision(engine) == HEAD:
        return
    with writing(engine) as connection:
        take_turns(connection, _LOCK)
        if _stored(connection) != HEAD:
            _run(connection)


def check(engine: Engine) -> str:
    """Return "current/head", the current revision being "none" for a database without tables.

    Raises DatabaseTooNew, StoreError.
    """
    return f"{revision(engine) or 'none'}/{HEAD}"


def revision(engine: Engine) -> str | None:
    """Return a database's revision, None when it has no tables yet. Raises DatabaseTooNew, StoreError."""
    with reading(engine) as connection:
        return _stored(connection)


def scripts() -> Path:
    """Return the folder of the migration scripts: inside an installed package, or beside it in a checkout."""
    package = Path(str(importlib.resources.files("tracker")))
    installed = package / "resources" / "alembic"
    return installed if installed.is_dir() else package.parent / "alembic"


def _stored(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version ORDER BY version_num")).scalars().all()
    unknown = [one for one in found if one not in REVISIONS]
    if unknown or len(found) > 1:
        raise DatabaseTooNew(
            f"{name_of(connection.engine.url)} was written by a later version of tracker"
            f" (its tables are {', '.join(found)}, this version knows {HEAD})"
        )
    return found[0] if found else None


def _run(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 (a database at the head is opened without it)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    config.attributes["connection"] = connection
    with refusals(connection.engine.url):
        command.upgrade(config, "head")


def _make_folder(engine: Engine) -> None:
    file = file_of(engine.url) if engine.dialect.name == "sqlite" else None
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{name_of(engine.url)}: the folder cannot be made: {error.strerror}") from error
