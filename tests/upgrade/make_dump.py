"""Makes the dump of a version from which the upgrade test starts: run it once, at the commit that gets the tag.

    python -m tests.upgrade.make_dump tests/upgrade/v0.1.0.tar.gz

Two rows in every table, a sealed secret and the key to it; the key is made for the dump and opens nothing else.
"""

import os
import sys
import tempfile
from pathlib import Path

from cli import backup, embedded
from core import database, migrate, secrets
from core.settings import settings
from tests.cli import rows


def main(path: Path) -> None:
    """Write a dump of this version's tables to `path`."""
    temporary = tempfile.TemporaryDirectory(prefix="yq", ignore_cleanup_errors=True)
    with temporary as folder, embedded.postgres(Path(folder)) as url:
        os.environ |= {"YINQI_HOME": folder, "YINQI_DATABASE_URL": url}
        settings.cache_clear()
        secrets.ensure_key(settings())
        migrate.migrate(database.engine())
        with database.engine().begin() as connection:
            counts = rows.fill(connection)
        manifest = backup.write(path)
        database.engine().dispose()
    print(f"{path}: revision {manifest.revision}, {sum(counts.values())} rows of {len(counts)} tables")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
