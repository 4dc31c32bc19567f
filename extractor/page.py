"""One article laid open for reading: the plain text, its blocks and sentences, and the word boundaries in it.

Words come from rjieba, jieba's Rust twin with the same dictionary: it cuts 24 MB/s where jieba cuts 1.1, and it
shares one dictionary of some 60 MB. jieba's word list says where a name may begin and which match stands mid-word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate

import rjieba

from extractor.lexicon import Hit, Lexicon
from extractor.normalise import Folded
from extractor.once import once
from extractor.phrases import phrases
from extractor.sentences import Sentence, sentences
from extractor.stories import Block, blocks
from extractor.wordlist import Found


@dataclass
class Page:
    """What every recogniser reads. Positions are those of `text`, the folded text: half width, simplified script, wraps
    undone.

    `heard` is what the tagger marks (start, end, probability) where somebody else tells it; None asks the tagger.
    """

    folded: Folded
    lexicon: Lexicon
    published: date | None
    title: str = ""
    heard: tuple[tuple[int, int, float], ...] | None = None
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = self.folded.text

    @once
    def blocks(self) -> tuple[Block, ...]:
        """Headings, paragraphs, list items and table rows, in order."""
        return tuple(blocks(self.text))

    @once
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of all blocks, in order."""
        return tuple(sentences(self.text, self.blocks))

    @once
    def phrases(self) -> Mapping[str, list[Found]]:
        """The phrases of the whole text, by the list they stand in."""
        return phrases(self.text)

    @once
    def known(self) -> tuple[Hit, ...]:
        """The lexicon's names in the text."""
        return tuple(self.lexicon.find(self.text))

    @once
    def words(self) -> tuple[tuple[int, str], ...]:
        """jieba's words of the whole text, each with its start."""
        return tuple(zip(self.starts, self.cut, strict=False))

    @once
    def _tagged(self) -> list[tuple[str, str]]:
        """jieba's words with their parts of speech. Tagging cuts too: the page is cut once, for all who ask."""
        return list(rjieba.tag(self.text))

    @once
    def cut(self) -> list[str]:
        """jieba's words of the whole text."""
        return [word for word, _ in self._tagged]

    @once
    def starts(self) -> tuple[int, ...]:
        """Where each word begins, and where the last one ends."""
        return tuple(accumulate(map(len, self.cut), initial=0))

    @once
    def _number(self) -> dict[int, int]:
        """The number of the word that begins at a position; one more than the last at the text's end."""
        return dict(zip(self.starts, range(len(self.starts)), strict=True))

    @once
    def tagged(self) -> list[list[tuple[str, str]]]:
        """jieba's words of each sentence with their parts of speech; where it cuts across a sentence's ends, as if that
        stood alone."""
        words, number = self._tagged, self._number
        told = []
        for start, end, *_ in self.sentences:
            first, last = number.get(start), number.get(end)
            known = first is not None and last is not None
            told.append(words[first:last] if known else list(rjieba.tag(self.text[start:end])))
        return told

    def beside(self, start: int, end: int) -> tuple[str | None, str | None]:
        """The words before and after a span, nothing at an end of the text; None where jieba cuts no word."""
        words, first, last = self.cut, self._number.get(start), self._number.get(end)
        before = None if first is None else words[first - 1] if first else ""
        after = None if last is None else words[last] if last < len(words) else ""
        return before, after

    def is_edge(self, at: int) -> bool:
        """Whether jieba cuts a word at this position."""
        return at in self._number
