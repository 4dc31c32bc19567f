import pytest

from extractor.places import place_before, place_begins


@pytest.mark.parametrize(
    ("text", "at", "size"),
    [("西安澄砺集团", 2, 2), ("走进石家庄澄砺", 5, 3), ("西安澄砺集团", 4, 0), ("安澄砺", 1, 0), ("", 0, 0)],
)
def test_a_place_before_a_position_is_measured(text: str, at: int, size: int) -> None:
    assert place_before(text, at) == size


@pytest.mark.parametrize(("text", "at", "told"), [("位于石家庄", 2, True), ("位于石家庄", 0, False), ("西", 0, False)])
def test_a_place_begins_at_its_first_sign(text: str, at: int, told: bool) -> None:
    assert place_begins(text, at) is told
