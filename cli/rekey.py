"""`yinqi rekey`: the channels' secrets under a new encryption key, while everything runs."""

import typer
from cryptography.fernet import Fernet
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cli import secret_files
from cli.reach import installation
from core import database, secrets
from core.errors import RejectedInput
from core.models import Channel
from core.settings import settings


def rekey() -> None:
    """Make a new encryption key, seal all secrets with it, forget the old one; running services follow by themselves.

    Where YINQI_ENCRYPTION_KEY holds the keys, put a new one before the old one there, restart the services and run
    this: it seals everything with the first, and you may then take the old one out.
    """
    with installation():
        path, own_file = secrets.key_file(settings()), settings().encryption_key is None
        if own_file:
            new = Fernet.generate_key().decode()
            # both are in force meanwhile: a service that seals takes the new one, and opens with either
            secret_files.write(path, ",".join([new, *(key.decode() for key in secrets.keys(settings()))]))
        with database.transaction() as session:
            count = _sealed_anew(session)
        if own_file:
            secret_files.write(path, new)
    typer.echo(f"sealed anew: {count} secrets")
    if own_file:
        typer.echo(f"The old key opens nothing here any more; older backups hold it. The new one is in {path}")


def _sealed_anew(session: Session) -> int:
    """Every secret under the newest key; RejectedInput, and none is changed, where one cannot be opened."""
    some = or_(Channel.secret.is_not(None), Channel.old_secret.is_not(None))
    count = 0
    for channel in session.scalars(select(Channel).where(some).with_for_update(key_share=True)):
        for name in ("secret", "old_secret"):
            if sealed := getattr(channel, name):
                setattr(channel, name, secrets.seal(_opened(sealed, channel)))
                count += 1
    return count


def _opened(sealed: bytes, channel: Channel) -> str:
    try:
        return secrets.unseal(sealed)
    except ValueError as error:
        raise RejectedInput(f"channel {channel.id} ({channel.name}): {error}; nothing was changed") from None
