"""Check uv.lock: every run-time package comes as a wheel for each Python and platform that README promises.

A package without a wheel would be built on the user's machine, which then needs a compiler.
Run-time packages are what `make demo` and the image install: the default dependencies and the group `embedded`.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import parse_wheel_filename

ROOT = Path(__file__).parent.parent
GROUP = "embedded"
PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14))
# glibc 2.28 (Debian 10, RHEL 8) is the oldest that the locked wheels are asked to run on; macOS 14 likewise
GLIBC = 28
MACOS = (14, 0)
PLATFORMS = {
    "Linux x86_64": {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    "Linux aarch64": {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "aarch64"},
    "macOS arm64": {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
}
SDIST_ONLY = {"jieba": "pure Python, published as a source archive only; setuptools builds it without a compiler"}


def platforms(name: str) -> list[str]:
    """The platform tags that wheels for `name` may carry, best first."""
    machine = PLATFORMS[name]["platform_machine"]
    if name.startswith("macOS"):
        return list(mac_platforms(MACOS, machine))
    legacy = {"manylinux2014": 17, "manylinux2010": 12, "manylinux1": 5}
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC, 4, -1)]
    return [*tags, *(f"{tag}_{machine}" for tag in legacy), f"linux_{machine}"]


def accepted(python: tuple[int, int], name: str) -> set[Tag]:
    """Every wheel tag that this Python takes on this platform."""
    found = platforms(name)
    own = cpython_tags(python, platforms=found)
    shared = compatible_tags(python, interpreter=f"cp{python[0]}{python[1]}", platforms=found)
    return {*own, *shared}


def environment(python: tuple[int, int], name: str) -> dict[str, str]:
    """The marker environment (PEP 508) of this Python on this platform."""
    version = f"{python[0]}.{python[1]}"
    return {
        **PLATFORMS[name],
        "python_version": version,
        "python_full_version": f"{version}.9",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "os_name": "posix",
        "extra": "",
    }


def closure(packages: list[dict[str, Any]], where: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The packages that are installed at run time in that environment, each once."""
    root = next(package for package in packages if "editable" in package["source"])
    waiting = [*root["dependencies"], *root["dev-dependencies"][GROUP]]
    seen: set[str] = set()
    done: set[str] = set()
    while waiting:
        wanted = waiting.pop()
        if "marker" in wanted and not Marker(wanted["marker"]).evaluate(where):
            continue
        package = chosen(packages, wanted, where)
        extras = wanted.get("extra", ())
        keys = {package["name"], *(f"{package['name']}[{extra}]" for extra in extras)} - seen
        if not keys:
            continue
        seen |= keys
        waiting += package.get("dependencies", [])
        for extra in extras:
            waiting += package.get("optional-dependencies", {}).get(extra, [])
        if package["name"] not in done:
            done.add(package["name"])
            yield package


def chosen(packages: list[dict[str, Any]], wanted: dict[str, Any], where: dict[str, str]) -> dict[str, Any]:
    """The locked package that `wanted` names; one name may be locked in several versions for several Pythons."""
    for package in packages:
        if package["name"] != wanted["name"] or package["version"] != wanted.get("version", package["version"]):
            continue
        markers = package.get("resolution-markers")
        if markers is None or any(Marker(marker).evaluate(where) for marker in markers):
            return package
    raise SystemExit(f"uv.lock names {wanted['name']} but holds no version of it for {where}")


def has_wheel(package: dict[str, Any], tags: set[Tag]) -> bool:
    """Is one of the package's locked wheels among those tags?"""
    names = (wheel["url"].rsplit("/", 1)[-1] for wheel in package.get("wheels", ()))
    return any(parse_wheel_filename(name)[3] & tags for name in names)


def main() -> int:
    """Print what is missing; 0 where nothing is."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    missing, seen = [], set()
    for python in PYTHONS:
        for name in PLATFORMS:
            tags = accepted(python, name)
            for package in closure(packages, environment(python, name)):
                seen.add(package["name"])
                if package["name"] not in SDIST_ONLY and not has_wheel(package, tags):
                    told = f"{package['name']} {package['version']}"
                    missing.append(f"{told}: no wheel for Python {python[0]}.{python[1]} on {name}")
    for line in missing:
        print(line)
    unneeded = [name for name in SDIST_ONLY if name not in seen]
    for name in unneeded:
        print(f"{name} is listed as an exception but is no run-time package any more")
    print(
        f"wheels: {len(seen)} run-time packages x {len(PYTHONS)} Pythons x {len(PLATFORMS)} platforms, "
        f"{len(missing)} missing; from source: {', '.join(f'{k} ({v})' for k, v in SDIST_ONLY.items())}"
    )
    return 1 if missing or unneeded else 0


if __name__ == "__main__":
    sys.exit(main())
