"""What jieba knows of a word, remembered: a call into rjieba costs some 10 µs, and articles repeat their words."""

from __future__ import annotations

import rjieba

from extractor.remembered import remembered


@remembered(100_000)
def tag_of(word: str) -> str:
    """jieba's part of speech of a word by itself (n, v, ns, nr, nz …); x for an empty one."""
    tags = rjieba.tag(word)
    return str(tags[0][1]) if tags else "x"


@remembered(50_000)
def tagged(text: str) -> tuple[tuple[str, str], ...]:
    """jieba's words of a short piece of text, each with its part of speech."""
    return tuple(rjieba.tag(text))


@remembered(100_000)
def is_word(word: str) -> bool:
    """Whether jieba's dictionary has a word."""
    return bool(rjieba.has_word(word))


@remembered(20_000)
def cut(text: str) -> tuple[str, ...]:
    """jieba's words of a short piece of text."""
    return tuple(rjieba.cut(text))
