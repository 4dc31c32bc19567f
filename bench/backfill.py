"""An archive of small articles into the history by `yinqi ingest`, beside the same rows inserted with nothing else.

Both write into a real PostgreSQL, in one run. The command is a process of its own, whose memory is looked at while it
reads the first tenth of the archive and while it reads the last. A second run shows what it costs to go on.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from sqlalchemy.engine import make_url

from bench.report import Row, say
from bench.stack import Broken, servers_alone
from ingest.draft import content_hash
from ingest.urls import canonical

ARTICLES = 100_000
MEGABYTE = 1e6
_BARE_BATCH = 200  # as the command's
_INSERT = (
    "INSERT INTO article (title, text, url, canonical_url, content_hash, published, quiet, later, sent_at) "
    "VALUES (%s, %s, %s, %s, %s, %s, true, true, NULL)"
)


@dataclass(frozen=True)
class _Ran:
    seconds: float
    early: float  # MB resident
    late: float
    output: str


def run(articles: int = ARTICLES) -> list[Row]:
    """Articles a second, against bare inserts; memory early and late; what a second run takes."""
    with servers_alone({}) as (folder, environment):
        archive = folder / "archive.jsonl"
        _write(archive, articles)
        say("backfill: bare inserts")
        bare = _bare(environment["YINQI_DATABASE_URL"], articles)
        say("backfill: yinqi ingest")
        first = _ingest(archive, environment)
        if f"{articles} stored" not in first.output:
            raise Broken(f"of {articles} articles: {first.output}")
        again = _ingest(archive, environment)
    return [
        Row(f"{articles:,} articles by yinqi ingest", f"{articles / first.seconds:,.0f}/s", f"{first.seconds:.1f} s"),
        Row(
            "the same rows inserted with nothing else", f"{articles / bare:,.0f}/s", f"{first.seconds / bare:.1f} times"
        ),
        Row("resident memory, early and late", f"{first.early:.0f}, {first.late:.0f} MB"),
        Row("the same command again", f"{again.seconds:.1f} s", again.output.replace("\n", "; ").strip("; ")),
    ]


def _rows(articles: int) -> Iterator[dict[str, Any]]:
    """Articles that share no sentence, as those of an archive do not."""
    chance = random.Random(5)
    signs = [chr(code) for code in range(0x4E00, 0x4E00 + 2_000)]
    for n in range(articles):
        told = "".join(chance.choices(signs, k=60))
        text = f"样例银行向第{n}家样例企业发放贷款{n % 9000 + 100}万元。{told}。"
        yield {"title": f"第{n}条", "text": text, "published": "2025-01-02", "url": f"https://news.example.com/{n}"}


def _write(path: Path, articles: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in _rows(articles):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _bare(database_url: str, articles: int) -> float:
    """Seconds for the rows, in batches of one transaction each; they are taken away again."""
    url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    values = [
        (row["title"], row["text"], row["url"], canonical(row["url"]), content_hash(row["title"], row["text"]))
        for row in _rows(articles)
    ]
    with psycopg.connect(url, autocommit=True) as connection:
        started = time.monotonic()
        for group in _batched(values):
            with connection.transaction():
                for one in group:
                    connection.execute(_INSERT, (*one, "2025-01-02T00:00:00Z"), prepare=True)
        seconds = time.monotonic() - started
        connection.execute("TRUNCATE article CASCADE")
    return seconds


def _batched(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _BARE_BATCH):
        yield values[start : start + _BARE_BATCH]


def _ingest(path: Path, environment: dict[str, str]) -> _Ran:
    started = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "cli", "ingest", str(path)], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        seen = []
        while process.poll() is None:
            seen.append(psutil.Process(process.pid).memory_info().rss / MEGABYTE)
            time.sleep(0.1)
        output = process.stdout.read() if process.stdout else ""
    seconds = time.monotonic() - started
    tenth = max(1, len(seen) // 10)
    return _Ran(seconds, max(seen[: 2 * tenth]), max(seen[-tenth:]), output)
