"""The sample pages of the PDF reader, set by `python -m tests.ingest.press.pages` into tests/ingest/samples/pdf.

The fonts are Debian's: fonts-arphic-uming, fonts-arphic-ukai and fonts-wqy-microhei. Only the PDFs' making needs them.
"""

import json
from collections.abc import Callable
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.ingest.press.setting import Faces, around, balanced, columns, head, put_story
from tests.ingest.press.sheet import Frame, Sheet, Type
from tests.ingest.press.stories import Story, read_stories

SAMPLES = Path(__file__).parents[1] / "samples" / "pdf"
FACES = Faces("song", "hei", "kai")
BODY = Type("song", 10, 14)
STORIES = read_stories()
PAPER, DATE = "样例日报", "2026年3月15日 星期日"
Told = list[Story]


def masthead(sheet: Sheet, label: str, section: str, *, rule: bool = True) -> float:
    sheet.line(40, 30, label, "hei", 20)
    sheet.line(110, 34, section, "hei", 15)
    sheet.line(sheet.width - 190, 30, PAPER, "kai", 14)
    sheet.line(sheet.width - 190, 48, DATE, "song", 8.5)
    sheet.line(sheet.width - 420, 40, "责任编辑 顾一苇 美编 方圆 校对 赵青", "song", 8)
    if rule:
        sheet.rule(40, 62, sheet.width - 40, 62, 1)
    return 76


def banner(canvas: Canvas) -> Told:
    """Five columns; a banner over all of them, a picture with its caption amid the text, two stories below."""
    sheet = Sheet(canvas, 1000, 1400)
    canvas.setPageSize((1000, 1400))
    top = masthead(sheet, "A01", "要闻")
    lead, left_story, right_story = STORIES["chips"], STORIES["robots"], STORIES["heat"]
    more = [STORIES["bonds"], STORIES["notice"]]
    top = head(sheet, lead, 40, top, 920, FACES, 46)
    kind = Type("song", 15, 21)
    hole = Frame(228, top + 4 * 21, 356, top + 14 * 21)

    def frames(deep: float) -> list[Frame]:
        return around(columns(40, 920, 5, 20, top, top + deep), hole)

    depth = balanced(lead.paragraphs, frames, kind)
    assert not sheet.flow(lead.paragraphs, frames(depth), kind, "hei")
    sheet.picture(228, hole.top + 4, 584, hole.bottom - 28)
    sheet.line(232, hole.bottom - 23, lead.caption, "kai", 11)
    top += depth + 14
    sheet.rule(40, top, 960, top)
    end = put_story(sheet, left_story, FACES, kind, left=40, top=top + 14, width=544, count=3, gutter=20, size=34)
    sheet.rule(594, top + 6, 594, end)
    put_story(sheet, right_story, FACES, kind, left=604, top=top + 14, width=356, count=2, gutter=20, size=32)
    top = end + 16
    sheet.rule(40, top, 960, top)
    for at, story in enumerate(more):
        put_story(sheet, story, FACES, kind, left=40 + at * 470, top=top + 14, width=450, count=2, gutter=20, size=32)
    sheet.line(40, 1370, "新闻热线：0500-5550100  邮箱：news@example.cn", "song", 8)
    return [lead, left_story, right_story, *more]


def wrapped(canvas: Canvas) -> Told:
    """Four columns; a story in the shape of an L around a box, columns of another width in the box."""
    sheet = Sheet(canvas, 800, 1130)
    canvas.setPageSize((800, 1130))
    top = masthead(sheet, "A03", "金融")
    lead, boxed, below = STORIES["hydrogen"], STORIES["library"], STORIES["fund"]
    kind = Type("song", 12.5, 18)
    start = head(sheet, lead, 40, top, 350, FACES, 27, centre=False)
    end = put_story(
        sheet, boxed, FACES, Type("kai", 12.5, 19), left=418, top=top + 12, width=330, count=2, gutter=16, size=26
    )
    box = Frame(406, top, 354, end + 10)
    sheet.box(box.left, box.top, box.left + box.width, box.bottom)

    def frames(deep: float) -> list[Frame]:
        low = columns(40, 720, 4, 16, start, start + deep)
        return [*low[:2], *(Frame(one.left, box.bottom + 12, one.width, one.bottom) for one in low[2:])]

    depth = balanced(lead.paragraphs, frames, kind)
    assert not sheet.flow(lead.paragraphs, frames(depth), kind, "hei")
    top = start + depth + 16
    sheet.rule(40, top - 6, 760, top - 6)
    end = put_story(sheet, below, FACES, kind, left=40, top=top, width=720, count=3, gutter=24, size=28)
    side = STORIES["football"]
    sheet.rule(40, end + 14, 760, end + 14)
    top = end + 24
    end = put_story(sheet, side, FACES, kind, left=40, top=top, width=350, count=2, gutter=20, size=26)
    sheet.box(410, top, 760, end, fill=0.9)
    sheet.centred(410, 350, top + 40, "样例银行　陪您每一步", "hei", 30)
    sheet.centred(410, 350, top + 90, "客服热线 95000", "hei", 14)
    return [lead, boxed, below, side]


def pictured(canvas: Canvas) -> Told:
    """Three columns and two narrower ones; a picture over two columns, short news one below the other."""
    sheet = Sheet(canvas, 900, 1200)
    canvas.setPageSize((900, 1200))
    top = masthead(sheet, "B02", "产经", rule=False)
    lead = STORIES["lease"]
    start = head(sheet, lead, 40, top, 560, FACES, 38)
    kind = Type("song", 13, 19)
    hole = Frame(40, start + 5 * 19, 366, start + 13 * 19)

    def frames(deep: float) -> list[Frame]:
        return around(columns(40, 560, 3, 22, start, start + deep), hole)

    depth = balanced(lead.paragraphs, frames, kind)
    assert not sheet.flow(lead.paragraphs, frames(depth), kind)
    sheet.picture(40, hole.top + 6, 40 + 366, hole.bottom - 26)
    sheet.line(40, hole.bottom - 21, lead.caption, "hei", 10)
    side = [STORIES[name] for name in ("cards", "museum", "metro")]
    at = top
    for story in side:
        at = put_story(sheet, story, FACES, kind, left=630, top=at, width=230, count=1, gutter=0, size=20) + 24
    at = start + depth + 34
    end = put_story(sheet, STORIES["bonds"], FACES, kind, left=40, top=at, width=560, count=2, gutter=22, size=28)
    sheet.line(40, end + 30, "本版责编 顾一苇　版式 方圆", "song", 8)
    return [lead, *side, STORIES["bonds"]]


def vertical(canvas: Canvas) -> Told:
    """Five columns; a vertical headline, a bold one drawn twice, a text nobody sees, credits set sideways."""
    sheet = Sheet(canvas, 840, 1180)
    canvas.setPageSize((840, 1180))
    top = masthead(sheet, "A05", "科创")
    lead, second, third = STORIES["satellite"], STORIES["quantum"], STORIES["football"]
    sheet.stacked(124, top, lead.kicker, "song", 15, 1.2)
    for at, line in enumerate(lead.headline):
        sheet.stacked(82 - at * 38, top, line, "hei", 30)
    sheet.line(160, top, lead.byline, "kai", 11)
    kind = Type("song", 13, 19)

    def frames(deep: float) -> list[Frame]:
        return columns(160, 640, 4, 18, top + 22, top + 22 + deep)

    depth = balanced(lead.paragraphs, frames, kind)
    assert not sheet.flow(lead.paragraphs, frames(depth), kind)
    at = top + 22 + max(depth, 300) + 20
    sheet.rule(40, at - 8, 800, at - 8)
    for shift in (0, 0.4):
        sheet.centred(40 + shift, 370, at, second.headline[0], "hei", 24)
    sheet.line(150, at + 34, second.byline, "kai", 11)
    low = columns(40, 370, 2, 18, at + 54, at + 54 + 600)
    depth = balanced(
        second.paragraphs, lambda deep: [Frame(one.left, one.top, one.width, one.top + deep) for one in low], kind
    )
    assert not sheet.flow(
        second.paragraphs, [Frame(one.left, one.top, one.width, one.top + depth) for one in low], kind
    )
    put_story(sheet, third, FACES, kind, left=430, top=at, width=370, count=2, gutter=18, size=26, centre=False)
    sheet.line(200, at + 120, "此处原有一段看不见的文字，样例银行贷款999亿元。", "song", 9.5, mode=3)
    canvas.saveState()
    canvas.translate(822, sheet.height - 900)
    canvas.rotate(90)
    canvas.setFont("song", 8)
    canvas.drawString(0, 0, "本版制图 方圆")
    canvas.restoreState()
    return [lead, second, third]


def jump(canvas: Canvas) -> Told:
    """Two pages: a story goes on on the next one."""
    kind = Type("song", 14, 20)
    lead, second, third, fourth = (STORIES[name] for name in ("medicine", "farm", "blood", "notice"))
    sheet = Sheet(canvas, 700, 900)
    canvas.setPageSize((700, 900))
    top = masthead(sheet, "A01", "要闻")
    start = head(sheet, lead, 40, top, 620, FACES, 34)
    deep = 8 * 20
    rest = sheet.flow(lead.paragraphs, columns(40, 620, 3, 20, start, start + deep), kind)
    assert rest
    sheet.line(580, start + deep + 2, "（下转A02版）", "kai", 11)
    at = start + deep + 48
    sheet.rule(40, at - 10, 660, at - 10)
    put_story(sheet, second, FACES, kind, left=40, top=at, width=300, count=2, gutter=20, size=22)
    put_story(sheet, third, FACES, kind, left=360, top=at, width=300, count=2, gutter=20, size=22)
    canvas.showPage()
    sheet = Sheet(canvas, 700, 900)
    top = masthead(sheet, "A02", "综合")
    sheet.line(40, top, "（上接A01版）", "kai", 11)
    depth = balanced(rest, lambda deep: columns(40, 620, 4, 20, top + 18, top + 18 + deep), kind)
    assert not sheet.flow(rest, columns(40, 620, 4, 20, top + 18, top + 18 + depth), kind)
    at = top + 18 + depth + 30
    sheet.rule(40, at - 12, 660, at - 12)
    put_story(sheet, fourth, FACES, kind, left=40, top=at, width=620, count=2, gutter=20, size=26)
    return [lead, second, third, fourth]


REPORT = Story(
    "report",
    headline=["样例银行股份有限公司关于支持先进制造业的专项报告"],
    paragraphs=[
        f"{number.replace('2025', year)}本行与{firm}签订借款合同，金额{amount}万元，期限{term}个月，用于{use}。"
        f"截至报告期末，该笔贷款已经发放{share}%，"
        f"担保方式为{pledge}。借款人经营正常，按期付息，未发生展期、欠息或者其他需要披露的事项，本行按季对其经营情况和项目进度进行贷后检查。"
        for year in ("2024", "2025")
        for number, firm, amount, term, use, share, pledge in [
            ("2025年3月，", "启明轴承有限公司", "1250", "24", "购置磨床", "100", "设备抵押"),
            ("2025年4月，", "朔方电机股份有限公司", "8600", "60", "建设新能源汽车驱动电机产线", "72.5", "保证"),
            ("2025年6月，", "流光传感技术有限公司", "300", "12", "补充流动资金", "100", "信用"),
            ("2025年9月，", "海若海洋装备有限公司", "15000", "84", "建造深远海养殖工船", "40", "在建船舶抵押"),
            ("2025年10月，", "重山锻造有限公司", "2100", "36", "节能改造", "65", "排污权质押"),
            ("2025年11月，", "苍穹复材科技有限公司", "4700", "48", "扩建碳纤维预浸料生产线", "88.2", "知识产权质押"),
            ("2025年12月，", "微澜仪器有限公司", "680", "18", "研发高分辨率质谱仪", "100", "应收账款质押"),
        ]
    ],
)


def report(canvas: Canvas) -> Told:
    """A4, one column, four pages: running heads, page numbers, headings inside the text."""
    kind = Type("song", 12, 22)
    told = list(REPORT.paragraphs)
    told[2:2] = ["## 一、重点项目"]
    told[6:6] = ["## 二、其他事项"]
    rest = list(told)
    number, top = 1, 150
    canvas.setPageSize((595, 842))
    sheet = Sheet(canvas, 595, 842)
    sheet.centred(80, 435, 100, REPORT.headline[0], "hei", 17)
    while rest:
        sheet.line(80, 40, "样例银行股份有限公司", "kai", 9)
        sheet.line(440, 40, "专项报告", "kai", 9)
        sheet.rule(80, 54, 515, 54)
        sheet.centred(80, 435, 790, f"— {number} —", "song", 9)
        rest = sheet.flow(rest, [Frame(80, top, 435, 770)], kind, "hei")
        canvas.showPage()
        number, top = number + 1, 80
    REPORT.paragraphs = told
    return [REPORT]


PAGES: dict[str, Callable[[Canvas], Told]] = {
    one.__name__: one for one in (banner, wrapped, pictured, vertical, jump, report)
}


def register() -> None:
    for name, path in (("song", "arphic/uming.ttc"), ("hei", "wqy/wqy-microhei.ttc"), ("kai", "arphic/ukai.ttc")):
        pdfmetrics.registerFont(TTFont(name, f"/usr/share/fonts/truetype/{path}", subfontIndex=0))


def main() -> None:
    register()
    SAMPLES.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        canvas = Canvas(str(SAMPLES / f"{name}.pdf"), invariant=1)
        stories = make(canvas)
        canvas.save()
        told = [{"title": one.title, "author": one.byline, "paragraphs": one.told} for one in stories]
        (SAMPLES / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
