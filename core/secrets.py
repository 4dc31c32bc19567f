"""Secrets at rest: encrypted with Fernet under the key of the settings, or of a file beside the data."""

import os
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from core.settings import Settings, settings


def key_file(config: Settings) -> Path:
    """Where the encryption key lies when no setting holds it."""
    return _key_file(config.home)


@lru_cache(maxsize=1)
def _key_file(home: Path) -> Path:
    """Kept, since a path is put together more slowly than the file is asked for."""
    return home / "secrets" / "encryption_key"


def ensure_key(config: Settings) -> Path:
    """Make the key file if there is none (mode 0600) and return its path."""
    path = key_file(config)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(Fernet.generate_key())
    return path


def keys(config: Settings) -> list[bytes]:
    """The keys in force, newest first: the setting's, else the file's; raises FileNotFoundError where neither is."""
    if config.encryption_key:
        return _listed(config.encryption_key.get_secret_value())
    path = key_file(config)
    now = path.stat()  # every page of a list is signed: what was read holds until the file is another
    return _read(path, now.st_ino, now.st_mtime_ns)


@lru_cache(maxsize=1)
def _read(path: Path, _inode: int, _changed: int) -> list[bytes]:
    return _listed(path.read_text())


def _listed(given: str) -> list[bytes]:
    return [part.strip().encode() for part in given.split(",") if part.strip()]


@lru_cache(maxsize=1)
def _opener(given: tuple[bytes, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in given])


def seal(plain: str) -> bytes:
    """`plain` encrypted under the newest key."""
    return _opener(tuple(keys(settings()))).encrypt(plain.encode())


def unseal(sealed: bytes) -> str:
    """The plain text; raises ValueError where none of the keys opens it."""
    try:
        return _opened(tuple(keys(settings())), bytes(sealed))
    except InvalidToken:
        raise ValueError("a secret cannot be opened: the encryption key is not the one that sealed it") from None


@lru_cache(maxsize=1000)
def _opened(given: tuple[bytes, ...], sealed: bytes) -> str:
    """Kept, since every alert opens its channel's secret, which takes longer than signing with it."""
    return _opener(given).decrypt(sealed).decode()
