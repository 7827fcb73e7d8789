"""The job engine's tables: made once, brought up to date, and no strays among ours."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from alembic.config import Config
from procrastinate.schema import SchemaManager
from sqlalchemy import Engine, text

from tracker.adapters.jobs.schema import LOCK, prepare, scripts
from tracker.adapters.sql.engine import open_engine, take_turns, writing
from tracker.adapters.sql.migrate import scripts as our_scripts
from tracker.errors import DatabaseTooNew

SCHEMA = "public_jobs"
COLUMNS = f"""
SELECT 'column', table_name, column_name, data_type, column_default
FROM information_schema.columns WHERE table_schema = '{SCHEMA}'
"""
INDEXES = f"SELECT 'index', tablename, indexname, indexdef, NULL FROM pg_indexes WHERE schemaname = '{SCHEMA}'"
FUNCTIONS = f"""
SELECT 'function', proname, pg_get_function_identity_arguments(oid), regexp_replace(prosrc, '\\s+', ' ', 'g'), NULL
FROM pg_proc WHERE pronamespace = '{SCHEMA}'::regnamespace
"""
TRIGGERS = f"""
SELECT 'trigger', tgname, pg_get_triggerdef(oid), NULL, NULL FROM pg_trigger
WHERE NOT tgisinternal AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = '{SCHEMA}'::regnamespace)
"""


@pytest.fixture
def server(postgresql_url: str) -> Iterator[Engine]:
    engine = open_engine(postgresql_url)
    yield engine
    engine.dispose()


def prepared(engine: Engine) -> str:
    with writing(engine) as connection:
        take_turns(connection, LOCK)
        return prepare(connection)


def structure(engine: Engine) -> set[tuple[str, ...]]:
    """Return what the schema is made of."""
    with engine.connect() as connection:
        queries = (COLUMNS, INDEXES, FUNCTIONS, TRIGGERS)
        return {tuple(row) for query in queries for row in connection.execute(text(query))}


def test_made_once(server: Engine) -> None:
    """The tables are made in a schema of their own beside ours, and a second start changes nothing."""
    assert prepared(server) == SCHEMA
    before = structure(server)
    assert prepared(server) == SCHEMA
    assert structure(server) == before


def test_workers_that_start_at_once(server: Engine) -> None:
    """Four workers that find no tables make them once, and none of them fails."""
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(prepared, [server] * 4)) == [SCHEMA] * 4


def test_brought_up_to_date(server: Engine) -> None:
    """Tables that an earlier version of the engine made become those of the present one."""
    prepared(server)
    wanted = structure(server)
    names = list(scripts())
    earlier = names[: names.index("03.03.00_01_pre_priority_lock_fetch_job.sql")]
    with writing(server) as connection:
        connection.exec_driver_sql(
            f"DROP SCHEMA {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}; SET LOCAL search_path = {SCHEMA}"
        )
        for name in earlier:
            connection.execution_options(no_parameters=True).exec_driver_sql(scripts()[name])
        connection.exec_driver_sql("CREATE TABLE applied (script text PRIMARY KEY)")
        connection.execute(text("INSERT INTO applied VALUES (:script)"), {"script": earlier[-1]})
    assert structure(server) != wanted
    prepared(server)
    assert structure(server) == wanted
    with server.connect() as connection:
        applied = connection.execute(text(f"SELECT script FROM {SCHEMA}.applied ORDER BY script")).scalars().all()
    assert applied == names[len(earlier) - 1 :]


def test_a_later_version_is_refused(server: Engine) -> None:
    """Tables that a later version of the engine made are left alone, in one line."""
    prepared(server)
    with writing(server) as connection:
        connection.execute(text(f"INSERT INTO {SCHEMA}.applied VALUES ('99.00.00_01_later.sql')"))
    with pytest.raises(DatabaseTooNew, match="made by a later procrastinate") as refused:
        prepared(server)
    assert "\n" not in str(refused.value)


def test_no_strays_among_our_tables(server: Engine) -> None:
    """Alembic finds nothing of the engine's beside what our own scripts make."""
    prepared(server)
    config = Config()
    config.set_main_option("script_location", str(our_scripts()))
    with writing(server) as connection:
        config.attributes["connection"] = connection
        command.check(config)


def test_every_script_of_the_engine_is_known() -> None:
    """The folder that we read is the one that the engine names, and nothing in it is left out."""
    folder = SchemaManager.get_migrations_path()
    assert len(scripts()) > 30
    assert folder.endswith("sql/migrations")
