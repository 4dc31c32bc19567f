"""Files that hold a secret: made with mode 0600, in a folder that only the owner opens."""

import os
import secrets
from pathlib import Path


def write(path: Path, content: str) -> None:
    """Put `content` into `path` in one step (mode 0600), whatever stood there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(content)
    fresh.replace(path)


def password(path: Path) -> str:
    """The password in `path` (letters and digits only), made on the first run."""
    if not path.exists():
        write(path, secrets.token_hex(24))
    return path.read_text().strip()
