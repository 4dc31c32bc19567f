"""`yinqi backup`: everything in one file, without client tools and while everything runs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from alembic.runtime.migration import MigrationContext
from psycopg import sql
from sqlalchemy import Connection, Inspector, inspect, text

from cli import archive
from cli.archive import Manifest, Table
from cli.reach import installation
from core import database, partitions, secrets
from core.clock import now
from core.errors import RejectedInput
from core.settings import settings

VERSION_TABLE = "alembic_version"


def backup(file: Path) -> None:
    """Write everything (the encryption key too: keep FILE safe) into one .tar.gz; services may go on meanwhile."""
    with installation():
        manifest = write(file)
    rows = sum(table.rows for table in manifest.tables)
    typer.echo(f"{file}: {rows} rows of {len(manifest.tables)} tables and the encryption key")


def write(path: Path) -> Manifest:
    """Write the database of the settings as it stands at one moment, and its key, to `path`."""
    keys = secrets.keys(settings())
    # one snapshot for all tables: no row is there without what it refers to
    engine = database.engine().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with engine.connect() as connection:
        manifest = describe(connection)
        with archive.writing(path) as writer:
            writer.head(manifest, keys)
            for number, table in enumerate(manifest.tables):
                writer.table(number, _rows(connection, table))
            writer.end()
    return manifest


def describe(connection: Connection) -> Manifest:
    """What the database holds: read from the database, for it may stand at an older revision than this code."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        raise RejectedInput("the database has no tables of Yinqi (run `yinqi up` or `yinqi init` first)")
    inspector = inspect(connection)
    others = {VERSION_TABLE, *partitions.names(connection)}  # the rows of parts are their table's
    names = [name for name, _ in inspector.get_sorted_table_and_fkc_names() if name and name not in others]
    tables = tuple(_table(connection, inspector, name) for name in names)
    return Manifest(revision=revision, made_at=now().isoformat(), tables=tables)


def _table(connection: Connection, inspector: Inspector, name: str) -> Table:
    columns = inspector.get_columns(name)
    count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)).as_string()
    return Table(
        name=name,
        columns=tuple(column["name"] for column in columns if "computed" not in column),
        rows=connection.execute(text(count)).scalar_one(),
        identity=next((column["name"] for column in columns if column.get("identity")), None),
    )


def _rows(connection: Connection, table: Table) -> Iterator[bytes | memoryview]:
    statement = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(*_named(table))  # of parted tables too
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        yield from copy


def _named(table: Table) -> tuple[sql.Composed, sql.Identifier]:
    """The table's columns and itself as SQL."""
    return sql.SQL(", ").join(map(sql.Identifier, table.columns)), sql.Identifier(table.name)
