"""The migrations make exactly the tables that the models describe, and can be taken back."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import make_url

from cli import embedded
from core import database, migrate


@pytest.fixture
def empty(servers: embedded.Servers) -> Iterator[Engine]:
    """A database without a table."""
    name = f"m{uuid4().hex[:12]}"
    url = make_url(servers.database_url)
    admin = database.connect(
        url.set(database="postgres").render_as_string(hide_password=False), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    engine = database.connect(url.set(database=name).render_as_string(hide_password=False))
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def alembic(connection: Connection) -> Config:
    config = migrate.config()
    config.attributes["connection"] = connection
    return config


def schema(engine: Engine) -> dict[str, object]:
    """Columns, indexes and constraints by table; without Alembic's own."""
    seen = inspect(engine)
    return {
        name: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in seen.get_columns(name)],
            sorted(str(index) for index in seen.get_indexes(name)),
            sorted(str(key) for key in seen.get_foreign_keys(name)),
            sorted(str(unique) for unique in seen.get_unique_constraints(name)),
        )
        for name in sorted(seen.get_table_names())
        if name != "alembic_version"
    }


def test_an_empty_database_gets_the_tables_that_the_models_describe(empty: Engine) -> None:
    migrate.migrate(empty)
    assert {"article", "event", "delivery", "subscriber"} <= set(schema(empty))
    with empty.connect() as connection:
        command.check(alembic(connection))  # raises where the models hold something that no migration makes


def test_migrations_can_be_taken_back_and_made_again(empty: Engine) -> None:
    migrate.migrate(empty)
    first = schema(empty)
    with empty.connect() as connection:
        command.downgrade(alembic(connection), "base")
        connection.commit()
    assert schema(empty) == {}
    assert not inspect(empty).get_enums()
    migrate.migrate(empty)
    assert schema(empty) == first


def test_a_migrated_database_is_left_as_it_is(empty: Engine) -> None:
    migrate.migrate(empty)
    before, at = schema(empty), migrate.current(empty)
    migrate.migrate(empty)
    assert (schema(empty), migrate.current(empty)) == (before, at)
    assert at is not None


def test_keys_of_older_versions_become_keys_of_pages(empty: Engine) -> None:
    """The oldest of several gets the key, what has it already keeps it, and a site of its own stays one."""
    before = [
        "http://www.example.cn/a",
        "https://m.example.cn/a",
        "http://example.cn/b",
        "https://example.cn/b",
        "http://m.cn/c",
        "http://3g.com.cn/d",
        "https://wap.www.example.com.cn:8080/e",
        "https://finance.example.cn/f",
    ]
    with empty.connect() as connection:
        command.upgrade(alembic(connection), "0010")
        connection.commit()
        for number, key in enumerate(before):
            row = {"hash": str(number), "key": key}
            insert = "INSERT INTO article (title, text, content_hash, canonical_url) VALUES ('t', 't', :hash, :key)"
            connection.execute(text(insert), row)
        connection.commit()
    migrate.migrate(empty)
    with empty.connect() as connection:
        assert connection.execute(text("SELECT canonical_url FROM article ORDER BY id")).scalars().all() == [
            "https://example.cn/a",
            "https://m.example.cn/a",
            "http://example.cn/b",
            "https://example.cn/b",
            "https://m.cn/c",
            "https://3g.com.cn/d",
            "https://example.com.cn:8080/e",
            "https://finance.example.cn/f",
        ]
        assert connection.scalar(text("SELECT count(*) FROM article WHERE NOT sketched")) == len(before)
        new = "INSERT INTO article (title, text, content_hash) VALUES ('t', 't', 'new') RETURNING sketched"
        assert connection.scalar(text(new))
