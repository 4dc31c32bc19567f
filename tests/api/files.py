"""Files that are taken away, each read back by a reader that is not ours."""

import csv
import io
import json
from typing import Any

import httpx
import openpyxl
import pyarrow.parquet
from openpyxl.utils.escape import unescape
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.api import rows


def read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "Excel must know that it is UTF-8"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes) -> list[list[Any]]:
    """All sheets' rows; what ECMA-376 codes in texts is for the reader to decode, which openpyxl leaves to its user."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = [list(row) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
    return [[unescape(cell) if isinstance(cell, str) else cell for cell in row] for row in found]


def read_jsonl(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.decode().splitlines()]


def read_parquet(content: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist()
    return found


def export(client: httpx.Client, table: str = "events", **asked: Any) -> httpx.Response:
    answer = client.get(f"/v1/exports/{table}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer


def listed(client: httpx.Client, table: str = "events", **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/v1/{table}", params=asked).json()["items"]
    return found


def many(session: Session, count: int) -> None:
    """So many events, of one bank and firm."""
    bank, firm = rows.bank(session), rows.firm(session)
    session.execute(
        text(
            "INSERT INTO event (bank_id, firm_id, instrument, instrument_text, status, tech, confidence, first_seen) "
            "SELECT :bank, :firm, 'loan', repeat(md5(n::text), 8), 'granted', true, 0.9, now() - n * interval '1 s' "
            "FROM generate_series(1, :count) AS n"
        ),
        {"bank": bank.id, "firm": firm.id, "count": count},
    )
    session.commit()
