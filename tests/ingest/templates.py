"""Texts as banks' press offices and listed firms write them by the dozen: only what stands in braces changes.

Each is a headline and a text, and the values of its gaps; the invented banks and firms are told of nowhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass

FIRM, BANK, BRANCH = "青禾智造科技有限公司", "样例银行", "云州分行"


@dataclass(frozen=True)
class Template:
    """A headline and a text with gaps, and what stands in them."""

    title: str
    text: str
    gaps: dict[str, str]

    def filled(self, **other: str) -> tuple[str, str]:
        """Headline and text, with `other` values in some gaps."""
        gaps = self.gaps | other
        return self.title.format(**gaps), self.text.format(**gaps)


def _gaps(**more: str) -> dict[str, str]:
    return {"firm": FIRM, "bank": BANK, "branch": BRANCH, "amount": "8000万元", "day": "2026年3月12日"} | more


TEMPLATES = [
    Template(
        "{firm}关于向{bank}申请授信的公告",
        "本公司董事会及全体董事保证公告内容真实、准确、完整，并对此承担责任。\n"
        "{firm}于{day}召开董事会会议，审议通过了向{bank}申请综合授信的议案。\n"
        "公司拟向{bank}{branch}申请总额不超过{amount}的综合授信，期限{term}，年利率{rate}。\n"
        "上述授信用于补充流动资金，实际用款以双方签署的合同为准。敬请投资者注意风险。\n{firm}董事会\n{day}",
        _gaps(term="12个月", rate="3.45%"),
    ),
    Template(
        "{bank}{branch}为科技企业送去及时雨",
        "本报讯（记者 林夏）日前，{bank}{branch}向{firm}发放贷款{amount}，帮助企业扩建产线。\n"
        "“从递交材料到放款只用了{days}天。”企业负责人{person}说，这笔钱解了燃眉之急。\n"
        "今年以来，{branch}已为{count}家企业办理同类业务，累计投放{total}。",
        _gaps(days="5", person="高远", count="126", total="12.6亿元"),
    ),
    Template(
        "{firm}：获得银行授信",
        "公司于{day}与{bank}{branch}签订授信协议，授信额度{amount}，有效期{term}，担保方式为{pledge}。",
        _gaps(term="三年", pledge="专利权质押"),
    ),
    Template(
        "{short}：子公司取得贷款{amount}",
        "公司于近日收到通知，子公司取得银行贷款，资金已经到账，将用于{use}。此次贷款不构成关联交易，无需提交股东会审议。",
        {"short": "青禾智造", "amount": "3200万元", "use": "研发中心建设"},
    ),
    Template(
        "{bank}知识产权质押贷款落地",
        "{month}，{bank}{branch}以{patents}件发明专利为质押，向{firm}发放{amount}流动资金贷款。这是{city}首笔此类业务。\n"
        "据介绍，贷款利率较同期市场报价利率下浮{points}个基点，每年可为企业节省利息{saved}。",
        _gaps(month="3月", patents="7", city="云州", points="35", saved="42万元"),
    ),
    Template(
        "云州举行银企对接会",
        "{day}，云州市举行科技金融对接会。会上签约如下：\n"
        "{bank}与{firm}签约{amount}；\n海曲银行与{other}签约{second}；\n南屏农商银行与{third}签约1500万元。\n"
        "下一步，云州将每季度举办一次对接会。",
        _gaps(other="澄湖量子技术有限公司", second="1.2亿元", third="远帆生物医药有限公司"),
    ),
    Template(
        "“科创贷”助企业加速跑",
        "{firm}是云州一家生产伺服电机的企业，年产值{output}。受订单增加影响，企业流动资金一度吃紧。\n"
        "得知情况后，{bank}{branch}客户经理{person}上门走访，为企业量身定制方案，{days}个工作日内发放“科创贷”{amount}，期限{term}。\n"
        "截至{month}末，该行科技贷款余额{total}，较年初增长{growth}。",
        _gaps(output="2.3亿元", person="宋嘉", days="3", term="2年", month="2月", total="87.5亿元", growth="11.3%"),
    ),
    Template(
        "关于为子公司提供担保的进展公告",
        "一、担保情况概述\n{firm}为子公司在{bank}{branch}的借款提供连带责任保证，担保金额{amount}，保证期间为{term}。\n"
        "二、累计对外担保\n截至{day}，公司累计对外担保余额{total}，占最近一期经审计净资产的{share}，无逾期担保。\n"
        "三、备查文件\n保证合同（编号：{contract}）。",
        _gaps(term="主债务履行期届满之日起三年", total="4.56亿元", share="23.17%", contract="YZ2026-0312"),
    ),
    Template(
        "云州科创债券成功发行",
        "{firm}{year}年度第{issue}期科技创新债券于{day}发行，规模{amount}，票面利率{rate}，期限{term}，由{bank}主承销。",
        _gaps(year="2026", issue="二", rate="2.18%", term="270天"),
    ),
    Template(
        "金融活水浇灌专精特新",
        "记者从{bank}{branch}了解到，该行近期为{firm}办理了{kind}业务，金额{amount}。\n"
        "在{county}，像这样的企业还有{count}家。该行行长{person}表示，今年将新增科技信贷{total}以上。",
        _gaps(kind="应收账款质押融资", county="云东县", count="31", person="陆宁", total="20亿元"),
    ),
    Template(
        "简讯",
        "{bank}{branch}{day}向{firm}发放信用贷款{amount}。",
        _gaps(),
    ),
    Template(
        "融资租赁助力产线升级",
        "样例金融租赁与{firm}签署售后回租合同，标的为{count}台{machine}，融资额{amount}，租期{term}，首期租金{first}于{day}支付。\n"
        "该项目由{bank}{branch}推荐。",
        _gaps(count="14", machine="五轴加工中心", term="36个月", first="210.5万元"),
    ),
]

_OTHER = {
    "0": "1", "1": "7", "2": "3", "3": "8", "4": "1", "5": "6", "6": "9", "7": "1", "8": "3", "9": "0",
    "万": "亿", "亿": "万", "三": "五", "二": "三", "年": "月", "月": "年", "天": "月",
}  # fmt: skip


def changed(value: str) -> Iterator[str]:
    """`value` with one sign made another, doubled or left out, at each place."""
    for place, sign in enumerate(value):
        yield value[:place] + _OTHER.get(sign, "禾" if sign != "禾" else "木") + value[place + 1 :]
        if sign.isalnum():
            yield value[:place] + sign + value[place:]
        if len(value) > 1:
            yield value[:place] + value[place + 1 :]


def pairs() -> Iterator[tuple[str, Template, dict[str, str]]]:
    """Each template with one gap changed by one sign: what was changed, the template, the other value."""
    for number, template in enumerate(TEMPLATES):
        for gap, value in template.gaps.items():
            for other in dict.fromkeys(changed(value)):
                if template.filled(**{gap: other}) != template.filled():  # a template need not use every gap
                    yield f"{number} {gap}: {value} -> {other}", template, {gap: other}
