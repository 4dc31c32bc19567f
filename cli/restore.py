"""`yinqi restore`: a backup put into an empty database, from and to any kind of installation."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from alembic import command
from alembic.util import CommandError
from psycopg import sql
from sqlalchemy import Connection, MetaData, inspect, select, text

from cli import archive, secret_files
from cli.archive import Manifest, Reader, Table
from cli.reach import installation
from core import database, migrate, partitions, secrets
from core.errors import RejectedInput
from core.keys import hash_key
from core.models import ApiKey
from core.settings import Settings, settings

Replace = Annotated[bool, typer.Option("--replace", help="Put it in the place of what the database holds.")]


def restore(file: Path, replace: Replace = False) -> None:
    """Put a backup into the database; refuses one that is not empty unless told to replace it."""
    with installation(alone=True):
        manifest = read(file, replace=replace, say=typer.echo)
    rows = sum(table.rows for table in manifest.tables)
    typer.echo(f"{file}: restored {rows} rows of {len(manifest.tables)} tables, made {manifest.made_at}")


def read(path: Path, *, replace: bool, say: Callable[[str], None]) -> Manifest:
    """Load the backup in one transaction, migrate it to this version, and put its key where this installation reads it.

    A damaged file changes nothing: all of it is read before, and a failure while loading rolls everything back.
    """
    manifest = archive.check(path)
    engine = database.engine()
    engine.dispose()  # whatever this process kept open is no service at work
    with engine.connect() as connection, connection.begin():
        _refuse(connection, replace=replace)
        _drop_all(connection)
        _upgrade(connection, manifest.revision)
        with archive.reading(path) as reader:
            _load(connection, reader)
            keys = reader.keys
        _upgrade(connection, "head")
    keep_keys(settings(), keys, say=say)
    _drop_stale_operator_key(settings(), say=say)
    return manifest


def _refuse(connection: Connection, *, replace: bool) -> None:
    """RejectedInput where services are at work on the database, or where it holds rows that nobody gave up."""
    others = connection.scalar(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    )
    if others:
        raise RejectedInput(f"{others} other connections use this database: stop every service first")
    if replace:
        return
    for name in inspect(connection).get_table_names():
        query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(name)).as_string()
        if name != "alembic_version" and connection.scalar(text(query)):
            raise RejectedInput(f"the database is not empty (table {name} has rows): --replace gives up what it holds")


def _drop_all(connection: Connection) -> None:
    found, parts = MetaData(), partitions.names(connection)  # parts go with their table
    found.reflect(connection, only=lambda name, _: name not in parts)
    found.drop_all(connection)


def _upgrade(connection: Connection, revision: str) -> None:
    """Migrate within the connection's transaction."""
    alembic = migrate.config()
    alembic.attributes["connection"] = connection
    try:
        command.upgrade(alembic, revision)
    except CommandError as error:
        raise RejectedInput(f"the backup is of a newer Yinqi (revision {revision}): upgrade first ({error})") from error


def _load(connection: Connection, reader: Reader) -> None:
    """Rows in the order of their references; a table's references to itself are checked when all its rows are in."""
    for number, table in enumerate(reader.manifest.tables):
        loaded = _copy(connection, table, reader.table(number))
        if loaded != table.rows:
            raise RejectedInput(f"table {table.name}: {loaded} rows came in where {table.rows} are promised")
        for column in table.columns:
            _continue_counting(connection, table.name, column)
    reader.end()


def _copy(connection: Connection, table: Table, parts: Iterable[bytes]) -> int:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for part in parts:
                copy.write(part)
        return int(cursor.rowcount)


def _continue_counting(connection: Connection, table: str, column: str) -> None:
    """Set the sequence that counts a column, if one does, past the highest value that was loaded."""
    told = {"table": table, "column": column}
    sequence = connection.scalar(text("SELECT pg_get_serial_sequence(quote_ident(:table), :column)"), told)
    if sequence is None:
        return
    highest = sql.SQL("SELECT max({}) FROM {}").format(sql.Identifier(column), sql.Identifier(table)).as_string()
    if (value := connection.scalar(text(highest))) is not None:
        connection.execute(text("SELECT setval(:sequence, :value)"), {"sequence": sequence, "value": value})


def keep_keys(config: Settings, keys: list[bytes], *, say: Callable[[str], None]) -> None:
    """Put the backup's keys where this installation reads them, beside its own, so that every secret can be opened."""
    try:
        known = secrets.keys(config)
    except FileNotFoundError:
        known = []
    missing = [key for key in keys if key not in known]
    if not missing:
        return
    path = secrets.key_file(config)
    if config.encryption_key is not None:
        path = path.with_name("encryption_key.restored")
        say(f"the backup's key differs from YINQI_ENCRYPTION_KEY: add the content of {path} to it, after a comma")
        known = []
    elif known:
        say(f"the backup's key differs from this installation's: both are in {path} now")
    else:
        say(f"the backup's encryption key is in {path}")
    secret_files.write(path, ",".join(key.decode() for key in [*known, *missing]))


def _drop_stale_operator_key(config: Settings, *, say: Callable[[str], None]) -> None:
    """Remove the file with a first operator key that the backup does not know; the backup's own keys are in force."""
    path = config.home / "secrets" / "operator_key"
    if not path.exists():
        return
    with database.transaction() as session:
        known = session.scalar(select(ApiKey.id).where(ApiKey.hash == hash_key(path.read_text().strip())))
    if known is None:
        path.unlink()
        say("the operator key made here is void: the backup's keys are in force (`yinqi subscriber add` makes more)")
