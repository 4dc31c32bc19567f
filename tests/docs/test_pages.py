"""The pages hold together: no link is dead, and the Chinese README has what the English one has."""

import subprocess

import pytest

from tests.docs import pages
from tests.docs.pages import ROOT

NOT_PAGES = ("seeds/data/samples/", "tests/")


def _tracked() -> list[str]:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "*.md"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return [*(path.name for path in ROOT.glob("*.md")), *(f"docs/{path.name}" for path in ROOT.glob("docs/*.md"))]
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize(
    "page", [name for name in _tracked() if not name.startswith(("seeds/data/samples/", "tests/"))]
)
def test_no_link_is_dead(page: str) -> None:
    dead = [link for link in pages.links(page) if not _leads_somewhere(page, link)]
    assert dead == []


def _leads_somewhere(page: str, link: str) -> bool:
    if link.startswith(("http://", "https://", "mailto:")):
        return True
    path, _, anchor = link.partition("#")
    target = (ROOT / page).parent / path if path else ROOT / page
    if not target.exists():
        return False
    if not anchor:
        return True
    name = target.resolve().relative_to(ROOT.resolve()).as_posix()
    return anchor in {heading.anchor for heading in pages.headings(name)}


def test_the_chinese_readme_has_every_section_of_the_english_one() -> None:
    english, chinese = (pages.headings(name) for name in ("README.md", "README.zh-CN.md"))
    assert [one.level for one in english] == [one.level for one in chinese]
    assert len({one.text for one in chinese}) == len(chinese)


def test_both_readmes_show_the_same_commands_and_link_to_the_same_pages() -> None:
    for language in ("sh", "json"):
        english, chinese = (
            [_commands(code) for code in pages.fences(pages.read(name), language)]
            for name in ("README.md", "README.zh-CN.md")
        )
        assert english == chinese
    assert set(pages.links("README.md")) - {"README.zh-CN.md"} == set(pages.links("README.zh-CN.md")) - {"README.md"}


def _commands(code: str) -> list[str]:
    """The lines without their comments, which are in the page's language."""
    return [line.partition("   #")[0].rstrip() for line in code.splitlines()]


@pytest.mark.parametrize("folder", ["docs"])
def test_the_readme_leads_to_every_page(folder: str) -> None:
    there = {f"{folder}/{path.name}" for path in (ROOT / folder).glob("*.md")}
    assert there <= {link.partition("#")[0] for link in pages.links("README.md")}
