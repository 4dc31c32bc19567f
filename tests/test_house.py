"""What is written beside the code says what the code does: settings, targets, versions, limits."""

import re
import subprocess
from pathlib import Path

import pytest

from core.celery_app import app
from core.settings import Settings

ROOT = Path(__file__).parent.parent
DOCKER_ONLY = {"YINQI_IMAGE", "YINQI_REDIS_IMAGE", "YINQI_MAILPIT_PORT"}
SET_BY_THE_IMAGE = {"YINQI_SECRETS_DIR", "YINQI_HEARTBEAT_FOLDER"}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def shown(default: object) -> str:
    """A default as one writes it into a variable."""
    if default in (None, "", ()):
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)


SETTINGS = {f"YINQI_{name.upper()}": field for name, field in Settings.model_fields.items()}


def tracked() -> list[str]:
    try:
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_every_setting_stands_in_the_docs_with_its_default_and_meaning() -> None:
    rows = re.findall(r"^\| `(YINQI_\w+)` \| (?:`(.*?)`)? *\| (.+) \|$", read("docs/settings.md"), re.MULTILINE)
    told = {name: (default, meaning) for name, default, meaning in rows}
    assert set(told) == set(SETTINGS) | DOCKER_ONLY | SET_BY_THE_IMAGE
    for name, field in SETTINGS.items():
        assert told[name] == (shown(field.default), field.description), name


def test_every_setting_stands_in_the_example_with_its_default() -> None:
    told = dict(re.findall(r"^# (YINQI_\w+)=(.*)$", read(".env.example"), re.MULTILINE))
    assert set(told) == set(SETTINGS) | DOCKER_ONLY
    for name, field in SETTINGS.items():
        assert told[name] == shown(field.default), name


def test_the_example_changes_nothing_when_copied_as_it_is() -> None:
    assert not [line for line in read(".env.example").splitlines() if line and not line.startswith("#")]


def test_every_target_of_make_describes_itself() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", read("Makefile"), re.MULTILINE))
    described = set(re.findall(r"^([a-z][a-z-]*):.*## \S", read("Makefile"), re.MULTILINE))
    phony = set(re.search(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE)[1].split())  # type: ignore[index]
    assert targets == described == phony
    assert {"setup", "up", "demo", "test", "lint", "types", "layers", "score", "bench", "chaos"} <= targets
    assert {"compose-smoke", "check"} <= targets


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", ".ci/run"])
def test_every_make_command_that_is_told_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", read("Makefile"), re.MULTILINE))
    told = set(re.findall(r"(?:^\s*|`|step [\w-]+ (?:timeout [-\w ]+ )?)make ([a-z][a-z-]*)", read(page), re.MULTILINE))
    assert told <= targets


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert "make test" in read("README.md")
    assert "make demo" in read("README.md")
    assert "make test" in read(".ci/run")
    assert "make demo ARGS=--once" in read(".ci/run")


def test_one_version_of_uv_is_pinned_everywhere() -> None:
    in_setup = re.search(r"^UV_VERSION=([\d.]+)", read(".ci/setup"), re.MULTILINE)
    in_image = re.search(r"pip install uv==([\d.]+)", read("Dockerfile"))
    assert in_setup and in_image and in_setup[1] == in_image[1]


def test_a_container_outlives_the_soft_shutdown_of_its_worker() -> None:
    service = read("docker-compose.yml").split("x-service:")[1]
    grace = re.search(r"stop_grace_period: (\d+)s", service)
    assert grace and int(grace[1]) > app.conf.worker_soft_shutdown_timeout + 10


def test_no_file_but_the_lock_names_a_package_registry() -> None:
    named = re.compile(r"(?:pypi|pythonhosted)\.org|registry\.npmjs|crates\.io|docker\.io")
    own = "tests/test_house.py"
    found = [name for name in tracked() if name not in ("uv.lock", own) and named.search(_text(name))]
    assert found == []


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    code = [
        name
        for name in tracked()
        if re.match(r"(core|seeds|ingest|extractor|alerts|api|cli|yinqi|bench|train|tests)/.*\.py$", name)
    ]
    lengths = {name: len(_text(name).splitlines()) for name in code if "/migrations/" not in name}
    assert {name: length for name, length in lengths.items() if length > 300} == {}


def _text(name: str) -> str:
    return (ROOT / name).read_bytes().decode(errors="replace")
