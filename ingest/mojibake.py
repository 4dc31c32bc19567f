"""Repairs text that was read in a wrong encoding before it was written in a right one (mojibake).

Three such misreadings are common in Chinese pages, the last also doubled:

- UTF-8 read as GBK: 公司 became 鍏徃,
- GBK read as Latin-1: 中国 became ÖÐ¹ú,
- UTF-8 read as Latin-1: 中国 became ä¸­å›½.

Each leaves a pattern that no text has by itself. Only where that stands is anything tried, line by line, and only
what then reads as Chinese is taken: good text is never touched.
"""

import re

from ingest.chinese import PLAUSIBLE, common_share

# cp1252's characters of the bytes 80 to 9F, five of which it leaves out and decoders keep as they are
_CP1252 = {bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(0x80, 0xA0)}
_BYTES = {ord(char): byte for char, byte in _CP1252.items()}
_UPPER = "".join(map(re.escape, _CP1252)) + "\x80-\x9f"  # the bytes 80 to 9F as a class, in cp1252 or Latin-1
_TRAIL = f"{_UPPER}\xa0-\xbf"  # the bytes 80 to BF

# Patterns for the whole text begin with a class of characters, for which `re` searches fast.
_UTF8_SIGN = re.compile(f"[\xc2-\xf4][{_TRAIL}]")
_UTF8 = re.compile(f"(?:[\xc2-\xdf][{_TRAIL}]|[\xe0-\xef][{_TRAIL}]{{2}}|[\xf0-\xf4][{_TRAIL}]{{3}})+")
_GBK_SIGN = re.compile("[\xb0-\xf7][\xa1-\xfe]" * 3)
_GBK = re.compile(f"[\\x20-\\x7e{_UPPER}\xa0-\xff]+")
# the GBK characters of the bytes E4 80 to E9 BF, with which each Chinese character of UTF-8 begins
_LEADS = "".join(
    bytes([lead, trail]).decode("gbk", "ignore") for lead in range(0xE4, 0xEA) for trail in range(0x80, 0xC0)
)
_AS_GBK_SIGN = re.compile(f"[{_LEADS}][^\x00-\x7f]{{2}}" * 2)
_AS_GBK = re.compile("[^\x00-\x7f]+(?:[?A-z][^\x00-\x7f]+)*[?A-z]?")
_SIGNS = "\u2010-\u2027\u2030\u203b\u2103\u3000-\u303f\uff00-\uffef"
_CHINESE = re.compile(f"[{_SIGNS}\u3400-\u9fff\uf900-\ufaff]")
_TOLD = re.compile(f"[{_SIGNS}\u3400-\u9fff\uf900-\ufaff\xa0°±·×]+")
_LOST = re.compile("\ufffd[?\ufffd]*")
_MOST_LOST = 0.15  # share of characters; a misreading loses some bytes for good
_DEPTH = 3  # misreadings over one another


def repaired(text: str) -> str:
    """`text`, with what was misread put right."""
    if not text.encode("latin-1", "ignore").isascii():  # in a hundredth of the time that a pattern takes
        if _UTF8_SIGN.search(text):
            text = _UTF8.sub(_from_utf8, text)
        if _GBK_SIGN.search(text):
            text = _GBK.sub(_from_gbk, text)
    if _AS_GBK_SIGN.search(text):
        text = _AS_GBK.sub(_from_utf8_as_gbk, text)
    return text


def _from_utf8(found: re.Match[str]) -> str:
    """Undone as often as it was done; nothing where no Chinese comes of it."""
    told = found[0]
    for _ in range(_DEPTH):
        try:
            told = _latin(told).decode()
        except UnicodeError:
            return found[0]
        if _TOLD.fullmatch(told) and _CHINESE.search(told):
            return told
    return found[0]


def _latin(text: str) -> bytes:
    return text.translate(_BYTES).encode("latin-1")


def _from_gbk(found: re.Match[str]) -> str:
    if not _GBK_SIGN.search(found[0]):
        return found[0]
    told = _latin(found[0]).decode("gb18030", "replace")
    return told if _is_better(told, "") else found[0]


def _from_utf8_as_gbk(found: re.Match[str]) -> str:
    """GBK's decoders make € of the byte 80, and ? or U+FFFD of what they cannot read."""
    if not _AS_GBK_SIGN.search(found[0]):
        return found[0]
    try:
        raw = found[0].replace("\ufffd", "?").replace("€", "\udc80").encode("gb18030", "surrogateescape")
    except UnicodeError:
        return found[0]
    told = _LOST.sub("\ufffd", raw.decode("utf-8", "replace"))
    return told if _is_better(told, found[0]) else found[0]


def _is_better(told: str, before: str) -> bool:
    """Whether `told` is Chinese of the common kind, of several characters, and what it was before is not."""
    share, count = common_share(told)
    lost = told.count("\ufffd") / max(1, len(told))
    return (
        lost <= _MOST_LOST
        and count >= 3
        and len(set(told)) >= 3
        and share >= max(PLAUSIBLE, common_share(before)[0] + 0.3)
    )
