"""A history of any size, made by the database itself: banks, firms, and events each told by one article."""

from typing import Any

import psycopg

BANKS, FIRMS = 40, 5000
_STEPS = (
    "INSERT INTO bank (name, kind) SELECT '样例银行' || n, 'city' FROM generate_series(1, %(banks)s) AS n "
    "ON CONFLICT DO NOTHING",
    "INSERT INTO firm (name, tech, origin) SELECT '样例智能科技第' || n || '有限公司', true, 'learnt' "
    "FROM generate_series(1, %(firms)s) AS n ON CONFLICT DO NOTHING",
    "INSERT INTO firm_alias (firm_id, key, alias) SELECT id, name, name FROM firm WHERE name LIKE '样例智能科技第%%' "
    "ON CONFLICT DO NOTHING",
    "CREATE TEMP TABLE made AS SELECT uuidv7() AS event_id, uuidv7() AS article_id, n, "
    "now() - n * interval '37 s' AS at FROM generate_series(1, %(events)s) AS n",
    "CREATE TEMP TABLE a_bank AS SELECT row_number() OVER () - 1 AS n, id FROM bank WHERE name LIKE '样例银行%%'",
    "CREATE TEMP TABLE a_firm AS SELECT row_number() OVER () - 1 AS n, id FROM firm WHERE name LIKE '样例智能科技第%%'",
    "ANALYZE made, a_bank, a_firm",
    "INSERT INTO article (id, title, text, content_hash, state, source_name, url, published, fetched_at) "
    "SELECT article_id, '样例银行为科技企业办理第' || n || '笔贷款', '正文', 'bench' || article_id, 'done', "
    "'示例财经', 'https://news.example.com/' || n, at, at FROM made",
    "INSERT INTO event (id, bank_id, firm_id, branch, instrument, instrument_text, amount_min, amount_max, currency, "
    "qualifier, date, date_from, date_to, status, tech, regions, confidence, first_seen, last_seen) "
    "SELECT event_id, a_bank.id, a_firm.id, '苏州分行', 'tech_loan', '科创贷', made.n * 1000, made.n * 1000, 'CNY', "
    "'exact', '2026-03', '2026-03-01', '2026-03-31', 'granted', made.n %% 3 > 0, '{江苏,苏州}', 0.9, at, at "
    "FROM made JOIN a_bank ON a_bank.n = made.n %% (SELECT count(*) FROM a_bank) "
    "JOIN a_firm ON a_firm.n = made.n %% (SELECT count(*) FROM a_firm)",
    'INSERT INTO evidence (event_id, article_id, position, start, "end", quote, facts, confidence) '
    "SELECT event_id, article_id, 0, 0, 40, '样例银行苏州分行向样例智能科技发放科创贷' || n || '元，期限两年。', '{}', "
    "0.9 FROM made",
    "DROP TABLE made, a_bank, a_firm",
)


def fill(connection: psycopg.Connection[Any], events: int) -> None:
    """Add so many events to the history, newest first seen a moment ago; the tables are analysed."""
    given = {"banks": BANKS, "firms": FIRMS, "events": events}
    for step in _STEPS:
        connection.execute(step, given)
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE event, evidence, article, firm_alias")
    connection.autocommit = False
