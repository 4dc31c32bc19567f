"""A thousand short stories of the tests' own writing, and what must be told of them: what `extract` reads in each.

Firms are invented, each of two syllables that no other has in this order; banks are those of the shipped register.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle, islice, product
from typing import Any, NamedTuple

from extractor import Lexicon, extract
from seeds.registers import read_banks, read_firms

WATCHED = ("杭州银行", "南京银行", "宁波银行", "江苏银行", "成都银行", "长沙银行")
OTHERS = ("招商银行", "兴业银行", "浙商银行", "北京银行", "徽商银行", "西安银行")
SHARES = {"grant": 200, "retold": 40, "unwatched": 160, "mention": 300, "nothing": 300}
"""How many articles of each kind: 1,000. A bot's pace is 18 messages a minute, so that 200 events for its channel are
far more than it takes one by one, and no more than it takes gathered within two minutes."""

_FIRST = "澄岚晶曜楚荻沐砚昀霁朔芷骁翎珏岱弘绮煦铎"
_SECOND = "湖谷泽屿川汀野津衡图穹迹梭笙槿麓禾序辰汐"
_TRADES = ("量子科技", "传感技术", "智能装备", "生物科技", "新材料科技")
_LOANS = ("流动资金贷款", "知识产权质押贷款", "科技创新贷款")
_TELLINGS = (
    "本报讯 {bank}向{firm}发放{loan}{amount}万元，用于扩建产线。",
    "记者获悉，{firm}获得{bank}{loan}{amount}万元，资金将投入研发。",
    "近日，{bank}为{firm}发放{loan}{amount}万元，企业据此添置了设备。",
)
_RETOLD = "据多家媒体报道，{bank}向{firm}发放{loan}{amount}万元，当地同行对此多有议论。"
_MENTION = "{bank}昨日在网点举办第{number}场理财讲座，到场居民就存款安全提出了不少问题。"
_NOTHING = "本市第{number}条公交线路今起调整站点，乘客可在站牌上查看新的时刻表。"


class Fact(NamedTuple):
    """An event by what tells it apart here: bank, firm, instrument, amount in yuan."""

    bank: str
    firm: str
    instrument: str
    amount: float


@dataclass(frozen=True)
class News:
    """The articles as they are pushed, and the facts that a watcher of `WATCHED` must be told."""

    articles: Sequence[dict[str, Any]]
    expected: frozenset[Fact]


def news(today: date, **shares: int) -> News:
    """The articles of all kinds (`shares` of them, default: `SHARES`), mixed, and what the engine reads in them."""
    shares = SHARES | shares
    grants = list(_grants(WATCHED, shares["grant"]))
    banks = islice(cycle(WATCHED + OTHERS), shares["mention"])
    others = _grants(OTHERS, shares["unwatched"], skip=len(grants))
    kinds = [
        [_TELLINGS[n % len(_TELLINGS)].format(**one) for n, one in enumerate(grants)],
        [_RETOLD.format(**one) for one in grants[: shares["retold"]]],
        [_TELLINGS[0].format(**one) for one in others],
        [_MENTION.format(bank=bank, number=n) for n, bank in enumerate(banks)],
        [_NOTHING.format(number=n) for n in range(shares["nothing"])],
    ]
    texts = _mixed(kinds)
    articles = [{"title": f"快讯{n}", "text": text, "source": "样例快报"} for n, text in enumerate(texts)]
    return News(articles, frozenset(_read(articles, today)))


def fact_of(event: dict[str, Any]) -> Fact:
    """The fact that an alert's event tells."""
    return Fact(event["bank"]["name"], event["firm"]["name"], event["instrument"], event["amount"]["min"])


def _grants(banks: Sequence[str], count: int, *, skip: int = 0) -> Iterable[dict[str, Any]]:
    syllables = islice(product(_FIRST, _SECOND), skip, skip + count)
    for n, ((first, second), bank) in enumerate(zip(syllables, cycle(banks), strict=False)):
        firm = f"{first}{second}{_TRADES[n % len(_TRADES)]}有限公司"
        yield {"bank": bank, "firm": firm, "loan": _LOANS[n % len(_LOANS)], "amount": 300 + 10 * n}


def _mixed(kinds: Sequence[Sequence[str]]) -> list[str]:
    """All of them in an order in which each kind is spread evenly, and a telling comes before its retelling."""
    placed = [
        ((n + 1) / (len(kind) + 1), number, text) for number, kind in enumerate(kinds) for n, text in enumerate(kind)
    ]
    return [text for _, _, text in sorted(placed)]


def _read(articles: Iterable[dict[str, Any]], today: date) -> Iterable[Fact]:
    """What the pure engine reads of watched banks, one by one, with the shipped registers."""
    lexicon = Lexicon.build(read_banks(), read_firms())
    for article in articles:
        found = extract(title=article["title"], text=article["text"], published=today, lexicon=lexicon)
        for event in found.events:
            told = event.as_gold()
            if told["bank"] in WATCHED and told["tech"]:
                yield Fact(told["bank"], told["firm"], told["instrument"], told["amount"]["min"])
