"""A history of any size, made by the database itself: banks, firms, articles, and events that some of them tell.

Everything is spread evenly over three years and over its values, whatever the size, so that a small and a large history
differ in their size and in nothing else: one of forty banks tells a fortieth, a firm has fifty events.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from api.resources.watchlists import subjects
from core.instruments import INSTRUMENTS, STATUSES
from core.plain import grams, plain

BANKS, EACH_FIRM = 40, 50
PLACES = tuple(
    (province, city)
    for province, cities in {
        "江苏": ("苏州", "南京", "无锡"), "浙江": ("杭州", "宁波", "温州"), "广东": ("广州", "深圳", "东莞"),
        "山东": ("济南", "青岛", "烟台"), "湖北": ("武汉", "襄阳", "宜昌"), "四川": ("成都", "绵阳", "宜宾"),
    }.items()
    for city in cities
)  # fmt: skip
SECTORS = tuple(one.slug for one in subjects.sectors())
TEXTS = 20_000  # different texts, from which articles draw
WORDS = ("贷款", "授信", "科技", "企业", "园区", "设备", "研发", "质押", "订单", "产线", "专利", "团队", "样机", "客户",
         "市场", "材料", "芯片", "电池", "机器", "软件", "医疗", "海洋", "农业", "物流", "担保",
         "利率", "期限", "经理")  # fmt: skip
_SPAN = "interval '3 years'"
_TABLES = ("article", "article_index", "event", "evidence", "quote_index")
_INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(%s) "
    "AND indexname NOT IN (SELECT conname FROM pg_constraint)"
)


def _any(of: str, many: str, salt: int) -> str:
    """A number below `many` that `of` decides, spread evenly."""
    return f"((hashint8extended({of}, {salt}) & 2147483647) %% ({many}))"


# Most events are told within two months; one in twenty is a look back of up to two years, and of one in twenty only the
# year is told, which ends after it was told.
_AGO = (
    f"interval '1 day' * CASE WHEN {_any('made.n', '20', 16)} > 0 THEN {_any('made.n', '60', 14)} "
    f"ELSE {_any('made.n', '730', 17)} END"
)
_STEPS = (
    "SET LOCAL session_replication_role = replica",  # nothing to check: the rows below belong together
    "INSERT INTO bank (name, kind) SELECT '样例银行' || n, 'city' FROM generate_series(1, %(banks)s) AS n "
    "ON CONFLICT DO NOTHING",
    "INSERT INTO bank_alias (bank_id, key, alias) SELECT id, name, name FROM bank WHERE name LIKE '样例银行%%' "
    "ON CONFLICT DO NOTHING",
    "INSERT INTO firm (name, tech, origin) SELECT '样例智能科技第' || n || '有限公司', true, 'learnt' "
    "FROM generate_series((SELECT count(*) FROM firm WHERE name LIKE '样例智能科技第%%') + 1, %(firms)s) AS n",
    "INSERT INTO firm_alias (firm_id, key, alias) SELECT id, name, name FROM firm WHERE name LIKE '样例智能科技第%%' "
    "ON CONFLICT DO NOTHING",
    "CREATE TEMP TABLE a_bank AS SELECT row_number() OVER () - 1 AS n, id FROM bank WHERE name LIKE '样例银行%%'",
    "CREATE TEMP TABLE a_firm AS SELECT row_number() OVER () - 1 AS n, id FROM firm WHERE name LIKE '样例智能科技第%%'",
    "CREATE TEMP TABLE made AS SELECT n, uuidv7(-ago) AS article_id, uuidv7(-ago) AS event_id, now() - ago AS at "
    f"FROM (SELECT n, {_SPAN} * ({_any('n', '1000000', 1)} / 1000000.0) AS ago FROM generate_series("
    "(SELECT count(*) FROM article) + 1, (SELECT count(*) FROM article) + %(articles)s) AS n) AS them "
    "ORDER BY ago DESC",
    "ALTER TABLE made ADD PRIMARY KEY (n)",
    "ANALYZE made, a_bank, a_firm, a_text, a_place",
    "INSERT INTO article (id, title, text, content_hash, state, source_name, url, published, fetched_at) "
    "SELECT article_id, a_text.title, a_text.text, 'bench' || made.n, 'done', "
    f"'样例财经' || {_any('made.n', '30', 15)}, "
    "'https://news.example.com/' || made.n, at, at FROM made "
    f"JOIN a_text ON a_text.n = {_any('made.n', '%(texts)s', 2)} ORDER BY article_id",
    "INSERT INTO article_index (article_id, grams) SELECT article_id, a_text.grams FROM made "
    f"JOIN a_text ON a_text.n = {_any('made.n', '%(texts)s', 2)} ORDER BY article_id",
    "DELETE FROM made WHERE n %% (%(articles)s / %(events)s) > 0",
    "INSERT INTO event (id, bank_id, firm_id, branch, instrument, instrument_text, amount_min, amount_max, currency, "
    "qualifier, date, date_from, date_to, status, tech, sector, regions, confidence, first_seen, last_seen, state) "
    "SELECT event_id, a_bank.id, a_firm.id, a_place.city || '分行', "
    f"(%(instruments)s::text[])[1 + {_any('made.n', str(len(INSTRUMENTS)), 5)}], '贷款', sum, sum, "
    "CASE WHEN sum IS NOT NULL THEN 'CNY' END, CASE WHEN sum IS NOT NULL THEN 'exact' END, day::text, day, last, "
    f"(%(statuses)s::text[])[1 + {_any('made.n', str(len(STATUSES)), 6)}], {_any('made.n', '3', 7)} > 0, "
    f"(%(sectors)s::text[])[1 + {_any('made.n', '%(sector_count)s', 8)}], ARRAY[a_place.province, a_place.city], "
    f"0.5 + {_any('made.n', '50', 9)} / 100.0, at, at, CASE WHEN {_any('made.n', '40', 10)} > 0 THEN 'live' "
    "ELSE 'retracted' END FROM made "
    f"JOIN a_bank ON a_bank.n = {_any('made.n', '%(banks)s', 3)} "
    f"JOIN a_firm ON a_firm.n = {_any('made.n', '%(firms)s', 4)} "
    f"JOIN a_place ON a_place.n = {_any('made.n', '%(places)s', 11)} "
    f"CROSS JOIN LATERAL (SELECT CASE WHEN {_any('made.n', '20', 12)} > 0 THEN 1e6 * (1 + {_any('made.n', '500', 13)}) "
    f"END AS sum, (at - {_AGO})::date AS day) AS told "
    f"CROSS JOIN LATERAL (SELECT CASE WHEN {_any('made.n', '20', 18)} > 0 THEN day ELSE "
    "(date_trunc('year', at) + interval '1 year - 1 day')::date END AS last) AS until ORDER BY event_id",
    'INSERT INTO evidence (event_id, article_id, position, start, "end", quote, facts, confidence) '
    "SELECT event_id, article_id, 0, 0, length(a_text.text), a_text.text, '{}', 0.9 FROM made "
    f"JOIN a_text ON a_text.n = {_any('made.n', '%(texts)s', 2)} ORDER BY event_id",
    "INSERT INTO quote_index (evidence_id, plain, grams) SELECT evidence.id, a_text.plain, a_text.grams FROM made "
    f"JOIN evidence USING (event_id) JOIN a_text ON a_text.n = {_any('made.n', '%(texts)s', 2)}",
    "DROP TABLE made, a_bank, a_firm, a_text, a_place",
)


def fill(connection: psycopg.Connection[Any], events: int, *, articles: int | None = None) -> None:
    """Add so many events to the history, each told by one article, and `articles` in all (a multiple); analysed."""
    firms = max(1, (_count(connection, "event") + events) // EACH_FIRM)
    sizes = {"banks": BANKS, "firms": firms, "events": events, "articles": articles or events, "texts": TEXTS}
    lists = {"instruments": list(INSTRUMENTS), "statuses": list(STATUSES), "sectors": list(SECTORS)}
    connection.execute("SET maintenance_work_mem = '512MB'")
    connection.execute("SET work_mem = '256MB'")
    _words(connection)
    with _bare(connection):
        for step in _STEPS:
            connection.execute(step, {**sizes, **lists, "sector_count": len(SECTORS), "places": len(PLACES)})
    connection.commit()
    connection.autocommit = True
    connection.execute(f"VACUUM ANALYZE {', '.join((*_TABLES, 'firm', 'firm_alias'))}")
    connection.autocommit = False


def _words(connection: psycopg.Connection[Any]) -> None:
    """The texts and the places that rows draw from."""
    connection.execute("CREATE TEMP TABLE a_text (n bigint, title text, text text, plain text, grams int[])")
    connection.execute("CREATE TEMP TABLE a_place (n bigint, province text, city text)")
    chance = random.Random(6)
    with connection.cursor() as cursor:
        with cursor.copy("COPY a_text FROM STDIN") as rows:
            for number in range(TEXTS):
                title, text = f"样例银行办理{rare(number)}", _sentence(chance, number)
                folded = plain(text).text
                rows.write_row((number, title, text, folded, sorted({*grams(plain(title).text), *grams(folded)})))
        with cursor.copy("COPY a_place FROM STDIN") as rows:
            for number, (province, city) in enumerate(PLACES):
                rows.write_row((number, province, city))


def rare(number: int) -> str:
    """A word of two signs that no other text holds."""
    return chr(0x5000 + number // 150) + chr(0x7000 + number % 150)


def _sentence(chance: random.Random, number: int) -> str:
    """Eight words, the first of them the most common, and one that is rare."""
    weights = [1 / (place + 1) for place in range(len(WORDS))]
    return "样例银行" + "".join(chance.choices(WORDS, weights, k=8)) + rare(number)


def _count(connection: psycopg.Connection[Any], table: str) -> int:
    [[count]] = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    return int(count)


@contextmanager
def _bare(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Without the indexes that no constraint needs: to make them at the end takes a tenth of the time."""
    dropped = connection.execute(_INDEXES, [list(_TABLES)]).fetchall()
    for name, _ in dropped:
        connection.execute(f'DROP INDEX "{name}"')
    yield
    for _, how in dropped:
        connection.execute(how)
