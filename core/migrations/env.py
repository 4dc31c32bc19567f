"""Alembic's door: migrates the database of the settings, or the connection it is handed."""

from alembic import context

from core import partitions
from core.database import connect
from core.models import Base
from core.settings import settings

config = context.config


def main() -> None:
    handed = config.attributes.get("connection")
    if handed is not None:
        _migrate(handed)
        return
    engine = connect(settings().database)
    with engine.connect() as connection:
        _migrate(connection)
    engine.dispose()


def _migrate(connection) -> None:  # type: ignore[no-untyped-def]
    parts = partitions.names(connection)  # they follow from their tables, and no model names them
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_server_default=True,
        include_name=lambda name, kind, _: kind != "table" or name not in parts,
    )
    with context.begin_transaction():
        context.run_migrations()


main()
