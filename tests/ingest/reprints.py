"""What becomes of a text where it is printed once more: each change alone, and several one after another."""

from collections.abc import Callable, Iterator
from random import Random

from tests.ingest.templates import TEMPLATES

HEADLINES = (
    "这笔资金来得正是时候",
    "金融支持实体经济的一个样本",
    "一线观察：资金怎样到企业",
    "银行与企业携手",
    "今日快讯",
)
OUTLETS = ("样例日报", "云州晚报", "南屏财经网", "海曲新闻客户端")
PEOPLE = ("周远", "许知言", "欧阳澄", "何田田 通讯员 方圆")
Change = Callable[[str, str, Random], tuple[str, str]]


def another_headline(title: str, text: str, chance: Random) -> tuple[str, str]:
    return chance.choice(HEADLINES), text


def headline_with_site(title: str, text: str, chance: Random) -> tuple[str, str]:
    mark = chance.choice(("{} - {}", "{}_{}", "【快讯】{}（图）"))
    return mark.format(title, chance.choice(OUTLETS)), text


def another_byline(title: str, text: str, chance: Random) -> tuple[str, str]:
    person = chance.choice(PEOPLE)
    text = text.replace("（记者 林夏）", chance.choice((f"（记者 {person}）", f"（本报记者{person}）", "")))
    return title, f"{chance.choice(('记者 ', '作者：', '文/', '本报记者 '))}{person}\n{text}"


def furniture(title: str, text: str, chance: Random) -> tuple[str, str]:
    outlet, person = chance.choice(OUTLETS), chance.choice(PEOPLE[:3])
    minute, day, read = chance.randint(10, 59), chance.randint(0, 9), chance.randint(1, 99999)
    above = (
        *(f"来源：{outlet}", f"2026-03-13 08:{minute} 来源：{outlet}", f"发布时间：2026-03-1{day}"),
        *("【字体：大 中 小】", f"阅读量：{read}", "首页 > 财经 > 正文"),
    )
    below = (
        *(f"（责任编辑：{person}）", f"责编：{person}", f"编辑：{person} 审核：{person}", "分享到：微信 微博"),
        *("【打印】【关闭】", "（完）", "版权声明：转载请注明出处。", "扫一扫，关注我们", "阅读全文>>"),
        "未经授权，不得转载",
    )
    before = chance.sample(above, chance.randint(0, 3))
    return title, "\n".join([*before, text, *chance.sample(below, chance.randint(1, 3))])


def dateline(title: str, text: str, chance: Random) -> tuple[str, str]:
    return title, chance.choice(
        ("本报讯 ", "云州晚报讯：", "样例社云州3月13日电 ", "本报云州讯 ", "（记者 周远）")
    ) + text


def headline_once_more(title: str, text: str, chance: Random) -> tuple[str, str]:
    return title, f"{title}\n\n{text}"


def cut_tail(title: str, text: str, chance: Random) -> tuple[str, str]:
    """Whole sentences are gone, yet most is left; dots may say so."""
    ends = [at + 1 for at, sign in enumerate(text) if sign == "。" and at > len(text) * 0.4]
    return title, text[: chance.choice(ends)] + chance.choice(("", "", "……", "...")) if ends else text


def cut_within(title: str, text: str, chance: Random) -> tuple[str, str]:
    return title, text[: chance.randint(len(text) * 2 // 3, len(text) - 2)] + chance.choice(("…", "...", "……"))


def wrapped(title: str, text: str, chance: Random) -> tuple[str, str]:
    """Lines of one width, numbers broken too."""
    width = chance.randint(17, 42)
    lines = [line[at : at + width] for line in text.split("\n") for at in range(0, len(line), width)]
    return title, "\n".join(lines)


def unwrapped(title: str, text: str, chance: Random) -> tuple[str, str]:
    return title, text.replace("\n", chance.choice(("", " ", "\n\n", "\n　　")))


def wide(title: str, text: str, chance: Random) -> tuple[str, str]:
    """Letters and digits full width."""
    table = {ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ%-"}
    return title.translate(table), text.translate(table)


def narrow(title: str, text: str, chance: Random) -> tuple[str, str]:
    """Punctuation half width."""
    return title, text.translate(str.maketrans("，：；（）", ",:;()"))


def spaced(title: str, text: str, chance: Random) -> tuple[str, str]:
    """Blanks around numbers, and at each paragraph's beginning."""
    import re

    return title, "　　" + re.sub(r"(?<=[一-龥])(?=[0-9])|(?<=[0-9])(?=[一-龥])", " ", text)


def other_quotes(title: str, text: str, chance: Random) -> tuple[str, str]:
    return title, text.translate(str.maketrans("“”", "「」"))


def traditional(title: str, text: str, chance: Random) -> tuple[str, str]:
    table = str.maketrans("银贷发额据国业务办额资产农张东", "銀貸發額據國業務辦額資產農張東")
    return title, text.translate(table)


def thousands(title: str, text: str, chance: Random) -> tuple[str, str]:
    return title, text.replace("8000万", "8,000万").replace("3200万", "3,200万")


CHANGES: tuple[Change, ...] = (  # in the order in which they befall a text
    cut_tail, cut_within, thousands, dateline, other_quotes, traditional, wide, narrow, unwrapped, wrapped, spaced,
    headline_once_more, another_byline, another_headline, headline_with_site, furniture,
)  # fmt: skip
SHORT = ("简讯",)  # what is told in one sentence has no tail to be cut, and a headline of its own says too much


def reprints(seed: int = 4, each: int = 2) -> Iterator[tuple[str, tuple[str, str], tuple[str, str]]]:
    """What was done, the first article, its reprint: each template with each change, and with two and three of them."""
    chance = Random(seed)
    for template in TEMPLATES:
        first = template.filled()
        # a text that leaves it to its headline to say whom it is about cannot be known under another
        leans = template.title.startswith(("{short}：", "{firm}：")) or template.title in SHORT
        fit = [one for one in CHANGES if not (leans and one in (another_headline, cut_tail, cut_within))]
        for size in (1, 2, 3):
            for chosen in [[one] for one in fit] if size == 1 else [chance.sample(fit, size) for _ in range(8 * each)]:
                again = first
                for change in sorted(chosen, key=CHANGES.index):
                    again = change(*again, chance)
                if again != first:
                    yield " + ".join(one.__name__ for one in chosen), first, again
