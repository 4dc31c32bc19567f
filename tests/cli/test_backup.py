"""A backup holds everything, and restoring it gives everything back or changes nothing."""

import gzip
import os
import stat
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

from cli import archive
from core import database, secrets
from core.settings import settings
from tests.cli import rows
from tests.cli.conftest import Yinqi


@pytest.fixture
def backup(yinqi: Yinqi, tmp_path: Path) -> Path:
    """A backup of rows in every table."""
    with database.engine().begin() as connection:
        rows.fill(connection)
    path = tmp_path / "all.tar.gz"
    result = yinqi("backup", str(path))
    assert result.exit_code == 0, result.output
    return path


def _erase() -> None:
    with database.engine().begin() as connection:
        names = ", ".join(rows.Base.metadata.tables)
        connection.execute(text(f"TRUNCATE {names}"))
    database.engine().dispose()


def _contents() -> dict[str, list[dict[str, object]]]:
    with database.engine().connect() as connection:
        found = rows.contents(connection)
    database.engine().dispose()
    return found


def test_every_row_of_every_table_comes_back_as_it_was(yinqi: Yinqi, backup: Path) -> None:
    before = _contents()
    assert all(len(found) == 2 for found in before.values())
    _erase()
    result = yinqi("restore", str(backup))
    assert result.exit_code == 0, result.output
    assert _contents() == before


def test_a_sealed_secret_can_be_opened_where_no_key_was(yinqi: Yinqi, backup: Path) -> None:
    _erase()
    secrets.key_file(settings()).unlink()
    assert "encryption key is in" in yinqi("restore", str(backup)).output
    assert _sealed() == rows.SECRET
    assert _mode(secrets.key_file(settings())) == 0o600


def test_a_sealed_secret_can_be_opened_where_another_key_was(yinqi: Yinqi, backup: Path) -> None:
    path = secrets.key_file(settings())
    path.unlink()
    secrets.ensure_key(settings())
    own = secrets.seal("own")
    result = yinqi("restore", str(backup), "--replace")
    assert "differs" in result.output
    assert _sealed() == rows.SECRET
    assert secrets.unseal(own) == "own"


def _sealed() -> str:
    with database.engine().connect() as connection:
        return secrets.unseal(
            connection.execute(text("SELECT secret FROM channel WHERE secret IS NOT NULL")).scalar_one()
        )


def test_counting_goes_on_after_what_was_restored(yinqi: Yinqi, backup: Path) -> None:
    _erase()
    yinqi("restore", str(backup))
    with database.engine().begin() as connection:
        insert = text("INSERT INTO lexicon_change (what) VALUES ('test') RETURNING id")
        known = connection.scalar(text("SELECT max(id) FROM lexicon_change"))
        assert connection.execute(insert).scalar_one() == known + 1


def test_what_the_database_holds_is_not_given_up_unasked(yinqi: Yinqi, backup: Path) -> None:
    before = _contents()
    result = yinqi("restore", str(backup))
    assert result.exit_code == 2
    assert "--replace" in result.stderr
    assert _contents() == before


def test_a_restore_beside_working_services_is_refused(yinqi: Yinqi, backup: Path) -> None:
    other = create_engine(settings().database)
    with other.connect():
        result = yinqi("restore", str(backup), "--replace")
    other.dispose()
    assert result.exit_code == 2
    assert "stop every service" in result.stderr


@pytest.mark.parametrize("damage", ["cut off", "another byte", "no backup", "no gzip"])
def test_a_damaged_file_changes_nothing(yinqi: Yinqi, backup: Path, damage: str) -> None:
    before, raw = _contents(), backup.read_bytes()
    backup.write_bytes(
        {
            "cut off": raw[: len(raw) // 2],
            "another byte": raw[: len(raw) // 2] + bytes([raw[len(raw) // 2] ^ 1]) + raw[len(raw) // 2 + 1 :],
            "no backup": gzip.compress(b"x" * 2000),
            "no gzip": b"nothing",
        }[damage]
    )
    result = yinqi("restore", str(backup), "--replace")
    assert result.exit_code == 2
    assert str(backup) in result.stderr
    assert _contents() == before


def test_a_backup_of_a_newer_version_changes_nothing(yinqi: Yinqi, backup: Path) -> None:
    before = _contents()
    with archive.reading(backup) as reader:
        manifest, keys = reader.manifest, reader.keys
    with archive.writing(backup) as writer:
        writer.head(archive.Manifest(revision="9999", made_at=manifest.made_at, tables=()), keys)
        writer.end()
    result = yinqi("restore", str(backup), "--replace")
    assert result.exit_code == 2
    assert "newer" in result.stderr
    assert _contents() == before


def test_a_backup_is_read_by_its_owner_only(backup: Path) -> None:
    assert _mode(backup) == 0o600


def test_large_tables_are_cut_into_parts(yinqi: Yinqi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "PART", 1000)
    with database.engine().begin() as connection:
        _articles(connection, 200)
    path = tmp_path / "parts.tar.gz"
    assert yinqi("backup", str(path)).exit_code == 0
    before = _contents()
    _erase()
    assert yinqi("restore", str(path)).exit_code == 0
    assert _contents() == before


def _articles(connection: Connection, count: int) -> None:
    made = "SELECT 't', repeat('字', 50), n::text FROM generate_series(1, :count) n"
    connection.execute(text(f"INSERT INTO article (title, text, content_hash) {made}"), {"count": count})


def test_an_installation_moves_to_another_server(yinqi: Yinqi, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As from embedded to compose: the other database never was one of ours."""
    before = _contents()  # and no connection is left open
    url = make_url(settings().database)
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"moved{os.getpid()}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    monkeypatch.setenv("YINQI_DATABASE_URL", url.set(database=name).render_as_string(hide_password=False))
    settings.cache_clear()
    database.engine.cache_clear()
    try:
        assert yinqi("restore", str(backup)).exit_code == 0
        assert _contents() == before
    finally:
        database.engine().dispose()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
