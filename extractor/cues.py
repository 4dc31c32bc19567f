"""The cheap first look: an article without a financing word near a bank's word is not read any further.

Most news names no bank at all. So it is asked first whether a bank's word stands anywhere, by patterns that begin with
one plain character and so run at the speed of a search for it; only then where, and what stands near.
"""

from __future__ import annotations

import re

_BANK = re.compile(
    r"银行|分行|支行|[工农中建交招]行|邮储|农商|农信|国开行|进出口行|该行|[工农中交兴招浦信]银(?:投资|金投|金资|资产)|建信投资|金租|金融租赁|投资有限|AIC"
)
_MONEY = re.compile(
    r"贷|授信|融资|保理|代发|结算|保函|承兑|贴现|信用证|福费廷|租赁|承销|债券|银团|承诺函|合作|股权投资|现金管理|账户|资产池|额度|借款|放款|票据|科创债"
)
_REACH = 300

# What every match of _BANK holds: 行 after one of these characters, or one of these words
_LANE = re.compile(r"行(?<=[银分支工农中建交招该开口]行)")
_WORD = re.compile(
    r"[储商信租投资限](?:(?<=邮储)|(?<=农[商信])|(?<=金租)|(?<=金融租)|(?<=[银信]投)|(?<=银资)|(?<=投资有限))|银金|AIC"
)


def worth_reading(text: str) -> bool:
    """Whether an article may tell an event at all: a financing word stands within some sentences of a bank's."""
    if _LANE.search(text) is None and _WORD.search(text) is None:
        return False
    return any(_MONEY.search(text, max(0, bank.start() - _REACH), bank.end() + _REACH) for bank in _BANK.finditer(text))
