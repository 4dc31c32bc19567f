"""The order of the news: rows of `news` are numbered once they are committed, by one process at a time.

Transactions commit in another order than they begin, so that neither a sequence nor a time of theirs tells what a
reader has seen. What is numbered here is committed already, and the lock is held until the numbers are, too: whoever
has seen a number has seen, or can see, all that are lower. So "all after the last number that I have" loses nothing
and repeats nothing.
"""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.models import News

MOST = 1000  # rows numbered in one transaction
OPEN = select(News.event_id).where(News.number.is_(None))

_TURN = text("SELECT pg_try_advisory_xact_lock(hashtext('news'))")
_NUMBER = text("""
UPDATE news SET number = placed.number
FROM (
    SELECT event_id, version, nextval('news_number') AS number
    FROM (
        SELECT event_id, version FROM news WHERE number IS NULL ORDER BY made_at, event_id, version LIMIT :most
    ) AS waiting
) AS placed
WHERE (news.event_id, news.version) = (placed.event_id, placed.version)
""")


def number_news(session: Session) -> int:
    """Number what is committed and has no number yet; how many rows. 0 where another process is about it."""
    if not session.scalar(_TURN):
        return 0
    session.execute(text("SET LOCAL synchronous_commit = on"))  # a number that was seen must not be given again
    made = session.execute(_NUMBER, {"most": MOST})
    return int(made.rowcount)  # type: ignore[attr-defined]
