"""Where names and branches say that an event is at home."""

import pytest

from core import regions


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("江苏省", ("江苏",)),
        ("苏州", ("江苏", "苏州")),
        ("苏州市", ("江苏", "苏州")),
        ("昆山", ("江苏", "苏州")),
        ("上海", ("上海",)),
        ("浦东新区", ("上海",)),
        ("内蒙", ("内蒙古",)),
        ("吉林", ("吉林",)),  # the province, which is the greater of the two
        ("吉林市", ("吉林", "吉林市")),
        ("全国", None),
        ("鼓楼区", None),  # many cities have one
    ],
)
def test_a_place_is_known_by_each_of_its_spellings(name: str, region: tuple[str, ...] | None) -> None:
    assert regions.lookup(name) == region


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("苏州明样机器人股份有限公司", ("江苏", "苏州")),
        ("明样机器人（杭州）有限公司", ("浙江", "杭州")),
        ("浙江杭州明样科技", ("浙江", "杭州")),
        ("东方明样电气", None),  # 东方 is a city of Hainan, and mostly is not meant
        ("东方市明样渔业", ("海南",)),
        ("明样科技苏州", None),
        ("中国明样", None),
    ],
)
def test_a_firm_is_where_its_name_begins(name: str, region: tuple[str, ...] | None) -> None:
    assert regions.of_name(name) == region


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("苏州分行", ("江苏", "苏州")),
        ("浙江省分行", ("浙江",)),
        ("浙江自贸试验区杭州片区支行", ("浙江", "杭州")),
        ("昆山支行", ("江苏", "苏州")),
        ("白银分行", ("甘肃", "白银")),  # where a place is told, an everyday word is one
        ("深圳分行南山支行", ("广东", "深圳")),
        ("一家苏州半导体企业", ("江苏", "苏州")),
        ("科技支行", None),
    ],
)
def test_a_branch_is_where_its_name_tells(text: str, region: tuple[str, ...] | None) -> None:
    assert regions.within(text) == region


@pytest.mark.parametrize(
    ("told", "region"),
    [
        ({"firms": ["苏州明样机器人"], "firm_region": "江苏"}, ("江苏", "苏州")),
        ({"firms": ["苏州明样机器人"], "firm_region": "上海"}, ("上海",)),  # a register knows better than a name
        ({"firms": ["明样机器人", "苏州明样机器人"]}, ("江苏", "苏州")),
        ({"firms": ["明样机器人"], "told": ["无锡分行"]}, ("江苏", "无锡")),
        ({"told": [None, "一家宁波企业"], "bank": "杭州"}, ("浙江", "宁波")),
        ({"told": ["科技支行"], "bank": "浙江"}, ("浙江",)),
        ({"bank": "全国"}, ()),
        ({}, ()),
    ],
)
def test_an_event_is_at_home_where_its_firm_is_else_where_its_bank_does_it(
    told: dict[str, object], region: tuple[str, ...]
) -> None:
    nothing: dict[str, object] = {"firms": [], "firm_region": None, "told": [], "bank": None}
    assert regions.of_event(**(nothing | told)) == region  # type: ignore[arg-type]


def test_all_provinces_are_known_each_before_its_cities() -> None:
    known = regions.known()
    assert len([path for path in known if len(path) == 1]) == 34
    assert known.index(("江苏",)) < known.index(("江苏", "苏州"))
