"""The canary: a made-up article each minute that walks the whole chain and shows nowhere but in /v1/health."""

from uuid import uuid4

from core.clock import now
from core.models import Article

BANK = "工商银行"
FIRM = "银企金丝雀科技有限公司"


def article() -> Article:
    """A canary article, unlike every other, so that deduplication does not stop it; it tells one event."""
    mark = uuid4().hex
    moment = now()
    return Article(
        title="金丝雀",
        text=f"{BANK}向{FIRM}发放流动资金贷款100万元。编号{mark}。",
        published=moment,
        content_hash=f"canary-{mark}",
        canary=True,
        quiet=True,
    )
