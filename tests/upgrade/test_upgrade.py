"""What an earlier version wrote is there in this one: its dump is restored, migrated, and nothing is lost."""

from pathlib import Path

import pytest
from sqlalchemy import text

from cli import archive
from core import database, migrate, secrets
from core.settings import settings
from tests.cli import rows
from tests.cli.conftest import Yinqi, yinqi

__all__ = ["yinqi"]
DUMPS = sorted(Path(__file__).parent.glob("v*.tar.gz"))


@pytest.mark.parametrize("dump", DUMPS, ids=lambda path: path.name.removesuffix(".tar.gz"))
def test_what_an_earlier_version_wrote_survives(yinqi: Yinqi, dump: Path) -> None:
    manifest = archive.check(dump)
    secrets.key_file(settings()).unlink()
    result = yinqi("restore", str(dump), "--replace")
    assert result.exit_code == 0, result.output
    assert migrate.current(database.engine()) == migrate.head()
    with database.engine().connect() as connection:
        for table in manifest.tables:
            assert connection.scalar(text(f"SELECT count(*) FROM {table.name}")) == table.rows > 0, table.name
        sealed = connection.scalar(text("SELECT secret FROM channel WHERE secret IS NOT NULL"))
        assert secrets.unseal(sealed) == rows.SECRET
        assert rows.AWKWARD in str(connection.scalar(text("SELECT text FROM article WHERE text LIKE '%𠮷%'")))


def test_there_is_a_dump_of_every_version_that_was_published() -> None:
    assert [dump.name for dump in DUMPS] == ["v0.1.0.tar.gz"]
