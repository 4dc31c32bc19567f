"""The small words around a name or a sum that tell its part in a grant, as patterns."""

import re

TO = re.compile(
    r"(?:向|为|给|对|给予|借给|贷给|放给|投给|发给|批给|支持|助力|帮助|帮|替|服务|携手|与|和|同|跟|予|授予|借予|看中|选中|挑中)(?:[一-龥]{0,4}(?:企业|公司|客户))?\Z"
)
"""Before a borrower."""

GETS = re.compile(
    r"(?:\([^)]{0,20}\))?(?:已|也|便|就|还|又|近日|日前|成功|顺利|很快|从|昨日|今日|公告|拟|此前|随后|于[^，。]{1,12}?|[^，。]{0,6}?)?(?:获|得到|拿到|收到|取得|借|贷|签|向|申请|与|和|融)"
)
"""After a borrower."""

GUARANTEE = re.compile(
    r"(?:为其|为上述|对此|为该笔|将)?(?:提供)?(?:连带责任|全额|保证|反)?(?:担保|保证|作保|的股权|\d+%股权|[\d.]+%的?股|股权|的控股权)"
)
"""After a firm that vouches, or whose shares are bought: no borrower."""

LENDS = re.compile(r"(?:由|收购|持有|购买|买下|并购|推荐|采购|质押|母公司|供货商|下游|上游|控股股东)\Z")
"""Before a firm that is no borrower."""

TRANCHE = re.compile(
    r"首期|首批|首笔(?!贷款|信贷|融资)|首次|先放|先期|头一笔|第一笔|已放|已提|已经放|已投放|首提|已到账|累计放|陆续放|当年底之前"
)
"""Before the first drawing of a larger sum."""

ALIGNED = re.compile(r"分别|依次|各自|前者")
"""Says that lists in a sentence run in one order."""
