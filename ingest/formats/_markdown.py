"""Markdown as readable text: headings, lists and tables stay as they are, marks inside sentences go.

A name in bold (`**样例银行**苏州分行`) would otherwise not be found, and a link's address be read as text. What is no
mark stays: `3*5`, `10~20`. Every pattern stops at the next mark or line end, so time grows with length alone.
"""

import re

_PICTURE = re.compile(r"!\[[^\[\]\n]*\]\([^()\n]*\)")
_LINK = re.compile(r"\[([^\[\]\n]*)\]\([^()\n]*\)")
_ADDRESS = re.compile(r"^ {0,3}\[[^\[\]\n]+\]:[ \t]*\S[^\n]*\n?", re.MULTILINE)  # of links, told at the end
_REFERENCE = re.compile(r"\[([^\[\]\n]*)\]\[[^\[\]\n]*\]")
_STRONG = re.compile(r"(\*\*|__|~~)(?=\S)([^*_~\n]+)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![0-9A-Za-z*\\])\*(?=\S)([^*\n]+)(?<=\S)\*(?![0-9A-Za-z*])")
_CODE = re.compile(r"`([^`\n]+)`")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~>])")


def unmarked(text: str) -> str:
    """`text` without what Markdown needs inside lines, and without lines that only draw."""
    shorter = _ADDRESS.sub("", text)
    if len(shorter) < len(text):
        shorter = _REFERENCE.sub(r"\1", shorter)
    text = _LINK.sub(r"\1", _PICTURE.sub("", shorter))
    text = _STRONG.sub(r"\2", _STRONG.sub(r"\2", _without_drawing(text)))
    return _ESCAPED.sub(r"\1", _CODE.sub(r"\1", _EMPHASIS.sub(r"\1", text)))


def _without_drawing(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not _draws(line.strip()))


def _draws(line: str) -> bool:
    """Fences, rules, underlines of headings, the line under a table's header."""
    return line.startswith(("```", "~~~")) or (len(line) > 2 and not line.strip("|-:=* \t"))
