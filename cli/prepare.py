"""What a new installation needs before its services start: key, tables, registers, first operator. Rerunnable."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError

from cli import secret_files
from core import database, keys, migrate, partitions, secrets, subscribers
from core.settings import Settings, settings

OPERATOR = "operator"


SecretsOnly = Annotated[bool, typer.Option("--secrets", help="Only make the secrets; needs no database.")]


def init(secrets_only: SecretsOnly = False) -> None:
    """Make ready what a new installation needs: encryption key, tables, registers, first operator (rerunnable)."""
    if secrets_only:
        server_secrets(settings(), say=typer.echo)
    else:
        prepare(settings(), say=typer.echo)


def server_secrets(config: Settings, *, say: Callable[[str], None]) -> None:
    """Make what a container of PostgreSQL must be given before it starts, and the encryption key.

    The password's file is named as pydantic-settings reads it from YINQI_SECRETS_DIR.
    """
    path = config.home / "secrets" / "yinqi_database_password"
    if config.database_password:
        secret_files.write(path, config.database_password.get_secret_value())
    else:
        secret_files.password(path)
    if config.encryption_key is None:
        secrets.ensure_key(config)
    say(f"the database's password and the encryption key are in {config.home / 'secrets'}")


def prepare(config: Settings, *, say: Callable[[str], None]) -> None:
    """Make ready what the services need; `say` is told what was done for the first time."""
    if config.encryption_key is None and not secrets.key_file(config).exists():
        say(f"made an encryption key: {secrets.ensure_key(config)} (keep a copy: `yinqi backup` holds one)")
    migrate.migrate(database.engine())
    _settle()
    _seed()
    if path := first_operator(config.home / "secrets" / "operator_key"):
        say(f"made the first operator key; read it with: cat {path}")


def _settle() -> None:
    """Parts of tables for this month and those ahead, and for what a restored backup brought.

    Where workers are so busy that no moment is free for it, the scheduler makes them later.
    """
    settled = False
    with suppress(OperationalError):
        while not settled:
            with database.transaction() as session:
                settled = not partitions.settle(session)


def _seed() -> None:
    from extractor.store import fill_stems
    from seeds.load import load

    with database.transaction() as session:
        load(session)
        fill_stems(session)


def first_operator(path: Path) -> Path | None:
    """Where the first operator's key was written, None where there was an operator already."""
    with database.transaction() as session:
        if subscribers.named(session, OPERATOR):
            return None
        secret_files.write(path, subscribers.add_with_key(session, OPERATOR, keys.SCOPES) + "\n")
    return path.absolute()
