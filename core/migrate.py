"""Bring a database to the tables of this version; safe to run from several processes at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

_LOCK = 7_305_122  # any constant; held while migrating


def config() -> Config:
    """Alembic's configuration, found wherever the process runs."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return found


def migrate(engine: Engine, revision: str = "head") -> None:
    """Upgrade to `revision`; a second process waits for the first and then has nothing to do."""
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        connection.commit()
        try:
            alembic = config()
            alembic.attributes["connection"] = connection
            command.upgrade(alembic, revision)
            connection.commit()
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
            connection.commit()


def current(engine: Engine) -> str | None:
    """The revision that the database stands at, None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The revision of this version's tables."""
    return ScriptDirectory.from_config(config()).get_current_head()
