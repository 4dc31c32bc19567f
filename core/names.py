"""The folded form in which names are compared, and the names that may not be watched."""

import unicodedata

# Words that stand in nearly every article: watching one would be watching everything (DESIGN.md, "One pool of news").
GENERIC = frozenset(
    {"银行", "公司", "企业", "集团", "有限公司", "股份有限公司", "商业银行", "科技", "分行", "支行", "贷款"}
)
_DROPPED = str.maketrans("", "", " \t\r\n\u3000·•“”\"'‘’《》「」")


def fold(name: str) -> str:
    """`name` width-folded (NFKC), lower-cased, without white space, quotes and middle dots; brackets half-width."""
    return unicodedata.normalize("NFKC", name).translate(_DROPPED).lower()


def refuse_generic(name: str) -> str:
    """The folded `name`; raises ValueError with the reason where it is one character or a generic word."""
    key = fold(name)
    if len(key) < 2:
        raise ValueError(f"{name!r} is too short to be watched: a name has two characters or more")
    if key in GENERIC:
        raise ValueError(f"{name!r} is a generic word that stands in nearly every article")
    return key
