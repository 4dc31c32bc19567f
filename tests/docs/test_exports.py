"""Whoever opens a file finds each of its columns told."""

import pytest

from api.resources.exports.tables import TABLES, Table
from tests.docs import pages


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.name)
def test_every_column_of_an_export_is_told(table: Table) -> None:
    told = pages.section("docs/api.md", f"`GET /v1/exports/{table.name}`")
    assert pages.named(told) == {column.name for column in table.columns}
